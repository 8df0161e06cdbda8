import { expect } from '@playwright/test'
import { join, PASSWORD } from './people.ts'
import { enter, house, signIn, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('a wrong password is told without saying which part was wrong, and what was typed stays', async ({ page }) => {
  await page.goto('/login')
  await enter(page, 'ada@example.org', 'not the password')
  await expect(page.getByRole('alert')).toHaveText('The e-mail or the password is wrong.')
  await enter(page, 'nobody@example.org', 'not the password')
  await expect(page.getByRole('alert')).toHaveText('The e-mail or the password is wrong.')
  await expect(page.getByLabel('E-mail')).toHaveValue('nobody@example.org')
})

test('a forgotten password is set anew with the link from the log, which works once', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByText('the link for a forgotten password is printed in the log')).toBeVisible()
  await page.getByRole('link', { name: 'Forgot the password?' }).click()
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible()
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await expect(page.getByText('a link was printed in the log of the server')).toBeVisible()

  const link = await server.linkFor('ada@example.org')
  await page.goto(link)
  await page.getByLabel('New password').fill('short')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByText('At least 10 characters.', { exact: true })).toBeVisible()
  await page.getByLabel('New password').fill('another quiet night')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByText('The new password is set.')).toBeVisible()

  await enter(page, 'ada@example.org', PASSWORD)
  await expect(page.getByRole('alert')).toBeVisible()
  await enter(page, 'ada@example.org', 'another quiet night')
  await expect(page).toHaveURL(/\/home/)

  await page.goto(link)
  await page.getByLabel('New password').fill('yet another quiet night')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByText('was used already, or is too old')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Ask for a new link' })).toBeVisible()
})

test('changing the password asks for the present one', async ({ page }) => {
  await signIn(page, 'ada@example.org', 'another quiet night')
  await page.goto('/settings/security')
  await page.getByLabel('Present password').fill('wrong')
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByText('The password is wrong.')).toBeVisible()
  await page.getByLabel('Present password').fill('another quiet night')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByText('The password is changed.')).toBeVisible()
  await expect(page.getByLabel('Present password')).toHaveValue('')
})
