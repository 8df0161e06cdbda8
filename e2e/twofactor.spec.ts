import { expect, type Page } from '@playwright/test'
import { join, PASSWORD } from './people.ts'
import { enter, house, signIn, signOut, test } from './story.ts'
import { codeOf } from './totp.ts'

const server = house()

test.beforeAll(async () => {
  await join(server, 'Ada Lovelace', 'ada@example.org')
})

const field = (page: Page) => page.getByLabel('Six-digit code')

test('with two-factor on, signing in asks for a code; a recovery code works once', async ({ page }) => {
  test.setTimeout(120_000)
  await signIn(page, 'ada@example.org')
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Turn on' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Present password').fill('not the password')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog.getByText('The password is wrong.')).toBeVisible()
  await dialog.getByLabel('Present password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Go on' }).click()

  await expect(dialog.getByRole('img', { name: 'QR code for the authenticator' })).toBeVisible()
  const secret = (await dialog.locator('code').first().textContent()) ?? ''
  await expect(dialog.getByLabel('The code it shows now')).toBeFocused()
  await dialog.getByLabel('The code it shows now').fill('000000')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog.getByText('The code is wrong')).toBeVisible()
  await dialog.getByLabel('The code it shows now').fill(codeOf(secret))
  await dialog.getByRole('button', { name: 'Confirm' }).click()

  await expect(dialog.getByRole('list', { name: 'Recovery codes' })).toBeVisible()
  const codes = await dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
  expect(codes.length).toBeGreaterThanOrEqual(8)
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()])
  expect(download.suggestedFilename()).toBe('promptpilot-recovery-codes.txt')
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('On', { exact: true })).toBeVisible()

  await signOut(page)
  await enter(page, 'ada@example.org')
  await expect(field(page)).toBeFocused()
  await field(page).fill('123456')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The code is wrong')).toBeVisible()
  await field(page).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/home/)

  await signOut(page)
  await enter(page, 'ada@example.org')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/home/)

  await signOut(page)
  await enter(page, 'ada@example.org')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The code is wrong')).toBeVisible()
})
