import { expect } from '@playwright/test'
import { join } from '/work/main/e2e/people.ts'
import { house, signIn, test } from '/work/main/e2e/story.ts'
const server = house()
test.beforeAll(async () => { await join(server, 'Ada Lovelace', 'ada@example.org') })
for (let i = 0; i < 14; i++) test(`probe ${i}`, async ({ page }) => {
  test.setTimeout(40000)
  await page.addInitScript(() => {
    const log: string[] = []; (window as any).__log = log
    for (const t of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'scroll', 'focusin']) document.addEventListener(t, e => { const el = e.target as HTMLElement; log.push(`${Math.round(performance.now())} ${t} ${el.tagName ?? 'doc'} ${(el.textContent ?? '').slice(0, 30)} ${el.getAttribute?.('role') ?? ''} y=${scrollY}`) }, true)
  })
  const cdp = await page.context().newCDPSession(page); await cdp.send('Emulation.setCPUThrottlingRate', { rate: 8 })
  await signIn(page, 'ada@example.org')
  await page.getByRole('button', { name: /^Workspace: / }).click()
  await page.getByRole('menuitem', { name: 'New workspace' }).click()
  try { await expect(page.getByLabel('Name of the workspace')).toBeVisible({ timeout: 3000 }) } catch (e) { console.log((await page.evaluate(() => (window as any).__log)).join('\n')); throw e }
})
