import { expect } from '@playwright/test'
import { furnish } from './people.ts'
import { house, signIn, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  await furnish(server)
})

test('a restart keeps the session and everything that was made, and the page says so while the server is away', async ({
  page,
}) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/settings/keys')
  await expect(page.getByRole('row', { name: /Nightly report/ })).toBeVisible()

  await server.stop()
  await page.getByRole('link', { name: 'Members' }).click()
  await expect(page.getByText('The server does not answer.')).toBeVisible({ timeout: 15_000 })
  await server.start()
  await expect(page.getByText('The server does not answer.')).toBeHidden({ timeout: 15_000 })
  await page.reload()

  await expect(page.getByText('Grace Hopper')).toBeVisible()
  await expect(page.getByText('محمد بن موسى الخوارزمي')).toBeVisible()
  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('row', { name: /Nightly report/ })).toBeVisible()
  await page.getByRole('link', { name: 'Credentials' }).click()
  await expect(page.getByRole('row', { name: /OpenAI/ })).toBeVisible()
  await page.getByRole('link', { name: 'Files' }).click()
  await expect(page.getByRole('row', { name: /orders-2026-q1\.csv/ })).toBeVisible()
})
