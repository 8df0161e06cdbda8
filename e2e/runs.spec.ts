import { expect } from '@playwright/test'
import { join } from './people.ts'
import { GREETING, publishRun, startRun } from './runs.ts'
import { house, signIn, test } from './story.ts'

const server = house()
let token = ''

test.beforeAll(async () => {
  token = await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('an execution is watched live; the server is killed and comes back, and the view goes on without gaps or doubles', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const id = await publishRun(server, token, 'Slow numbers', [
    { key: 'start', block: 'manual.start' },
    { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.list }}' } },
    { key: 'rest', block: 'core.wait', params: { for: '1s' }, parent: 'each' },
    { key: 'end', block: 'core.set', params: { fields: { done: 'all of them' } } },
  ])
  await signIn(page, 'ada@example.org')
  await page.goto('/executions')
  const run = await startRun(server, token, id, { list: [1, 2, 3, 4, 5, 6, 7, 8] })
  await page.getByRole('link', { name: 'Slow numbers' }).click()
  await expect(page).toHaveURL(new RegExp(run))
  const each = page.locator('[data-step="each"]')
  await expect(each).toContainText(/[1-4] of 8/, { timeout: 20_000 })

  await server.stop('SIGKILL')
  await expect(page.getByText('The connection broke.')).toBeVisible({ timeout: 15_000 })
  await server.start()
  await expect(page.getByText('The connection broke.')).toBeHidden({ timeout: 30_000 })
  await expect(page.locator('[data-step="end"]')).toContainText('Done', { timeout: 40_000 })
  await expect(page.getByRole('banner').or(page.locator('main header')).getByText('Completed')).toBeVisible()

  // Every moment of the journal was heard, and each of them once.
  const seen = Number((await page.getByLabel('Moment of the execution').getAttribute('max')) ?? 0)
  const place = await fetch(`${server.url}/api/executions/${run}/events`, { headers: { authorization: `Bearer ${token}` } })
  const told = (await place.text()).split('\n').filter(line => line.startsWith('id: ')).length
  expect(seen).toBe(told)
  await page.locator('[data-step="rest"] button').click()
  await expect(page.getByRole('navigation', { name: 'Turns' })).toContainText('8 of 8')
})

test('any moment of an execution can be looked at by keyboard, and a node says what it was given and what it put out', async ({
  page,
}) => {
  const id = await publishRun(server, token, 'Greet', GREETING)
  const run = await startRun(server, token, id, { name: 'Grace' }, true)
  await signIn(page, 'ada@example.org')
  await page.goto(`/execution/${run}`)
  await expect(page.locator('[data-step="shout"]')).toContainText('Done')
  await page.getByLabel('Moment of the execution').focus()
  await page.keyboard.press('Home')
  await expect(page.locator('[data-step="shout"]')).toContainText('Waiting')
  await page.keyboard.press('End')
  await expect(page.locator('[data-step="shout"]')).toContainText('Done')

  await page.locator('[data-step="shout"] button').click()
  await expect(page).toHaveURL(/node=shout/)
  const panel = page.getByRole('complementary', { name: 'The chosen node' })
  await expect(panel).toContainText('Hello Grace!')
  await panel.getByText('Input', { exact: true }).click()
  await expect(panel).toContainText('Hello Grace!')
})

test('a fork goes another way with a change, and both are compared', async ({ page }) => {
  const id = await publishRun(server, token, 'Greet differently', GREETING)
  const run = await startRun(server, token, id, { name: 'Grace' }, true)
  await signIn(page, 'ada@example.org')
  await page.goto(`/execution/${run}`)
  await page.getByRole('button', { name: 'Fork', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Another input').click()
  const editor = dialog.getByRole('textbox', { name: 'Input' })
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('{ "name": "Katherine" }')
  await dialog.getByRole('button', { name: 'Run the fork' }).click()
  await expect(page).not.toHaveURL(new RegExp(run))
  await expect(page.getByRole('link', { name: 'Forked from another' })).toBeVisible()
  await expect(page.locator('[data-step="shout"]')).toContainText('Done')

  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /The original/ })
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Comparison')
  const pair = page.locator('[data-pair="shout"]')
  await expect(pair).toContainText('Other output')
  await pair.getByRole('button', { expanded: false }).first().click()
  await expect(pair).toContainText('Hello Katherine!')
  await expect(pair).toContainText('Hello Grace!')
})

test('an output of five megabytes comes when somebody wants it, and the page stays quick', async ({ page }) => {
  const id = await publishRun(server, token, 'Large', [
    { key: 'start', block: 'manual.start' },
    { key: 'same', block: 'core.set', params: { fields: { rows: '{{ trigger.rows }}' } } },
  ])
  const rows = Array.from({ length: 25_000 }, (_none, at) => ({ id: at, words: 'x'.repeat(180) }))
  const run = await startRun(server, token, id, { rows }, true)
  await signIn(page, 'ada@example.org')
  await page.goto(`/execution/${run}?node=same`)
  const panel = page.getByRole('complementary', { name: 'The chosen node' })
  await expect(panel.getByText('This value is large')).toBeVisible()
  await panel.getByRole('button', { name: 'Load it' }).click()
  await expect(panel.getByText(/25,?000/).first()).toBeVisible({ timeout: 20_000 })
  const before = Date.now()
  await page.locator('[data-step="start"] button').click()
  await expect(page).toHaveURL(/node=start/)
  expect(Date.now() - before).toBeLessThan(3_000)
})

test('what fails says why, and a filter that finds nothing can be cleared', async ({ page }) => {
  const id = await publishRun(server, token, 'Unlucky', [
    { key: 'start', block: 'manual.start' },
    { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'The mill is closed today.' } },
  ])
  for (const _time of [1, 2]) await startRun(server, token, id, {}, true)
  await signIn(page, 'ada@example.org')
  await page.goto(`/executions?workflow=${id}`)
  const list = page.getByRole('list', { name: 'Executions' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await expect(list.getByText('The mill is closed today.')).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Completed' }).click()
  await expect(page).toHaveURL(/status=completed/)
  await expect(page.getByText('Nothing was found')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).first().click()
  await expect(list.getByRole('listitem').first()).toBeVisible()
})
