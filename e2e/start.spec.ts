import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { PASSWORD } from './people.ts'
import { house, test } from './story.ts'

const server = house()

test('the first visit ends in a workflow that runs: account, template, canvas', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create the owner account' }).click()
  const start = page.getByRole('region', { name: 'Start here' })
  await expect(start.getByRole('button')).toHaveCount(3)
  await start.getByRole('button', { name: /Summarise a text and translate it/ }).click()
  await expect(page).toHaveURL(/\/workflow\/wf_/)
  await expect(page.getByText('In the other language').first()).toBeVisible()

  const id = new URL(page.url()).pathname.split('/').at(-1)
  const { body } = await server.call('POST', '/api/auth/login', { body: { email: 'ada@example.org', password: PASSWORD } })
  const token = String(body.token)
  const input = { text: 'The bridge is long. The bridge is old. Nobody knows who built it.', to: 'German' }
  const ran = await server.call('POST', `/api/workflows/${id}/execute`, { token, body: { input, wait: true } })
  expect(ran.body).toMatchObject({ status: 'completed' })

  await page.getByRole('link', { name: 'Dashboard' }).first().click()
  await expect(page.getByRole('link', { name: 'Summarise a text and translate it' }).first()).toBeVisible()
  await expect(page.getByRole('row', { name: /1 0 0/ })).toBeAttached()
})

test('workflows are found, put into folders, archived, brought back by one press, and deleted by name', async ({ page }) => {
  const { body } = await server.call('POST', '/api/auth/login', { body: { email: 'ada@example.org', password: PASSWORD } })
  const token = String(body.token)
  for (const name of ['Weekly report', 'Invoice check', 'فاتورة', '<script>alert(1)</script>'])
    await server.call('POST', '/api/workflows', { token, body: { name } })
  await page.goto('/login')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Workflows', exact: true }).first().click()
  const grid = page.getByRole('grid', { name: 'Workflows' })
  await expect(grid.getByRole('row')).toHaveCount(5)

  await page.getByRole('searchbox').fill('invoice')
  await expect(grid.getByRole('row')).toHaveCount(1)
  await expect(page).toHaveURL(/q=invoice/)
  await page.getByRole('searchbox').fill('')
  await expect(grid.getByRole('row')).toHaveCount(5)

  await page.getByRole('navigation', { name: 'Folders' }).getByRole('button', { name: 'New folder' }).click()
  await page.getByLabel('Name of the folder').fill('Money')
  await page.getByRole('button', { name: 'Create the folder' }).click()
  await expect(page.getByText('Nothing in this folder yet')).toBeVisible()
  await page.getByRole('link', { name: 'All workflows' }).click()

  // By keyboard alone: down to the second row, choose it and the next.
  await grid.getByRole('row').first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(grid.getByRole('row').nth(1)).toBeFocused()
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  const bar = page.getByRole('region', { name: '2 chosen' })
  await bar.getByRole('button', { name: 'Move' }).click()
  await page.getByRole('dialog').getByText('Money').click()
  await page.getByRole('button', { name: 'Move it here' }).click()
  await expect(page.getByText('2 workflows were moved.')).toBeVisible()
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: 'Money' }).click()
  await expect(grid.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Nothing in this folder yet')).toBeVisible()
  await page.getByRole('link', { name: 'All workflows' }).click()

  await page.getByRole('button', { name: 'What to do with Weekly report' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(grid.getByRole('row')).toHaveCount(4)
  await expect(page.getByText('“Weekly report” was archived.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(grid.getByRole('row')).toHaveCount(5)

  await grid.getByLabel('Choose Invoice check').check()
  await grid.getByLabel('Choose Weekly report').check()
  await page.getByRole('region', { name: '2 chosen' }).getByRole('button', { name: 'Delete' }).click()
  const ask = page.getByRole('dialog', { name: 'Delete 2 workflows?' })
  await expect(ask.getByText('Invoice check')).toBeVisible()
  await ask.getByLabel('Type 2 to go on').fill('2')
  await ask.getByRole('button', { name: 'Delete' }).click()
  await expect(grid.getByRole('row')).toHaveCount(3)
})

test('a workflow leaves as a file, comes back as text, and is made of a sentence that is shown first', async ({ page }) => {
  await page.goto('/login')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/home/)
  await page.goto('/workflows')
  await page.getByRole('button', { name: 'What to do with Summarise a text and translate it' }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export' }).click()])
  expect(file.suggestedFilename()).toBe('summarise-a-text-and-translate-it.json')
  const text = await readFile(await file.path(), 'utf8')

  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByLabel('Or paste it').fill('no workflow')
  await page.getByRole('button', { name: 'Import the text' }).click()
  await expect(page.getByRole('alert')).toContainText('not a workflow')
  await page.getByLabel('Or paste it').fill(text)
  await page.getByRole('button', { name: 'Import the text' }).click()
  await expect(page).toHaveURL(/\/workflow\/wf_/)

  await page.goto('/workflows?open=describe')
  await page.getByLabel('What is to happen?').fill('When a webhook is called, summarise the text and respond with it')
  await page.getByRole('button', { name: 'Design it' }).click()
  await expect(page.getByText('ai.summarize')).toBeVisible()
  await expect(page).toHaveURL(/open=describe/)
  await page.getByRole('button', { name: 'Save and open' }).click()
  await expect(page).toHaveURL(/\/workflow\/wf_/)
})

test('a list of thousands is drawn in part, and scrolled to its end page by page', async ({ page }) => {
  test.setTimeout(120_000)
  const { body } = await server.call('POST', '/api/auth/login', { body: { email: 'ada@example.org', password: PASSWORD } })
  const token = String(body.token)
  for (let at = 0; at < 300; at += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_none, more) =>
        server.call('POST', '/api/workflows', { token, body: { name: `Number ${at + more}` } }),
      ),
    )
  await page.request.post('/api/auth/login', {
    data: { email: 'ada@example.org', password: PASSWORD },
    headers: { origin: server.url },
  })
  await page.goto('/workflows?sort=name')
  const grid = page.getByRole('grid', { name: 'Workflows' })
  await expect(grid.getByRole('row').first()).toBeVisible()
  expect(await grid.getByRole('row').count()).toBeLessThan(60)
  await expect(async () => {
    await page.mouse.wheel(0, 8_000)
    await expect(grid.getByText('Summarise a text and translate it').last()).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  await expect(grid).toHaveAttribute('aria-rowcount', /^30\d$/)
})
