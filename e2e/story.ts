import { test as base, expect, type Page } from '@playwright/test'
import { PASSWORD } from './people.ts'
import { Server } from './server.ts'

let home: Server | null = null

/** A server for all stories of a file. */
export function house(env: Record<string, string> = {}): Server {
  const server = new Server(env)
  test.beforeAll(async () => {
    await server.start()
    home = server
  })
  test.afterAll(() => server.end())
  return server
}

/** A story: told at the server of its file; nothing in it may offend the content policy or break in the page. */
export const test = base.extend<{ watched: undefined }>({
  // What runs before a story asks too, when there is no server yet.
  baseURL: async ({ baseURL }, use) => use(home?.url ?? baseURL),
  watched: [
    async ({ context }, use) => {
      const complaints: string[] = []
      context.on('console', message => {
        if (/content security policy/i.test(message.text())) complaints.push(message.text())
      })
      context.on('weberror', error => complaints.push(String(error.error())))
      await use(undefined)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

/** Signs in through the door. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/login')
  await enter(page, email, password)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/morning|Hello|evening|awake/)
}

/** Fills in the form at the door and sends it. */
export async function enter(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Opens a menu and chooses from it; once more where the page moved away under the pointer. */
export async function choose(page: Page, trigger: RegExp, item: RegExp): Promise<void> {
  await expect(async () => {
    if (!(await page.getByRole('menu').isVisible())) await page.getByRole('button', { name: trigger }).click()
    await page.getByRole('menu').getByText(item).click({ timeout: 2_000 })
    await expect(page.getByRole('menu')).toHaveCount(0, { timeout: 2_000 })
  }).toPass()
}

/** Signs out through the menu. */
export async function signOut(page: Page): Promise<void> {
  await choose(page, /^Your menu/, /^Sign out$/)
  await expect(page).toHaveURL(/\/login/)
}
