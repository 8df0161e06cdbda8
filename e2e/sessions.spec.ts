import { expect } from '@playwright/test'
import { join } from './people.ts'
import { enter, house, signIn, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('a session that is ended elsewhere leads to the door and back to the same place', async ({ page, browser }) => {
  await signIn(page, 'ada@example.org')
  const context = await browser.newContext({ baseURL: server.url })
  const other = await context.newPage()
  await signIn(other, 'ada@example.org')
  await other.goto('/settings/audit?action=session.*')
  await expect(other.getByText('What was found')).toBeVisible()

  await page.goto('/settings/security')
  await expect(page.getByText('This one')).toHaveCount(1)
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('dialog', { name: 'End all other sessions?' }).getByRole('button', { name: 'End all others' }).click()
  await expect(page.getByText('All other sessions have ended.')).toBeVisible()
  await expect(page.getByRole('dialog', { name: 'End all other sessions?' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'End all others' })).toBeDisabled()

  await other.reload()
  await expect(other).toHaveURL(/\/login\?next=/)
  await enter(other, 'ada@example.org')
  await expect(other).toHaveURL(/\/settings\/audit\?action=session\.\*/)
  await context.close()
})

test('a session that ends while one goes on leads to the door and back to where one was going', async ({ page, context }) => {
  await signIn(page, 'ada@example.org')
  // The dashboard looks again and again by itself, and would be led to the door before the press.
  await page.goto('/credentials')
  await page.waitForLoadState('networkidle')
  await context.clearCookies()
  await page.getByRole('link', { name: 'Files' }).click()
  await expect(page).toHaveURL(/\/login\?next=%2Ffiles/)
  await enter(page, 'ada@example.org')
  await expect(page).toHaveURL(/\/files$/)
  await expect(page.getByText('No files yet')).toBeVisible()
})

test('when a session ends over a form, one signs in again on the spot and nothing that was typed is lost', async ({
  page,
  context,
}) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/settings/keys?open=new')
  await page.getByLabel('Name').fill('Typed with care')
  await context.clearCookies()
  await page.getByRole('button', { name: 'Create the key' }).click()
  const again = page.getByRole('dialog', { name: 'Please sign in again' })
  await expect(again).toBeVisible()
  await again.getByLabel('Password', { exact: true }).fill('a quiet cockpit at night')
  await again.getByRole('button', { name: 'Sign in' }).click()
  await expect(again).toBeHidden()
  await expect(page.getByLabel('Name')).toHaveValue('Typed with care')
  await page.getByRole('button', { name: 'Create the key' }).click()
  await expect(page.getByRole('button', { name: 'I have stored it' })).toBeVisible()
})

test('an address that leads to another site is not followed after signing in', async ({ page }) => {
  await page.goto('/login?next=//evil.example/steal')
  await enter(page, 'ada@example.org')
  await expect(page).toHaveURL(`${server.url}/home`)
})
