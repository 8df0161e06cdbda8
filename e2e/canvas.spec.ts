import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { furnish, PASSWORD } from './people.ts'
import { house, test } from './story.ts'

const server = house()
let token = ''

test.beforeAll(async () => {
  token = await furnish(server)
})

type Node = { id: string; key: string; block: string; parent?: string }
type Edge = { source: string; target: string; sourceHandle?: string }

/** Makes a workflow and opens it. */
async function open(page: Page, body: Record<string, unknown> = {}): Promise<string> {
  const { body: made } = await server.call('POST', '/api/workflows', { token, body: { name: 'Orders', ...body } })
  await page.request.post('/api/auth/login', {
    data: { email: 'ada@example.org', password: PASSWORD },
    headers: { origin: server.url },
  })
  await page.goto(`/workflow/${made.id}`)
  await expect(page.getByRole('heading', { name: 'Orders' })).toBeVisible()
  return String(made.id)
}

/** The edges that the server has, by the blocks at their ends, once what was drawn is saved. */
async function saved(page: Page, id: string): Promise<string[]> {
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  const { body } = await server.call('GET', `/api/workflows/${id}`, { token })
  const { nodes, edges } = body as { nodes: Node[]; edges: Edge[] }
  const block = (one: string) => nodes.find(node => node.id === one)?.block
  return edges.map(({ source, target, sourceHandle = 'main' }) => `${block(source)} ${sourceHandle} ${block(target)}`).sort()
}

const DRAWN = ['core.if no core.stop', 'core.if yes core.set', 'webhook.receive main core.if']
const node = (page: Page, name: string) => page.locator('.react-flow__node').filter({ hasText: name })

test('somebody draws a webhook, an if and two ends with the mouse', async ({ page }) => {
  const id = await open(page)
  await page
    .getByRole('button', { name: 'Webhook' })
    .or(page.getByRole('option', { name: /^Webhook/ }))
    .last()
    .click()
  await expect(node(page, 'Webhook')).toBeVisible()

  // From the library by dragging, then connected from dot to dot.
  const ground = await page.getByRole('region', { name: 'Canvas' }).boundingBox()
  if (!ground) throw new Error('the canvas is not there')
  await page.getByRole('option', { name: /^If/ }).dragTo(page.locator('.react-flow__pane'), {
    targetPosition: { x: ground.width * 0.75, y: ground.height * 0.5 },
  })
  await expect(node(page, 'If')).toBeVisible()
  await node(page, 'Webhook').locator('.react-flow__handle.source').hover()
  await page.mouse.down()
  await node(page, 'If').locator('.react-flow__handle.target').hover()
  await page.mouse.up()
  await expect(page.locator('.react-flow__edge')).toHaveCount(1)

  // The + behind each way out asks what comes next.
  for (const [way, words] of [
    ['yes', 'set fields'],
    ['no', 'stop'],
  ] as const) {
    await node(page, 'If').hover()
    await node(page, 'If')
      .getByRole('button', { name: `Add after “${way}”` })
      .click()
    await page.getByRole('combobox', { name: 'Search for what it should do' }).last().fill(words)
    await page.keyboard.press('Enter')
    await page.keyboard.press('f')
  }
  await expect(page.locator('.react-flow__edge')).toHaveCount(3)
  await expect.poll(() => saved(page, id)).toEqual(DRAWN)
  for (const name of ['Webhook', 'If', 'Set fields', 'Stop']) await expect(node(page, name)).toBeInViewport({ ratio: 0.99 })

  // What is deleted comes back.
  await node(page, 'If').click()
  await page.keyboard.press('Delete')
  await expect(page.locator('.react-flow__edge')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(page.locator('.react-flow__edge')).toHaveCount(3)
})

test('somebody draws the same by keyboard alone, in the outline', async ({ page }) => {
  const id = await open(page)
  const focused = page.locator(':focus')
  // The way to the outline: from the beginning of the page with Tab alone.
  await page.getByRole('radio', { name: 'Canvas' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Outline' })).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(focused).toHaveText('Add')

  const add = async (key: string, words: string) => {
    await page.keyboard.press(key)
    await page.getByRole('combobox', { name: 'Search for what it should do' }).waitFor()
    await page.keyboard.type(words)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await add('Enter', 'webhook')
  const line = (name: RegExp) => page.getByRole('treeitem', { name })
  await expect(line(/^Webhook/)).toBeFocused()
  await add('a', 'bedingung')
  await expect(line(/^If/)).toBeFocused()
  await add('a', 'set fields')
  await expect(line(/^yes Set fields/)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(line(/^If/)).toBeFocused()
  await add('a', 'stop')
  await expect(line(/^no /)).toBeFocused()
  await expect.poll(() => saved(page, id)).toEqual(DRAWN)

  // Named, and its key with it.
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Too small')
  await page.keyboard.press('Enter')
  await expect(line(/^no Too small/)).toBeFocused()

  // Cut off and connected again from a list.
  await page.keyboard.press('Delete')
  await expect(line(/^no /)).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(line(/^no Too small/)).toHaveCount(1)
  await expect.poll(() => saved(page, id)).toEqual(DRAWN)
})

test('nodes fall into a frame that they are dropped on, and are copied with what they name', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, {
    nodes: [
      { id: 'a', key: 'start', block: 'manual.start' },
      { id: 'b', key: 'forEach', block: 'core.forEach', params: { list: '{{ start.list }}' } },
      { id: 'c', key: 'wait', block: 'core.wait', params: { for: '1s' } },
    ],
    layout: { nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: -60 }, c: { x: 300, y: 220 } } },
  })
  const from = await node(page, 'Wait').boundingBox()
  const frame = await page.locator('.react-flow__node-frame').boundingBox()
  if (!from || !frame) throw new Error('nothing is drawn')
  await page.mouse.move(from.x + 60, from.y + 20)
  await page.mouse.down()
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2, { steps: 8 })
  await expect(page.locator('.node-over')).toHaveCount(1)
  await page.mouse.up()
  await page.getByRole('radio', { name: 'Outline' }).check({ force: true })
  await expect(page.getByRole('treeitem', { name: /^Wait/ })).toHaveAttribute('aria-level', '2')

  await page.getByRole('treeitem', { name: /^For each/ }).focus()
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect(page.getByRole('treeitem')).toHaveCount(5)
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).nodes).toHaveLength(2)
})

test('the canvas, the outline and what opens over them can be used by everybody, dark and light', async ({ page }) => {
  test.setTimeout(120_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const found: string[] = []
  const look = async (where: string) => {
    const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]').options({ resultTypes: ['violations'] })
    const { violations } = await axe.analyze()
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${where}: ${id} at ${nodes.map(one => one.target.join(' ')).join(', ')}`)
  }
  await open(page, {
    nodes: [
      { id: 'a', key: 'start', block: 'manual.start' },
      { id: 'b', key: 'forEach', block: 'core.forEach', params: { list: '{{ start.list }}' } },
      { id: 'c', key: 'wait', block: 'core.wait', params: { for: '1s' }, parent: 'b' },
      { id: 'd', key: 'gone', block: 'sms.send', disabled: true },
    ],
    edges: [{ source: 'a', target: 'b' }],
    layout: {
      nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: -60 }, c: { x: 32, y: 72 }, d: { x: 0, y: 200 } },
      notes: [{ id: 'n', x: 0, y: -200, width: 200, height: 100, text: 'Ask Ada.', color: 'yellow' }],
      groups: [{ id: 'g', title: 'Later', color: 'green', nodes: ['d'] }],
    },
  })
  await expect(node(page, 'Wait')).toBeVisible()
  for (const theme of ['dark', 'light']) {
    await page.evaluate(name => document.documentElement.setAttribute('data-theme', name), theme)
    await page.waitForFunction(() => !document.getAnimations().some(one => one instanceof CSSTransition))
    await look(`canvas, ${theme}`)
    await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } })
    for (const [keys, words] of [
      ['a', 'library'],
      ['?', 'help'],
      ['Control+f', 'find'],
    ] as const) {
      await page.keyboard.press(keys)
      await page.getByRole('dialog').waitFor()
      await look(`${words}, ${theme}`)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await page.getByRole('radio', { name: 'Outline' }).check({ force: true })
    await page.getByRole('treeitem').first().waitFor()
    await look(`outline, ${theme}`)
    await page.getByRole('radio', { name: 'Canvas' }).check({ force: true })
  }
  expect(found).toEqual([])
})
