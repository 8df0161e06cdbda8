import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { join } from './people.ts'
import { house, signIn, test } from './story.ts'

const server = house()
let token = ''

test.beforeAll(async () => {
  token = await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('what somebody does elsewhere appears in the audit log by itself; the filter stands in the address', async ({ page }) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/settings/audit')
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await expect(page.getByRole('row', { name: /Signed in/ }).first()).toBeVisible()

  await server.call('PATCH', '/api/workspace', { token, body: { name: 'Analytical Engines' } })
  await expect(page.getByRole('row', { name: /Renamed the workspace/ })).toBeVisible()
  await page.getByRole('button', { name: 'Details: Renamed the workspace' }).click()
  await expect(page.getByText('workspace.renamed')).toBeVisible()

  await page.getByRole('combobox', { name: 'What' }).click()
  await page.getByRole('option', { name: 'Sign-ins' }).click()
  await expect(page).toHaveURL(/action=session\.\*/)
  await expect(page.getByRole('row', { name: /Renamed the workspace/ })).toHaveCount(0)
  await server.call('PATCH', '/api/workspace', { token, body: { name: 'Difference Engines' } })
  await server.call('POST', '/api/auth/login', { body: { email: 'ada@example.org', password: 'not the password' } })
  await expect(page.getByRole('row', { name: /Was refused at sign-in/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /Renamed the workspace/ })).toHaveCount(0)

  await page.reload()
  await expect(page.getByRole('combobox', { name: 'What' })).toHaveText('Sign-ins')
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /CSV/ }).click()])
  const text = await readFile(await download.path(), 'utf8')
  expect(text).toContain('session.signed_in')
  expect(text).not.toContain('workspace.renamed')

  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page.getByRole('row', { name: /Renamed the workspace/ })).toHaveCount(2)
})
