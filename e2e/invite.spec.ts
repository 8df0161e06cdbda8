import { expect } from '@playwright/test'
import { idOf, invite, join, PASSWORD } from './people.ts'
import { house, signIn, signOut, test } from './story.ts'

const server = house()

let owner = ''

test.beforeAll(async () => {
  owner = await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('somebody who is invited joins as a viewer through the link in the log, and sees what a viewer cannot do', async ({
  page,
  browser,
}) => {
  await signIn(page, 'ada@example.org')
  await page.getByRole('link', { name: 'Invite', exact: true }).click()
  await page.getByRole('dialog').getByLabel('E-mail').fill('grace@example.org')
  await page.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: /^Viewer/ }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(page.getByText('send the link yourself')).toBeVisible()
  const shown = await page.getByRole('region', { name: 'The link of the invitation' }).locator('pre').textContent()
  const link = await server.linkFor('grace@example.org')
  expect(shown).toBe(link)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('row', { name: /grace@example\.org/ }).getByText('Open')).toBeVisible()

  const context = await browser.newContext({ baseURL: server.url })
  const hers = await context.newPage()
  await hers.goto(link)
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText('Join Workspace of Ada Lovelace')
  await expect(hers.getByText('Ada Lovelace invites grace@example.org')).toBeVisible()
  await expect(hers.getByLabel('E-mail')).toHaveValue('grace@example.org')
  await expect(hers.getByLabel('E-mail')).not.toBeEditable()
  await hers.getByLabel('Your name').fill('Grace Hopper')
  await hers.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await hers.getByRole('button', { name: 'Create the account and join' }).click()
  await expect(hers).toHaveURL(/\/home/)

  await hers.goto('/settings/members')
  const button = hers.getByRole('button', { name: 'Invite somebody' })
  await expect(button).toBeDisabled()
  await expect(button).toHaveAccessibleDescription('Only admins and owners can do this. Your role here: Viewer.')
  await button.hover()
  await expect(hers.getByText('Only admins and owners can do this.').filter({ visible: true }).first()).toBeVisible()
  await button.press('Enter')
  await expect(hers.getByRole('dialog')).toHaveCount(0)
  await expect(hers.getByRole('button', { name: 'Remove Ada Lovelace' })).toBeDisabled()
  await hers.goto('/credentials')
  await expect(hers.getByRole('button', { name: 'New credential' })).toBeDisabled()
  await hers.goto('/files')
  await expect(hers.getByRole('button', { name: 'Upload' })).toBeDisabled()
  await hers.goto('/settings/workspace')
  await expect(hers.getByLabel('Name of the workspace')).not.toBeEditable()
  await hers.goto('/settings/audit')
  await expect(hers.getByText('The audit log is for admins')).toBeVisible()

  const answer = await hers.request.post('/api/invitations', {
    data: { email: 'x@example.org' },
    headers: { origin: server.url },
  })
  expect(answer.status()).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'role.too_small' })
  await context.close()

  await page.reload()
  await page.getByRole('combobox', { name: 'Role of Grace Hopper' }).click()
  await page.getByRole('option', { name: /^Editor/ }).click()
  await expect(page.getByText('Grace Hopper is now: Editor.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove Grace Hopper' }).click()
  await page.getByRole('dialog', { name: 'Remove Grace Hopper?' }).getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Grace Hopper was removed.')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Grace Hopper' })).toHaveCount(0)
})

test('an invitation says so when somebody else is signed in, and a used link has ended', async ({ page }) => {
  const joan = await join(server, 'Joan Clarke', 'joan@example.org', await invite(server, owner, 'joan@example.org', 'viewer'))
  await server.call('DELETE', `/api/members/${await idOf(server, joan)}`, { token: joan })
  const link = `${server.url}/invite#${await invite(server, owner, 'joan@example.org', 'editor')}`

  await signIn(page, 'ada@example.org')
  await page.goto(link)
  await expect(page.getByText('This invitation is for somebody else')).toBeVisible()
  await expect(page.getByText('You are signed in as ada@example.org')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out and go on' }).click()

  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in and join' }).click()
  await expect(page).toHaveURL(/\/home/)
  await expect(page.getByText('Editor', { exact: true })).toBeVisible()

  await signOut(page)
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'This invitation has ended' })).toBeVisible()
})
