import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { buildDesk, serveDesk } from './desk/build.ts'
import { furnish, PASSWORD } from './people.ts'
import { house, test } from './story.ts'

const server = house()

test.beforeAll(async () => {
  test.setTimeout(180_000)
  await buildDesk()
  await furnish(server)
})

test.beforeEach(async ({ page }) => {
  await page.request.post('/api/auth/login', {
    data: { email: 'ada@example.org', password: PASSWORD },
    headers: { origin: server.url },
  })
  await serveDesk(page)
})

/** Opens the inspector of a node with these parameters. */
async function open(page: Page, block: string, params: unknown = {}, more = ''): Promise<void> {
  await page.goto(`/desk/index.html?block=${block}&params=${encodeURIComponent(JSON.stringify(params))}${more}`)
  await page.getByRole('tablist').waitFor()
}

/** What the node has become. */
const paramsOf = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse((await page.getByTestId('node').textContent()) ?? '{}').params

test('a value is completed by keyboard alone, and the field says what it becomes', async ({ page }) => {
  await open(page, 'http.request')
  const address = page.getByRole('textbox', { name: 'Address' })
  await address.focus()
  await page.keyboard.type('https://api.example.com/{{')
  await expect(page.getByRole('listbox', { name: 'What can be inserted' })).toBeVisible()
  await page.keyboard.type('fet')
  await page.keyboard.press('Enter')
  await page.keyboard.type('.body.tot')
  await page.keyboard.press('Tab')
  await expect(address).toHaveValue('https://api.example.com/{{ fetch.body.total }}')
  await page.keyboard.type(' | pl')
  await page.keyboard.press('Enter')
  await page.keyboard.type('1')
  await expect(page.getByText('https://api.example.com/4')).toBeVisible()
  expect((await paramsOf(page)).url).toBe('https://api.example.com/{{ fetch.body.total | plus: 1 }}')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('{{ fetsch.body }}')
  await page.keyboard.press('Escape')
  await expect(page.getByText('Nothing before this node is called fetsch.')).toBeVisible()
})

test('a value is picked from a tree, in the field and from the tab of the input', async ({ page }) => {
  await open(page, 'core.approve', { title: 'Pay ', message: '' })
  await page.getByRole('textbox', { name: 'Title' }).click()
  await page.keyboard.press('End')
  await page.getByRole('button', { name: 'Insert a value into “Title”' }).click()
  await page.getByRole('searchbox', { name: 'Find a value' }).fill('customer.name')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Pay {{ fetch.body.customer.name }}')
  await page.getByRole('textbox', { name: 'Message' }).fill('Dear ')
  await page.getByRole('tab', { name: 'Input' }).click()
  await expect(page.getByText('insert it into “Message”')).toBeVisible()
  await page.getByRole('treeitem').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Parameters' }).click()
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Dear {{ trigger.name }}')
})

test('every field can be an expression, and goes back to what it was', async ({ page }) => {
  await open(page, 'http.request', { acceptAnyStatus: true })
  await page.getByRole('button', { name: /^More options/ }).click()
  await expect(page.getByRole('switch', { name: 'Accept any status' })).toBeChecked()
  const turn = page.getByRole('button', { name: 'Expression for “Accept any status”' })
  await turn.click()
  await page.getByRole('textbox', { name: 'Accept any status' }).fill('{{ fetch.body.customer.vip }}')
  expect((await paramsOf(page)).acceptAnyStatus).toBe('{{ fetch.body.customer.vip }}')
  await turn.click()
  await expect(page.getByRole('switch', { name: 'Accept any status' })).toBeChecked()
  expect((await paramsOf(page)).acceptAnyStatus).toBe(true)
})

test('braces that are typed into JSON do not take the editor away', async ({ page }) => {
  await open(page, 'http.request', { bodyKind: 'json' })
  const json = page.getByRole('textbox', { name: 'JSON' })
  await json.click()
  await page.keyboard.type('"{{ fetch.body.total')
  await expect(json).toBeFocused()
  expect((await paramsOf(page)).body).toBe('{{ fetch.body.total')
  await page.keyboard.press('Escape')
  await page.getByRole('textbox', { name: 'Address' }).focus()
  await expect(page.getByRole('textbox', { name: 'JSON' })).toHaveValue('{{ fetch.body.total')
})

test('cases are added, filled in, brought into another order and removed by keyboard', async ({ page }) => {
  await open(page, 'core.switch', { cases: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] })
  await page.getByRole('button', { name: 'Move c', exact: true }).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect((await paramsOf(page)).cases).toEqual([{ name: 'c' }, { name: 'a' }, { name: 'b' }])
  await expect(page.getByRole('button', { name: 'Move c', exact: true })).toBeFocused()
  await expect(page.getByText('c is now 1 of 3.')).toBeAttached()
  await page.getByRole('button', { name: 'Add to “Cases”' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.type('d')
  await page.getByRole('button', { name: 'Remove a', exact: true }).focus()
  await page.keyboard.press('Enter')
  expect((await paramsOf(page)).cases).toEqual([{ name: 'c' }, { name: 'b' }, { name: 'd' }])
})

test('conditions are built, grouped and taken apart', async ({ page }) => {
  await open(page, 'core.if')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('{{ fetch.status }}')
  await page.getByRole('combobox', { name: 'Comparison of condition 1' }).click()
  await page.getByRole('option', { name: 'is at least' }).click()
  await page.getByRole('textbox', { name: 'What condition 1 compares with' }).fill('400')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByText('One must hold').click()
  expect(await paramsOf(page)).toEqual({
    any: [
      { left: '{{ fetch.status }}', op: 'greaterOrEqual', right: '400' },
      { left: '', op: 'equals', right: '' },
    ],
  })
  await page.getByRole('button', { name: 'Remove condition 2' }).click()
  await page.getByRole('button', { name: 'Remove condition 1' }).click()
  expect(await paramsOf(page)).toEqual({})
})

test('a schedule is put together from choices, and says when it starts next', async ({ page }) => {
  await open(page, 'schedule.cron', { cron: '0 7 * * *' })
  await expect(page.getByRole('region', { name: 'Next starts' }).getByRole('listitem')).toHaveCount(5)
  await page.getByRole('combobox', { name: 'How often' }).click()
  await page.getByRole('option', { name: 'On days of the week' }).click()
  await page.getByRole('checkbox', { name: 'Fri' }).uncheck({ force: true })
  await page.getByLabel('At', { exact: true }).fill('09:45')
  await expect.poll(async () => (await paramsOf(page)).cron).toBe('45 9 * * MON,TUE,WED,THU')
  await expect(page.getByRole('region', { name: 'Next starts' })).toContainText('9:45')
  await page.getByText('Cron', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Times' }).fill('nonsense')
  await expect(page.getByRole('region', { name: 'Next starts' })).toContainText(/cron/i)
})

test('a credential is made where it is needed, and used', async ({ page }) => {
  await open(page, 'http.request')
  await page.getByRole('button', { name: 'Credential', exact: true }).click()
  await page.getByRole('button', { name: 'New credential' }).click()
  const dialog = page.getByRole('dialog', { name: 'New credential' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('This is needed.').or(dialog.locator('[aria-invalid="true"]')).first()).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('Shop')
  await dialog.getByLabel(/^User/).fill('ada')
  await dialog
    .getByLabel(/^Password/)
    .first()
    .fill('{{ not a template }}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await expect(page.getByRole('button', { name: 'Credential', exact: true })).toContainText('Shop')
  expect(JSON.parse((await page.getByTestId('node').textContent()) ?? '{}').credential).toMatch(/^\w+_/)
})

test('code and JSON are edited in an editor that obeys the content policy', async ({ page }) => {
  await open(page, 'core.code', { input: { n: 1 } })
  const code = page.getByRole('textbox', { name: 'Code' })
  await code.click()
  await page.keyboard.type('return inp')
  await page.getByRole('option', { name: 'input' }).click()
  await page.keyboard.type('.n')
  await page.keyboard.press('Escape')
  expect((await paramsOf(page)).code).toBe('return input.n')
  const input = page.getByRole('textbox', { name: 'Input', exact: true })
  await input.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('{"n": {{ x')
  await expect(page.getByText('Put expressions in quotes.')).toBeVisible()
  // The last that was JSON, when the editor had closed the brackets by itself.
  expect((await paramsOf(page)).input).toEqual({ n: {} })
})

test('HTML is text in which templates are offered, and not JavaScript', async ({ page }) => {
  await open(page, 'email.send', { to: 'ada@example.org', subject: 'x' })
  await page.getByRole('textbox', { name: 'HTML' }).click()
  await page.keyboard.type('<b>{{ fetch.sta')
  await page.getByRole('option', { name: /^status/ }).click()
  expect((await paramsOf(page)).html).toBe('<b>{{ fetch.status}}')
})

test('a model is chosen from the list or typed, and the demo says what it is', async ({ page }) => {
  await open(page, 'ai.write')
  const model = page.getByRole('button', { name: 'Model', exact: true })
  await expect(model).toContainText('Demo')
  await model.click()
  await page.getByRole('combobox', { name: 'Search in “Model”' }).fill('openai/gpt-x')
  await page.keyboard.press('Enter')
  await expect(model).toContainText('not in the list')
  expect((await paramsOf(page)).model).toBe('openai/gpt-x')
})

test('what was put out is looked at as a tree, searched, pinned and written by hand', async ({ page }) => {
  await open(page, 'http.request')
  await page.getByRole('tab', { name: 'Output' }).click()
  const tree = page.getByRole('tree', { name: 'Output' })
  await expect(tree).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search in it' }).fill('مفتاح')
  await page.keyboard.press('Enter')
  await expect(tree.getByText('مفتاح')).toBeVisible()
  await page.getByRole('button', { name: 'Pin this output' }).click()
  await expect(page.getByText('Published runs never use it.')).toBeVisible()
  await page.getByRole('button', { name: 'Unpin' }).click()
  await expect(page.getByText('Published runs never use it.')).toHaveCount(0)
})

test('settings are kept, and a key that is taken is refused in words', async ({ page }) => {
  await open(page, 'http.request')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByLabel('Key').fill('fetch')
  await expect(page.getByText('Another node has this key.')).toBeVisible()
  await page.getByLabel('Key').fill('orders')
  await page.getByLabel('Key').press('Enter')
  await page.getByRole('combobox', { name: 'When it fails' }).click()
  await page.getByRole('option', { name: /Take the way/ }).click()
  await page.getByRole('textbox', { name: 'Attempts' }).fill('5')
  const node = JSON.parse((await page.getByTestId('node').textContent()) ?? '{}')
  expect([node.key, node.onError, node.retry]).toEqual(['orders', 'route', { attempts: 5 }])
})

test('in the editor a node is opened by Enter, filled in with what an earlier run has put out, and saved', async ({ page }) => {
  const { body } = await server.call('POST', '/api/auth/login', { body: { email: 'ada@example.org', password: PASSWORD } })
  const token = String(body.token)
  const nodes = [
    { id: 'a', key: 'start', block: 'manual.start', params: {} },
    { id: 'b', key: 'make', block: 'core.set', params: { fields: { town: 'Bonn' } } },
    { id: 'c', key: 'say', block: 'data.template', name: 'Say it', params: {} },
  ]
  const edges = [
    { source: 'a', target: 'b' },
    { source: 'b', target: 'c' },
  ]
  const { body: made } = await server.call('POST', '/api/workflows', {
    token,
    body: { name: 'Town', nodes: nodes.slice(0, 2), edges: edges.slice(0, 1) },
  })
  await server.call('POST', `/api/workflows/${made.id}/execute`, { token, body: { input: { who: 'Ada' }, wait: true } })
  await server.call('PUT', `/api/workflows/${made.id}`, { token, body: { rev: made.rev, nodes, edges } })
  await page.goto(`/workflow/${made.id}`)
  await page.getByText('Say it').first().click()
  await page.keyboard.press('Enter')
  const inspector = page.getByRole('region', { name: 'Node Say it' })
  const template = inspector.getByRole('textbox').first()
  await template.focus()
  await page.keyboard.type('In {{mak')
  await page.keyboard.press('Enter')
  await page.keyboard.type('.to')
  await page.keyboard.press('Enter')
  await expect(template).toHaveValue('In {{ make.town }}')
  await expect(inspector.getByText('In Bonn')).toBeVisible()
  await expect
    .poll(async () => JSON.stringify((await server.call('GET', `/api/workflows/${made.id}`, { token })).body.nodes))
    .toContain('In {{ make.town }}')
  await inspector.getByRole('button', { name: 'Close' }).click()
  await expect(inspector).toHaveCount(0)
})

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What a person with a screen reader, or with little sight, would stumble over. */
async function wrongOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return [
    ...violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id} at ${nodes.map(node => node.target.join(' ')).join(', ')}`),
    ...(over > 0 ? [`${over} pixels too wide`] : []),
  ]
}

const FILLED: Record<string, unknown> = {
  'http.request': {
    url: 'https://x/{{ fetch.status }}',
    headers: { a: '{{ now }}' },
    pagination: { kind: 'page' },
    query: { q: 1 },
  },
  'webhook.receive': { verify: { kind: 'hmac' }, methods: ['GET', 'POST'], allow: ['10.0.0.0/8'], rate: { calls: 5 } },
  'core.if': { all: [{ left: '{{ fetch.status }}', op: 'less', right: 3 }, { any: [{ left: 'x', op: 'isTrue' }] }] },
  'core.switch': { cases: [{ name: 'only', when: { all: [{ left: 'x', op: 'equals', right: 'y' }] } }] },
  'schedule.cron': { cron: '0 7 * * MON' },
  'manual.start': { fields: [{ name: 'meal', type: 'choice', options: ['Fish'] }] },
  'core.code': { code: 'return 1' },
  'core.approve': { title: 'x', assignees: ['ada@example.org'], deadline: '{{ trigger.day }}' },
  'event.on': { event: ['order.paid'] },
  'ai.write': {},
  'ai.extract': { fields: [{ name: 'total', type: 'number' }] },
}

test('the fields of every sort can be used by everybody, dark and light, wide and narrow', async ({ page }) => {
  test.setTimeout(600_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const wrong: string[] = []
  for (const [block, params] of Object.entries(FILLED)) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await open(page, block, params, '&tool')
    const more = page.getByRole('button', { name: /^More options/ })
    if (await more.count()) await more.click()
    for (const tab of ['Parameters', 'Input', 'Output', 'Settings']) {
      const at = page.getByRole('tab', { name: tab })
      if ((await at.count()) === 0) continue
      await at.click()
      const looks =
        tab === 'Parameters' || block === 'http.request'
          ? ([
              ['dark', 1440],
              ['light', 320],
              ['light', 1920],
              ['dark', 390],
            ] as const)
          : ([['light', 390]] as const)
      for (const [theme, width] of looks) {
        await page.setViewportSize({ width, height: 900 })
        await page.evaluate(name => document.documentElement.setAttribute('data-theme', name), theme)
        await page.waitForFunction(() => !document.getAnimations().some(one => one instanceof CSSTransition))
        for (const found of await wrongOn(page)) wrong.push(`${block} ${tab}, ${theme}, ${width}: ${found}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
