import { expect } from '@playwright/test'
import { join } from './people.ts'
import { askedBy, PAID, PAYMENT, publishRun, startRun } from './runs.ts'
import { house, signIn, test } from './story.ts'

const server = house()
let token = ''
let payment = ''

test.beforeAll(async () => {
  token = await join(server, 'Ada Lovelace', 'ada@example.org')
  payment = await publishRun(server, token, 'Pay what is due', PAYMENT, PAID)
})

test('what waits is counted, decided in the inbox with what was asked for, and the execution goes on', async ({ page }) => {
  const run = await startRun(server, token, payment)
  await askedBy(server, token, run)
  await signIn(page, 'ada@example.org')
  await page.getByRole('link', { name: 'Approvals: 1 waits for you' }).click()
  await page
    .getByRole('list', { name: 'Approvals' })
    .getByRole('link', { name: /Pay invoice 4711/ })
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pay invoice 4711?')
  await expect(page.getByText('The parts have arrived')).toBeVisible()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByLabel('Amount')).toHaveAccessibleDescription('Please fill this in.')
  await page.getByLabel('Amount').fill('99')
  await page.getByLabel('Comment').fill('Counted them myself.')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page).toHaveURL(new RegExp(run))
  await expect(page.locator('[data-step="pay"]')).toContainText('Done')
  await page.locator('[data-step="ask"] button').click()
  await expect(page.getByRole('complementary', { name: 'The chosen node' })).toContainText('Counted them myself.')
})

test('who is too late is told calmly, and an old link says what became of it', async ({ page }) => {
  const run = await startRun(server, token, payment)
  const question = await askedBy(server, token, run)
  await signIn(page, 'ada@example.org')
  await page.goto(`/approvals/${question}`)
  await page.getByLabel('Amount').fill('99')
  const { status } = await server.call('POST', `/api/approvals/${question}`, { token, body: { decision: 'rejected' } })
  expect(status).toBe(200)
  const late = page.getByText('Somebody else was faster').or(page.getByText('This is decided already'))
  await page
    .getByRole('button', { name: 'Approve' })
    .click({ timeout: 3_000 })
    .catch(() => {})
  await expect(late.first()).toBeVisible()
  await expect(page.getByText('This is decided already')).toBeVisible({ timeout: 15_000 })
  await page.getByRole('link', { name: 'See the execution' }).click()
  await expect(page).toHaveURL(new RegExp(run))
})

test('a node that must be allowed shows what it is about to do', async ({ page }) => {
  const id = await publishRun(server, token, 'Careful', [
    { key: 'start', block: 'manual.start' },
    { key: 'write', block: 'core.set', params: { fields: { text: 'Hello {{ trigger.name }}' } }, askFirst: true },
  ])
  const run = await startRun(server, token, id, { name: 'Grace' })
  const question = await askedBy(server, token, run)
  await signIn(page, 'ada@example.org')
  await page.goto(`/approvals/${question}`)
  await expect(page.getByText('This node may only run when a person allows it.')).toBeVisible()
  await expect(page.getByText('Hello Grace')).toBeVisible()
  await page.getByRole('button', { name: 'Allow it', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(run))
  await expect(page.locator('[data-step="write"]')).toContainText('Done')
})
