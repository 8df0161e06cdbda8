import { expect } from '@playwright/test'
import { type Pages, publishPages } from './pages.ts'
import { join } from './people.ts'
import { house, test } from './story.ts'

const server = house()
let pages: Pages

test.beforeAll(async () => {
  pages = await publishPages(server, await join(server, 'Ada Lovelace', 'ada@example.org'))
})

test('somebody without an account talks with a workflow, which knows what was said before', async ({ page }) => {
  await page.goto(pages.chat)
  await expect(page.getByRole('heading', { name: 'Ask the mill' })).toBeVisible()
  await expect(page.getByText('It knows everything about grinding numbers.')).toBeVisible()
  const box = page.getByLabel('Your message')
  await expect(box).toBeFocused()
  await page.keyboard.type('Good')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('morning')
  await expect(box).toHaveValue('Good\nmorning')
  await page.keyboard.press('Enter')
  await expect(box).toHaveValue('')
  await expect(page.getByText('Being worked on')).toBeVisible()
  const answers = page.getByRole('article', { name: 'Answer' })
  await expect(answers).toContainText('You said: Good morning')
  await expect(answers).toContainText('the answer number 1 ')
  await page.keyboard.type('And now?')
  await page.keyboard.press('Enter')
  await expect(answers.last()).toContainText('the answer number 2 ')
  await page.reload()
  await expect(answers).toHaveCount(2)
  await page.getByRole('button', { name: 'New conversation' }).click()
  await expect(answers).toHaveCount(0)
  await box.fill('Hello')
  await box.press('Enter')
  await expect(answers).toContainText('the answer number 1 ')
})

test('a page that is loaded anew while something is worked on goes on waiting for it', async ({ page }) => {
  await page.goto(pages.chat)
  await page.getByLabel('Your message').fill('slow')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Being worked on')).toBeVisible()
  await page.waitForFunction(() => Object.values(sessionStorage).some(text => text.includes('"working"')))
  await page.reload()
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('You said: slow')
})

test('what failed, and what did not arrive, can be sent again', async ({ page }) => {
  await page.goto(pages.chat)
  const box = page.getByLabel('Your message')
  await box.fill('fail')
  await box.press('Enter')
  await expect(page.getByRole('alert')).toContainText('This could not be finished.')
  await expect(page.getByRole('alert')).toContainText('exe_')
  await page.route('**/api/public/forms/*', route => route.abort())
  await box.fill('hello')
  await box.press('Enter')
  await expect(page.getByRole('alert').last()).toContainText('Not sent.')
  await page.unroute('**/api/public/forms/*')
  await page.getByRole('button', { name: 'Send again' }).last().click()
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('You said: hello')
  await expect(page.getByRole('alert')).toHaveCount(1)
})

test('files go along where the chat takes some', async ({ page }) => {
  await page.goto(pages.chat)
  const file = { name: 'drawing.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(page.getByRole('button', { name: 'Take drawing.txt away' })).toBeVisible()
  await page.getByLabel('Your message').fill('Look at this')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: /drawing\.txt/ })).toBeVisible()
})
