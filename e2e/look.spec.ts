import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { furnish, PASSWORD } from './people.ts'
import { MEMBER, type Screen, STRANGER, show } from './screens.ts'
import { house, test } from './story.ts'

const server = house()
const SIZES = [320, 768, 1440]

test.beforeAll(async () => {
  await furnish(server)
})

/** Nothing serious for those who do not see or point, and nothing that sticks out sideways. */
async function inspect(page: Page, screens: readonly Screen[]): Promise<string[]> {
  const found: string[] = []
  for (const screen of screens) {
    await show(page, screen)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze()
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${screen.name}: ${id} at ${nodes.map(node => node.target.join(' ')).join(', ')}`)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) found.push(`${screen.name}: ${over} pixels too wide`)
  }
  return found
}

for (const theme of ['dark', 'light'] as const)
  for (const width of SIZES)
    test(`every screen can be used by everybody, ${theme}, ${width} pixels wide`, async ({ page, context }) => {
      test.setTimeout(240_000)
      await context.addInitScript(name => {
        // Axe also looks into frames of its own, which have no storage.
        if (location.protocol !== 'about:') localStorage.setItem('pilot.theme', name)
      }, theme)
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ reducedMotion: 'reduce' })
      const found = await inspect(page, STRANGER)
      await page.request.post('/api/auth/login', {
        data: { email: 'ada@example.org', password: PASSWORD },
        headers: { origin: server.url },
      })
      found.push(...(await inspect(page, MEMBER)))
      await page.request.post('/api/auth/logout', { data: {}, headers: { origin: server.url } })
      await page.request.post('/api/auth/login', {
        data: { email: 'hubert@example.org', password: PASSWORD },
        headers: { origin: server.url },
      })
      await page.evaluate(() => sessionStorage.clear())
      found.push(
        ...(await inspect(
          page,
          MEMBER.filter(screen => !screen.open),
        )),
      )
      expect(found).toEqual([])
    })
