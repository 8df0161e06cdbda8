import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router'
import { ways } from '#accounts/contract.ts'
import { Failure } from './api.ts'
import { filterOf as runsFilter, viewOf } from './executions/filter.ts'
import { Lost } from './frame/Lost.tsx'
import { meRead } from './frame/me.ts'
import { patiently } from './frame/reach.ts'
import { Trouble } from './frame/Trouble.tsx'
import { Waiting } from './frame/Waiting.tsx'
import { sitePath } from './path.ts'
import { queries, read } from './query.ts'
import { onChange } from './session.ts'
import { filterOf } from './settings/filter.ts'
import { Toasts } from './ui/Toast.tsx'
import { viewOf as workflowsView } from './workflows/view.ts'

/** A screen with a file of its own, fetched when it is first needed. */
const screen: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => patiently(load), name)

const root = createRootRoute({ component: Outlet, notFoundComponent: Lost })

/** Someone who is not signed in is led to the door and afterwards back to where they wanted to go. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: screen(() => import('./frame/Shell.tsx'), 'Shell'),
  beforeLoad: async ({ location }) => {
    try {
      await queries.ensureQueryData(meRead)
    } catch (error) {
      if (error instanceof Failure && error.status === 401)
        throw redirect({ to: '/login', search: location.pathname === '/home' ? {} : { next: location.href } })
      throw error
    }
  },
})

const outside = { getParentRoute: () => root }
const within = { getParentRoute: () => inside }

const start = createRoute({ ...outside, path: '/', beforeLoad: () => Promise.reject(redirect({ to: '/home' })) })

const login = createRoute({
  ...outside,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string; error?: string } => {
    const next = sitePath(search.next)
    return { ...(next ? { next } : {}), ...(typeof search.error === 'string' ? { error: search.error.slice(0, 200) } : {}) }
  },
  beforeLoad: async () => {
    // Nobody can sign in where nobody has an account yet.
    if ((await queries.ensureQueryData(read(ways))).register === 'first') throw redirect({ to: '/register' })
  },
  component: screen(() => import('./door/Login.tsx'), 'Login'),
})
const register = createRoute({
  ...outside,
  path: '/register',
  loader: () => queries.fetchQuery({ ...read(ways), staleTime: 0 }),
  component: screen(() => import('./door/Register.tsx'), 'Register'),
})
const forgot = createRoute({
  ...outside,
  path: '/forgot',
  component: screen(() => import('./door/Forgot.tsx'), 'Forgot'),
})
const reset = createRoute({
  ...outside,
  path: '/reset',
  component: screen(() => import('./door/Reset.tsx'), 'Reset'),
})
const confirm = createRoute({
  ...outside,
  path: '/confirm',
  component: screen(() => import('./door/Confirm.tsx'), 'Confirm'),
})
const invite = createRoute({
  ...outside,
  path: '/invite',
  component: screen(() => import('./door/Invite.tsx'), 'Invite'),
})
const reference = createRoute({
  ...outside,
  path: '/api/docs',
  component: screen(() => import('./reference/Reference.tsx'), 'Reference'),
})
const sharedForm = createRoute({
  ...outside,
  path: '/form/$key',
  component: screen(() => import('./share/Shared.tsx'), 'SharedForm'),
})
const sharedChat = createRoute({
  ...outside,
  path: '/chat/$key',
  component: screen(() => import('./share/Shared.tsx'), 'SharedChat'),
})

const home = createRoute({ ...within, path: '/home', component: screen(() => import('./home/Home.tsx'), 'Home') })
const workflows = createRoute({
  ...within,
  path: '/workflows',
  validateSearch: workflowsView,
  component: screen(() => import('./workflows/Workflows.tsx'), 'Workflows'),
})
const editor = createRoute({
  ...within,
  path: '/workflow/$id',
  component: screen(() => import('./editor/Editor.tsx'), 'Editor'),
})
const executions = createRoute({
  ...within,
  path: '/executions',
  validateSearch: runsFilter,
  component: screen(() => import('./executions/Executions.tsx'), 'Executions'),
})
const execution = createRoute({
  ...within,
  path: '/execution/$id',
  validateSearch: viewOf,
  component: screen(() => import('./executions/Execution.tsx'), 'Execution'),
})
const approvals = createRoute({
  ...within,
  path: '/approvals',
  validateSearch: ({ whose }: Record<string, unknown>): { whose?: 'mine' | 'all' } => (whose === 'all' ? { whose } : {}),
  component: screen(() => import('./approvals/Approvals.tsx'), 'Approvals'),
})
const approval = createRoute({
  ...within,
  path: '/approvals/$id',
  component: screen(() => import('./approvals/Approval.tsx'), 'Approval'),
})
const credentials = createRoute({
  ...within,
  path: '/credentials',
  component: screen(() => import('./credentials/Credentials.tsx'), 'Credentials'),
})
const files = createRoute({
  ...within,
  path: '/files',
  validateSearch: ({ bucket, q }: Record<string, unknown>): { bucket?: 'generated'; q?: string } => ({
    ...(bucket === 'generated' ? { bucket } : {}),
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 200) } : {}),
  }),
  component: screen(() => import('./files/Files.tsx'), 'Files'),
})

const settings = createRoute({
  ...within,
  path: '/settings',
  component: screen(() => import('./settings/Settings.tsx'), 'Settings'),
})
const setting = { getParentRoute: () => settings }
/** Which dialog of a screen is open is part of its address, so that links can lead to it. */
const opens =
  <T extends string>(name: T) =>
  (search: Record<string, unknown>): { open?: T } =>
    search.open === name ? { open: name } : {}

const settingsStart = createRoute({
  ...setting,
  path: '/',
  beforeLoad: () => Promise.reject(redirect({ to: '/settings/profile' })),
})
const profile = createRoute({
  ...setting,
  path: '/profile',
  component: screen(() => import('./settings/Profile.tsx'), 'Profile'),
})
const security = createRoute({
  ...setting,
  path: '/security',
  component: screen(() => import('./settings/Security.tsx'), 'Security'),
})
const workspace = createRoute({
  ...setting,
  path: '/workspace',
  component: screen(() => import('./settings/Workspace.tsx'), 'WorkspaceSettings'),
})
const members = createRoute({
  ...setting,
  path: '/members',
  validateSearch: opens('invite'),
  component: screen(() => import('./settings/Members.tsx'), 'Members'),
})
const keys = createRoute({
  ...setting,
  path: '/keys',
  validateSearch: opens('new'),
  component: screen(() => import('./settings/Keys.tsx'), 'Keys'),
})
const audit = createRoute({
  ...setting,
  path: '/audit',
  validateSearch: filterOf,
  component: screen(() => import('./settings/Audit.tsx'), 'Audit'),
})

const router = createRouter({
  routeTree: root.addChildren([
    start,
    login,
    register,
    forgot,
    reset,
    confirm,
    invite,
    reference,
    sharedForm,
    sharedChat,
    inside.addChildren([
      home,
      workflows,
      editor,
      executions,
      execution,
      approvals,
      approval,
      credentials,
      files,
      settings.addChildren([settingsStart, profile, security, workspace, members, keys, audit]),
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 250,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Trouble,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

onChange({
  leave() {
    const { pathname, href } = router.state.location
    if (pathname === '/login') return
    void router.navigate({ to: '/login', search: { next: href }, replace: true }).then(() => queries.clear())
  },
  lookAgain: () => void queries.invalidateQueries({ queryKey: meRead.queryKey }),
})

/** Every screen, one line each. */
export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={300}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  )
}
