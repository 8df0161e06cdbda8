import { expect } from '@playwright/test'
import { join } from './people.ts'
import { choose, house, signIn, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('everything can be reached by keyboard through the palette', async ({ page }) => {
  await signIn(page, 'ada@example.org')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible()
  await page.keyboard.type('secur')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/settings\/security/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('light')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible()
  await page.keyboard.type('zzzz')
  await expect(page.getByText('Nothing is called that.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toHaveCount(0)
})

test('the page speaks German where the browser asks for it, and changes at once', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: server.url, locale: 'de-AT' })
  const page = await context.newPage()
  await page.goto('/login')
  await expect(page.getByRole('heading', { name: 'Willkommen zurück' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await page.getByLabel('E-Mail').fill('ada@example.org')
  await page.getByLabel('Passwort', { exact: true }).fill('falsches Passwort')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await expect(page.getByRole('alert')).toHaveText('Die E-Mail oder das Passwort ist falsch.')
  await page.getByText('English').click()
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await context.close()
})

test('a second workspace has nothing of the first; each tab stays in its own', async ({ page, context }) => {
  await signIn(page, 'ada@example.org')
  await choose(page, /^Workspace: /, /^New workspace$/)
  await page.getByLabel('Name of the workspace').fill('Second 🛰️')
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  await expect(page.getByRole('button', { name: 'Workspace: Second 🛰️' })).toBeVisible()

  const other = await context.newPage()
  await other.goto('/home')
  await expect(other.getByRole('button', { name: 'Workspace: Second 🛰️' })).toBeVisible()
  await choose(other, /^Workspace: /, /^Workspace of Ada Lovelace$/)
  await expect(other.getByRole('button', { name: 'Workspace: Workspace of Ada Lovelace' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Workspace: Second 🛰️' })).toBeVisible()

  await page.goto('/settings/workspace')
  await page.getByRole('button', { name: 'Delete the workspace' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Delete it for good' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('Second 🛰️')
  await dialog.getByRole('button', { name: 'Delete it for good' }).click()
  await expect(page.getByText('Second 🛰️ is deleted.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Workspace: Workspace of Ada Lovelace' })).toBeVisible()
})

test('the API reference is open to strangers, can be searched, and tells what a call takes', async ({ page }) => {
  await page.goto('/api/docs')
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search the calls' }).fill('member.last_owner patch')
  await page.getByRole('button', { name: /PATCH \/api\/members/ }).click()
  await expect(page.getByText('Needs the role admin or higher')).toBeVisible()
  await expect(page.getByText('member.last_owner')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Call of /api/members/{id} with curl' })).toContainText('curl -X PATCH')
})

test('what every page loads first stays under 250 kB', async ({ page }) => {
  const html = await (await page.request.get('/login')).text()
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(files.length).toBeGreaterThan(3)
  let sum = 0
  for (const path of files) {
    const { headers } = await fetch(server.url + path, { headers: { 'accept-encoding': 'gzip' } })
    expect(headers.get('content-encoding'), path).toBe('gzip')
    expect(headers.get('cache-control'), path).toContain(path.startsWith('/assets/') ? 'immutable' : 'no-cache')
    sum += Number(headers.get('content-length'))
  }
  expect(sum).toBeGreaterThan(100_000)
  expect(sum).toBeLessThan(250_000)
})

test('erasing oneself asks for the e-mail and the password, and leaves nothing behind', async ({ page }) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Erase my account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password', { exact: true }).fill('a quiet cockpit at night')
  await expect(dialog.getByRole('button', { name: 'Erase it for good' })).toBeDisabled()
  await dialog.getByLabel('Type ada@example.org to confirm').fill('ada@example.org')
  await dialog.getByRole('button', { name: 'Erase it for good' }).click()
  await expect(page).toHaveURL(/\/register/)
  await expect(page.getByRole('heading', { name: 'Create the owner account' })).toBeVisible()
})
