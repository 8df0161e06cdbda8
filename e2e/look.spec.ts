import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { publishPages, screensOf } from './pages.ts'
import { furnish, PASSWORD } from './people.ts'
import { runScreens } from './runs.ts'
import { MEMBER, type Screen, STRANGER, show } from './screens.ts'
import { house, test } from './story.ts'

const server = house()
const LOOKS = ['dark', 'light'].flatMap(theme => [1440, 768, 320].map(width => ({ theme, width })))
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let shared: readonly Screen[] = []
let runs: readonly Screen[] = []

test.beforeAll(async () => {
  const owner = await furnish(server)
  shared = screensOf(await publishPages(server, owner))
  runs = await runScreens(server, owner)
})

/** What is wrong on a screen as it stands: serious for those who do not see or point, or sticking out sideways. */
async function wrongOn(page: Page, theme: string): Promise<string[]> {
  // The guards around an open menu are hidden and can be focused on purpose: they hand the focus on.
  const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]').options({ resultTypes: ['violations'] })
  // The themes differ in colours alone.
  const { violations } = await (theme === 'dark' ? axe.withTags(RULES) : axe.withRules(['color-contrast'])).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return [
    ...serious.map(({ id, nodes }) => `${id} at ${nodes.map(node => node.target.join(' ')).join(', ')}`),
    ...(over > 0 ? [`${over} pixels too wide`] : []),
  ]
}

/** Changes the theme and waits until the last colour has followed. */
async function dress(page: Page, theme: string): Promise<void> {
  await page.evaluate(async name => {
    const frame = () => new Promise(requestAnimationFrame)
    document.documentElement.setAttribute('data-theme', name)
    await frame()
    for (let tries = 0; tries < 100 && document.getAnimations().some(one => one instanceof CSSTransition); tries += 1)
      await frame()
  }, theme)
}

/** Looks at screens in both themes, from wide to narrow, with whatever is open on them staying open. */
async function inspect(page: Page, screens: readonly Screen[]): Promise<void> {
  const found: string[] = []
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const screen of screens) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await show(page, screen)
    for (const { theme, width } of LOOKS) {
      await page.setViewportSize({ width, height: 900 })
      await dress(page, theme)
      for (const wrong of await wrongOn(page, theme)) found.push(`${screen.name}, ${theme}, ${width}: ${wrong}`)
    }
  }
  expect(found).toEqual([])
}

async function enterAs(page: Page, email: string): Promise<void> {
  await page.request.post('/api/auth/login', { data: { email, password: PASSWORD }, headers: { origin: server.url } })
}

test('every screen before signing in can be used by everybody, dark and light, wide and narrow', async ({ page }) => {
  test.setTimeout(180_000)
  await inspect(page, STRANGER)
})

test('every page that is shared by link can be used by everybody, dark and light, wide and narrow', async ({ page }) => {
  test.setTimeout(180_000)
  await inspect(page, shared)
})

test('every screen and dialog of a member can be used by everybody, dark and light, wide and narrow', async ({ page }) => {
  test.setTimeout(360_000)
  await enterAs(page, 'ada@example.org')
  await inspect(page, MEMBER)
})

test('every screen of executions and approvals can be used by everybody, dark and light, wide and narrow', async ({ page }) => {
  test.setTimeout(360_000)
  await enterAs(page, 'ada@example.org')
  await inspect(page, runs)
})

test('every screen says what a viewer cannot do so that everybody can read it', async ({ page }) => {
  test.setTimeout(240_000)
  await enterAs(page, 'hubert@example.org')
  await inspect(
    page,
    MEMBER.filter(screen => !screen.open),
  )
})
