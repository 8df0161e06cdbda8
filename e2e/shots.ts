import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { chromium as installed } from '../tools/chromium.ts'
import { publishPages, screensOf } from './pages.ts'
import { furnish, PASSWORD } from './people.ts'
import { runScreens } from './runs.ts'
import { MEMBER, type Screen, STRANGER, show } from './screens.ts'
import { Server } from './server.ts'

/** Pictures of every screen, dark and light, wide and narrow, for eyes to judge: `node e2e/shots.ts [part of a name] [language]`. */
const SHOTS = fileURLToPath(new URL('../shots', import.meta.url))
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]
const THEMES = ['dark', 'light'] as const
const [only = '', language = 'en'] = process.argv.slice(2)

const path = process.env.CHROMIUM_PATH ?? (await installed.find(SHOTS))
const server = new Server()
const fresh = new Server()
const browser = await chromium.launch({
  ...(path ? { executablePath: path } : {}),
  args: ['--disable-gpu', '--disable-quic', '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})

async function pageAt(home: Server, theme: string, viewport: (typeof SIZES)[number]): Promise<Page> {
  const context = await browser.newContext({
    baseURL: home.url,
    viewport,
    reducedMotion: 'reduce',
    locale: language,
    deviceScaleFactor: 1,
  })
  await context.addInitScript(name => localStorage.setItem('pilot.theme', name), theme)
  return context.newPage()
}

async function shoot(page: Page, screens: readonly Screen[], mark: string): Promise<void> {
  // What is opened is found by its English words.
  for (const screen of screens.filter(({ name, open }) => name.includes(only) && (language === 'en' || !open))) {
    await show(page, screen)
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${SHOTS}/${screen.name}.${mark}.png`, fullPage: !screen.open })
  }
}

try {
  if (!only) await rm(SHOTS, { recursive: true, force: true })
  await mkdir(SHOTS, { recursive: true })
  await Promise.all([server.start(), fresh.start()])
  const owner = await furnish(server)
  const shared = screensOf(await publishPages(server, owner))
  const runs = await runScreens(server, owner)
  for (const theme of THEMES)
    for (const viewport of SIZES) {
      const mark = `${theme}.${viewport.width}`
      const first = await pageAt(fresh, theme, viewport)
      await shoot(first, [{ name: 'register-first', path: '/' }], mark)
      const page = await pageAt(server, theme, viewport)
      await shoot(page, STRANGER, mark)
      await shoot(page, shared, mark)
      await page.request.post('/api/auth/login', {
        data: { email: 'ada@example.org', password: PASSWORD },
        headers: { origin: server.url },
      })
      await shoot(page, MEMBER, mark)
      await shoot(page, runs, mark)
      await Promise.all([first.context().close(), page.context().close()])
    }
  console.log(`The pictures are in ${SHOTS}`)
} finally {
  await browser.close()
  await Promise.all([server.end(), fresh.end()])
}
