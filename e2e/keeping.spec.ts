import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { join } from './people.ts'
import { house, signIn, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  await join(server, 'Ada Lovelace', 'ada@example.org')
})

test('a credential is kept, changed and deleted, and its value is never seen again', async ({ page }) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/credentials')
  await expect(page.getByText('No credentials yet')).toBeVisible()
  await page.getByRole('button', { name: 'New credential' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Slack')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: /Bearer token/ }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter the value.')).toBeVisible()
  await page.getByLabel('Value of token').fill('xoxb-very-secret')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Slack is saved.')).toBeVisible()
  await expect(page.getByRole('row', { name: /Slack http\.bearer token/ })).toBeVisible()

  await page.getByRole('button', { name: 'Change Slack' }).click()
  await expect(page.getByLabel('Value of token')).toHaveValue('')
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Name of the field').last().fill('team')
  await page.getByLabel('Value of team').fill('T1')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: /Slack http\.bearer (team token|token team)/ })).toBeVisible()
  expect(await page.content()).not.toContain('xoxb-very-secret')

  await page.getByRole('button', { name: 'Delete Slack' }).click()
  await page.getByRole('dialog', { name: 'Delete “Slack”?' }).getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No credentials yet')).toBeVisible()
})

test('a file is uploaded, found, downloaded and deleted, whatever it is called', async ({ page }) => {
  await signIn(page, 'ada@example.org')
  await page.goto('/files')
  const name = '📦 تقرير & <b>Müller.txt'
  await page.getByLabel('Drop the files here').setInputFiles([
    { name, mimeType: 'text/plain', buffer: Buffer.from('hello') },
    { name: 'other.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
  ])
  await expect(page.getByRole('row', { name: /other\.csv/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /Müller/ })).toBeVisible()

  await page.getByRole('searchbox', { name: 'Find by name' }).fill('müller')
  await expect(page).toHaveURL(/q=m/)
  await expect(page.getByRole('row', { name: /other\.csv/ })).toHaveCount(0)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download .*Müller/ }).click(),
  ])
  expect(await readFile(await download.path(), 'utf8')).toBe('hello')

  await page.getByRole('button', { name: /^Delete .*Müller/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No file has this in its name.')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find by name' }).fill('')
  await expect(page.getByRole('row', { name: /other\.csv/ })).toBeVisible()
})
