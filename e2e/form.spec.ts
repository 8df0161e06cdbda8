import { expect } from '@playwright/test'
import { fillIn, type Pages, publishPages } from './pages.ts'
import { join } from './people.ts'
import { house, test } from './story.ts'

const server = house()
let pages: Pages
let owner: string

test.beforeAll(async () => {
  owner = await join(server, 'Ada Lovelace', 'ada@example.org')
  pages = await publishPages(server, owner)
})

test('somebody without an account fills in a form, is told what is wrong beside each field, and sees what comes of it', async ({
  page,
}) => {
  await page.goto(pages.form)
  await expect(page.getByRole('heading', { name: 'Dinner at the mill' })).toBeVisible()
  await expect(page).toHaveTitle(/^Dinner at the mill/)
  await page.getByRole('button', { name: 'Reserve' }).click()
  await expect(page.getByRole('alert')).toHaveText('4 fields need another look.')
  await expect(page.getByLabel('Your name')).toBeFocused()
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Please fill this in.')
  await expect(page.getByLabel('Seats')).toHaveValue('2')
  await page.getByLabel('Seats').fill('9')
  await fillIn(page)
  await page.getByRole('button', { name: 'Reserve' }).click()
  await expect(page.getByLabel('Seats')).toHaveAccessibleDescription('At most 8.')
  await page.getByLabel('Seats').fill('4')
  await page.getByRole('combobox', { name: 'City' }).click()
  await page.getByRole('option', { name: 'Ghent' }).click()
  await page.getByRole('button', { name: 'Reserve' }).click()
  await expect(page.getByText('A table for 4, Ada Lovelace.')).toBeVisible()
  await expect(page.getByRole('definition').filter({ hasText: 'A-4711' })).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Notes on the engine/ }).click(),
  ])
  expect(download.suggestedFilename()).toBe('Notes on the engine.txt')
  await page.reload()
  await expect(page.getByText('A table for 4, Ada Lovelace.')).toBeVisible()
  await page.getByRole('button', { name: 'Send another answer' }).click()
  await expect(page.getByLabel('Your name')).toHaveValue('')
})

test('a form can be filled in and sent with the keyboard alone, and one that only thanks says no more', async ({ page }) => {
  await page.goto(pages.thanks)
  await page.getByLabel('Your name').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Grace')
  await page.keyboard.press('Enter')
  await expect(page.getByText('We read every word.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Your name')).toHaveValue('')
})

test('a failure is told without its reason, with something to ask by', async ({ page }) => {
  await page.goto(pages.failing)
  await page.getByLabel('Your name').fill('Ada')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('heading', { name: 'This could not be finished' })).toBeVisible()
  await expect(page.getByText(/^exe_/)).toBeVisible()
  expect(await page.content()).not.toContain('the secret reason')
})

test('what takes long is said to, and what it answers before its end is shown', async ({ page }) => {
  await page.goto(pages.waiting)
  await page.getByLabel('Your name').fill('Ada')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('heading', { name: 'Being worked on' })).toBeVisible()
  await expect(page.getByText('We have it, Ada. A person looks at it now.')).toBeVisible()
  await expect(page.getByText(/^It waits for a moment/)).toBeVisible()
})

test('a password opens a form for this tab, and nothing is seen before', async ({ page }) => {
  await page.goto(pages.locked)
  await expect(page.getByRole('heading', { name: 'This page asks for a password' })).toBeVisible()
  expect(await page.content()).not.toContain('For friends')
  await page.getByLabel('Password', { exact: true }).fill('close sesame')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('The password is wrong.')
  await page.getByLabel('Password', { exact: true }).fill('open sesame')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'For friends' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'For friends' })).toBeVisible()
})

test('a link that leads nowhere says so, and so does one that was turned off', async ({ page }) => {
  await page.goto('/form/nothing-is-here-at-all')
  await expect(page.getByRole('heading', { name: 'This page is not there' })).toBeVisible()
  const made = await publishPages(server, owner)
  const { body } = await server.call('GET', '/api/triggers', { token: owner })
  const mine = (Array.isArray(body.items) ? body.items : []).find((one: { url?: string }) => one.url?.endsWith(made.thanks))
  await server.call('PATCH', `/api/triggers/${mine.id}`, { token: owner, body: { enabled: false } })
  await page.goto(made.thanks)
  await expect(page.getByRole('heading', { name: 'This page is not there' })).toBeVisible()
})

test('a form needs no cookie, follows the theme of the machine and speaks German', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: server.url, locale: 'de-DE', colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto(pages.thanks)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.getByRole('button', { name: 'Senden' }).click()
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Bitte ausfüllen.')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByRole('button', { name: 'Senden' }).click()
  await expect(page.getByRole('heading', { name: 'Vielen Dank' })).toBeVisible()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(await context.cookies()).toEqual([])
  await context.close()
})

test('an answer whose reply was lost is sent again and starts once', async ({ page }) => {
  await page.goto(pages.thanks)
  await page.getByLabel('Your name').fill('Twice')
  let lost = 0
  await page.route('**/api/public/forms/*', async route => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    await route.abort()
  })
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible()
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByText('We read every word.')).toBeVisible()
  const { body } = await server.call('GET', '/api/executions?limit=200', { token: owner })
  const inputs: string[] = []
  for (const one of Array.isArray(body.items) ? body.items : [])
    inputs.push(JSON.stringify((await server.call('GET', `/api/executions/${one.id}`, { token: owner })).body.input))
  expect(inputs.filter(text => text.includes('Twice'))).toHaveLength(1)
})
