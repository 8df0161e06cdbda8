import { isAPIError } from 'better-auth/api'
import { recordPerson } from '#audit/record.ts'
import type { World } from '#world.ts'

/** The parts of Better Auth's context that are looked at after each of its endpoints. */
type After = {
  path?: string | undefined
  body?: unknown
  headers?: Headers | undefined
  context: {
    returned?: unknown
    newSession?: { user: { id: string; email: string; twoFactorEnabled?: unknown }; session: { id: string } } | null
    session?: { user: { id: string; email: string } } | null
  }
}

/** What the audit log calls what Better Auth's endpoints do. */
const ACTIONS: Record<string, string> = {
  '/sign-in/email': 'session.signed_in',
  '/sign-up/email': 'account.registered',
  '/two-factor/verify-totp': 'session.signed_in',
  '/two-factor/verify-backup-code': 'session.signed_in',
  '/callback/:id': 'session.signed_in',
  '/sign-out': 'session.signed_out',
  '/revoke-session': 'session.revoked',
  '/revoke-sessions': 'session.revoked',
  '/revoke-other-sessions': 'session.revoked',
  '/change-password': 'password.changed',
  '/two-factor/enable': 'two_factor.begun',
  '/two-factor/disable': 'two_factor.disabled',
  '/two-factor/generate-backup-codes': 'two_factor.codes_renewed',
  '/update-user': 'account.renamed',
  '/link-social': 'account.linked',
  '/unlink-account': 'account.unlinked',
}

/** Writes sign-ins, refused ones too, and changes of an account into the audit log, through whichever door they came. */
export async function noteSignIns(world: World, { path = '', body, headers, context }: After): Promise<void> {
  const action = ACTIONS[path]
  if (!action) return
  const refused = isAPIError(context.returned) && !isRedirect(context.returned)
  const email = emailOf(body)
  const pending = path === '/sign-in/email' && Boolean(context.newSession?.user.twoFactorEnabled)
  const user = context.newSession?.user ?? context.session?.user ?? (refused && email ? await known(world, email) : null)
  // A refused second factor has no e-mail here; `login` writes it down, which knows whose it was.
  if (pending || (refused && (action !== 'session.signed_in' || !email)) || (!refused && !user)) return
  const confirming = path.startsWith('/two-factor/verify') && Boolean(context.session)
  const from = {
    kind: 'session' as const,
    address: headers?.get('x-promptpilot-address') ?? '',
    agent: headers?.get('user-agent') ?? '',
  }
  const person = { ...from, user: { id: user?.id ?? '', email: user?.email ?? email ?? 'unknown' } }
  const name = refused ? 'session.refused' : confirming ? 'two_factor.enabled' : action
  await recordPerson(
    world.db,
    world,
    person,
    name,
    path.includes('callback')
      ? { by: 'provider' }
      : path.startsWith('/two-factor/verify') && !confirming
        ? { by: 'second factor' }
        : {},
  )
}

const isRedirect = (error: unknown) =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 302

function emailOf(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'email' in body && typeof body.email === 'string'
    ? body.email.slice(0, 254).toLowerCase()
    : null
}

async function known({ db }: World, email: string): Promise<{ id: string; email: string }> {
  const row = await db.selectFrom('users').select(['id', 'email']).where('email', '=', email).executeTakeFirst()
  return row ?? { id: '', email }
}
