import { expect } from '@playwright/test'
import { PASSWORD } from './people.ts'
import { house, test } from './story.ts'

const server = house()

test('the first visit makes the owner account, and a key made there works at once', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/')
  await expect(page).toHaveURL(/\/register/)
  await expect(page.getByRole('heading', { name: 'Create the owner account' })).toBeVisible()

  await page.getByRole('button', { name: 'Create the owner account' }).click()
  await expect(page.getByLabel('Your name')).toBeFocused()
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create the owner account' }).click()
  await expect(page.getByText('This is not an e-mail address.')).toBeVisible()
  await expect(page.getByText('At least 10 characters.', { exact: true })).toBeVisible()

  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create the owner account' }).click()
  await expect(page).toHaveURL(/\/home/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace')
  await expect(page.getByText('1 of 6 done')).toBeAttached()

  await page.getByRole('link', { name: 'Create a key' }).click()
  await page.getByLabel('Name').fill('Nightly report')
  await page.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: /^Operator/ }).click()
  await page.getByRole('button', { name: 'Create the key' }).click()
  const line = (await page.getByRole('region', { name: 'Try it in a terminal' }).locator('pre').textContent()) ?? ''
  const [, url = '', key = ''] = line.match(/^curl (\S+) \\\n\s+-H "Authorization: Bearer (\S+)"$/) ?? []
  expect(url).toBe(`${server.url}/api/me`)
  await page.getByRole('region', { name: 'The key' }).getByRole('button', { name: 'Copy' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key)

  const answer = await fetch(url, { headers: { Authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ via: 'key', role: 'operator', user: { email: 'ada@example.org' } })

  await page.getByRole('button', { name: 'I have stored it' }).click()
  await expect(page.getByRole('row', { name: /Nightly report/ })).toBeVisible()
  await expect(page.getByText(key)).toHaveCount(0)

  await page.getByRole('button', { name: 'Revoke Nightly report' }).click()
  await expect(page.getByRole('dialog', { name: 'Revoke “Nightly report”?' })).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('row', { name: /Nightly report/ }).getByText('Revoked')).toBeVisible()
  expect((await fetch(url, { headers: { Authorization: `Bearer ${key}` } })).status).toBe(401)
})

test('after the first account registration is closed, and the screen says how to get in', async ({ page }) => {
  await page.goto('/register')
  await expect(page.getByRole('heading', { name: 'Registration is by invitation' })).toBeVisible()
  await page.getByRole('link', { name: 'Sign in' }).first().click()
  await expect(page).toHaveURL(/\/login/)
})
