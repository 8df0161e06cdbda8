import type { Page } from '@playwright/test'
import { PASSWORD } from './people.ts'

/** One state of a screen: where it is, and what has to happen before one looks at it. */
export type Screen = { name: string; path: string; open?: (page: Page) => Promise<void> }

/** What a stranger sees. */
export const STRANGER: readonly Screen[] = [
  { name: 'login', path: '/login' },
  {
    name: 'login-wrong',
    path: '/login',
    async open(page) {
      await page.getByLabel('E-mail').fill('ada@example.org')
      await page.getByLabel('Password', { exact: true }).fill('not the password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'register-closed', path: '/register' },
  { name: 'forgot', path: '/forgot' },
  { name: 'reset', path: '/reset#token' },
  { name: 'reset-ended', path: '/reset' },
  { name: 'confirm', path: '/confirm#nonsense' },
  { name: 'invite-ended', path: '/invite#nonsense' },
  { name: 'reference', path: '/api/docs' },
  {
    name: 'reference-call',
    path: '/api/docs',
    async open(page) {
      await page.getByRole('button', { name: 'POST /api/invitations' }).first().click()
      await page.getByText('Can fail with').waitFor()
    },
  },
  { name: 'not-found', path: '/nowhere' },
]

const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click()
  await page.getByRole('dialog').waitFor()
}

/** What a member sees, dialogs open included. */
export const MEMBER: readonly Screen[] = [
  { name: 'home', path: '/home' },
  { name: 'workflows', path: '/workflows' },
  {
    name: 'workflows-chosen',
    path: '/workflows',
    async open(page) {
      await page.getByRole('checkbox').first().check()
      await page.getByRole('region', { name: /chosen/ }).waitFor()
    },
  },
  { name: 'workflows-none', path: '/workflows?q=nothing+of+this' },
  { name: 'workflows-new', path: '/workflows?open=new', open: page => page.getByRole('dialog').waitFor() },
  {
    name: 'workflows-described',
    path: '/workflows?open=describe',
    async open(page) {
      await page.getByLabel('What is to happen?').fill('Every morning at 8, fetch https://example.org, summarise it and mail it')
      await page.getByRole('button', { name: 'Design it' }).click()
      await page.getByRole('button', { name: 'Save and open' }).waitFor()
    },
  },
  { name: 'workflows-import', path: '/workflows?open=import', open: page => page.getByRole('dialog').waitFor() },
  { name: 'credentials', path: '/credentials' },
  { name: 'credentials-new', path: '/credentials', open: press('New credential') },
  { name: 'files', path: '/files' },
  { name: 'files-none', path: '/files?bucket=generated' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'profile-erase', path: '/settings/profile', open: press('Erase my account') },
  { name: 'security', path: '/settings/security' },
  { name: 'security-two-factor', path: '/settings/security', open: press('Turn on') },
  {
    name: 'security-scan',
    path: '/settings/security',
    async open(page) {
      await press('Turn on')(page)
      await page.getByRole('dialog').getByLabel('Present password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor()
    },
  },
  { name: 'workspace', path: '/settings/workspace' },
  { name: 'workspace-delete', path: '/settings/workspace', open: press('Delete the workspace') },
  { name: 'members', path: '/settings/members' },
  {
    name: 'members-role',
    path: '/settings/members',
    async open(page) {
      await page.getByRole('combobox', { name: /^Role of Grace/ }).click()
      await page.getByRole('listbox').waitFor()
    },
  },
  { name: 'members-invite', path: '/settings/members', open: press('Invite somebody') },
  {
    name: 'members-invited',
    path: '/settings/members?open=invite',
    async open(page) {
      await page.getByRole('dialog').getByLabel('E-mail').fill('lise@example.org')
      await page.getByRole('button', { name: 'Invite', exact: true }).click()
      await page.getByRole('button', { name: 'Done' }).waitFor()
    },
  },
  { name: 'keys', path: '/settings/keys' },
  { name: 'keys-new', path: '/settings/keys', open: press('New API key') },
  {
    name: 'keys-made',
    path: '/settings/keys?open=new',
    async open(page) {
      await page.getByLabel('Name').fill('Weekly summary')
      await page.getByRole('button', { name: 'Create the key' }).click()
      await page.getByRole('button', { name: 'I have stored it' }).waitFor()
    },
  },
  { name: 'audit', path: '/settings/audit' },
  {
    name: 'audit-details',
    path: '/settings/audit?action=key.*',
    open: page =>
      page
        .getByRole('button', { name: /^Details: / })
        .first()
        .click(),
  },
  { name: 'audit-none', path: '/settings/audit?actor=nobody%40example.org' },
  { name: 'palette', path: '/home', open: press(/^Search/) },
  {
    name: 'workspace-menu',
    path: '/home',
    async open(page) {
      await page.getByRole('button', { name: /^Workspace: / }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'user-menu',
    path: '/home',
    async open(page) {
      await page.getByRole('button', { name: /^Your menu: / }).click()
      await page.getByRole('menu').waitFor()
    },
  },
]

/** Goes to a screen and brings it into its state, with everything on it that comes from the server. */
export async function show(page: Page, screen: Screen): Promise<void> {
  await page.goto(screen.path)
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"], [aria-label="Wird geladen"]'))
  await screen.open?.(page)
}
