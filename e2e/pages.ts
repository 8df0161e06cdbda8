import type { Page } from '@playwright/test'
import type { Screen } from './screens.ts'
import type { Server } from './server.ts'

/** Where the pages of the stories are that are shared by link. */
export type Pages = { form: string; thanks: string; locked: string; failing: string; waiting: string; chat: string }

type Node = { key: string; block: string; params?: unknown; credential?: string }

const FIELDS = [
  { name: 'name', title: 'Your name', required: true, placeholder: 'Ada Lovelace', max: 80 },
  { name: 'mail', title: 'E-mail', type: 'email', required: true, help: 'Only for questions about this order.' },
  { name: 'seats', title: 'Seats', type: 'number', min: 1, max: 8, default: 2, required: true },
  { name: 'day', title: 'Day', type: 'date' },
  { name: 'meal', title: 'Meal', type: 'choice', options: ['Fish', 'Vegetables', 'Nothing'], required: true },
  {
    name: 'city',
    title: 'City',
    type: 'choice',
    options: ['Athens', 'Berlin', 'Cairo', 'Delhi', 'Edinburgh', 'Fukuoka', 'Ghent'],
  },
  { name: 'topics', title: 'Topics', type: 'multichoice', options: ['Engines', 'Looms', 'Numbers'], max: 2 },
  { name: 'site', title: 'Your page', type: 'url', placeholder: 'https://' },
  { name: 'paper', title: 'Something to read', type: 'file' },
  { name: 'notes', title: 'Anything else?', type: 'longtext' },
  { name: 'terms', title: 'I agree that this is kept for a month.', type: 'boolean', required: true },
]

/** Publishes a workflow of nodes one behind the other and answers with the path of its page. */
async function publish(server: Server, token: string, nodes: Node[], edges?: unknown[]): Promise<string> {
  const chain = nodes.slice(1).map(({ key }, at) => ({ source: nodes[at]?.key, target: key }))
  const body = { name: 'shared', nodes: nodes.map(node => ({ id: node.key, ...node })), edges: edges ?? chain }
  const made = await server.call('POST', '/api/workflows', { token, body })
  const live = await server.call('POST', `/api/workflows/${made.body.id}/publish`, { token, body: {} })
  if (live.status >= 300) throw new Error(`it cannot be published: ${JSON.stringify(live.body)}`)
  const { body: listed } = await server.call('GET', `/api/triggers?workflowId=${made.body.id}`, { token })
  const [trigger] = Array.isArray(listed.items) ? listed.items : []
  return new URL(String(trigger.url)).pathname
}

const start = (params: unknown, more: { credential?: string } = {}): Node => ({
  key: 'ask',
  block: 'manual.start',
  params,
  ...more,
})
const set = (fields: unknown): Node => ({ key: 'end', block: 'core.set', params: { fields } })

/** Shares a form of every kind of field, forms that thank, fail, wait and ask for a password, and a chat. */
export async function publishPages(server: Server, token: string): Promise<Pages> {
  const body = { name: 'Gate', kind: 'form.password', values: { password: 'open sesame' } }
  const { body: made } = await server.call('POST', '/api/credentials', { token, body })
  const one = [{ name: 'name', title: 'Your name', required: true }]
  const title = 'Dinner at the mill'
  const description = 'We meet on the first Monday of the month.\nTell us who comes, and what you would like to hear about.'
  const order = {
    orderId: 'A-4711',
    summary: 'A table for {{ trigger.seats }}, {{ trigger.name }}.',
    paper: '{{ trigger.paper }}',
    topics: '{{ trigger.topics }}',
    details: { seats: '{{ trigger.seats }}', meal: '{{ trigger.meal }}' },
  }
  const fail: Node = { key: 'fail', block: 'core.stop', params: { outcome: 'failed', message: 'the secret reason' } }
  const answer = set({
    text: 'You said: {{ trigger.message }}\n\nThis is the answer number {{ trigger.history | size | divided_by: 2 | plus: 1 }} in this conversation.',
    file: '{{ trigger.files[0] }}',
  })
  return {
    form: await publish(server, token, [
      start({ fields: FIELDS, share: { title, description, submit: 'Reserve', result: 'output' } }),
      set(order),
    ]),
    thanks: await publish(server, token, [
      start({ fields: one, share: { title: 'Feedback', message: 'We read every word.\nSee you soon.' } }),
      set({}),
    ]),
    locked: await publish(server, token, [
      start({ fields: one, share: { title: 'For friends', password: true } }, { credential: String(made.id) }),
      set({}),
    ]),
    failing: await publish(server, token, [start({ fields: one, share: { title: 'Report', result: 'output' } }), fail]),
    waiting: await publish(server, token, [
      start({ fields: one, share: { title: 'Slow', result: 'stream' } }),
      {
        key: 'say',
        block: 'core.respond',
        params: { body: { text: 'We have it, {{ trigger.name }}. A person looks at it now.' } },
      },
      { key: 'wait', block: 'core.wait', params: { for: '1h' } },
    ]),
    chat: await publish(
      server,
      token,
      [
        start({
          fields: [{ name: 'files', type: 'files' }],
          share: { as: 'chat', title: 'Ask the mill', description: 'It knows everything about grinding numbers.' },
        }),
        { key: 'if', block: 'core.if', params: { all: [{ left: '{{ trigger.message }}', op: 'equals', right: 'fail' }] } },
        { key: 'wait', block: 'core.wait', params: { for: '700ms' } },
        answer,
        fail,
      ],
      [
        { source: 'ask', target: 'if' },
        { source: 'if', sourceHandle: 'yes', target: 'fail' },
        { source: 'if', sourceHandle: 'no', target: 'wait' },
        { source: 'wait', target: 'end' },
      ],
    ),
  }
}

/** Sends the form with one field. */
const sendName = async (page: Page) => {
  await page.evaluate(() => sessionStorage.clear())
  await page.reload()
  await page.getByLabel('Your name').fill('Ada')
  await page.getByRole('button', { name: 'Send' }).click()
}

/** Fills in everything that the long form must have. */
export async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Vegetables').check()
  await page.getByLabel('Engines').check()
  await page.getByLabel('Looms').check()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'Notes on the engine.txt', mimeType: 'text/plain', buffer: Buffer.from('dear all') })
  await page.getByRole('button', { name: 'Take Notes on the engine.txt away' }).waitFor()
  await page.getByLabel(/^I agree/).check()
}

/** What is shared, in the states that one sees. */
export const screensOf = (pages: Pages): readonly Screen[] => [
  { name: 'form', path: pages.form },
  {
    name: 'form-wrong',
    path: pages.form,
    async open(page) {
      await page.getByLabel('E-mail').fill('nobody')
      await page.getByLabel('Seats').fill('12')
      await page.getByRole('button', { name: 'Reserve' }).click()
      await page.getByText('At most 8.').waitFor()
    },
  },
  {
    name: 'form-filled',
    path: pages.form,
    open: fillIn,
  },
  {
    name: 'form-result',
    path: pages.form,
    async open(page) {
      await fillIn(page)
      await page.getByRole('button', { name: 'Reserve' }).click()
      await page.getByText('A-4711').waitFor()
    },
  },
  {
    name: 'form-thanks',
    path: pages.thanks,
    async open(page) {
      await sendName(page)
      await page.getByText('We read every word.').waitFor()
    },
  },
  {
    name: 'form-failed',
    path: pages.failing,
    async open(page) {
      await sendName(page)
      await page.getByText('This could not be finished').waitFor()
    },
  },
  {
    name: 'form-working',
    path: pages.waiting,
    async open(page) {
      await sendName(page)
      await page.getByText('A person looks at it now.').waitFor()
    },
  },
  {
    name: 'form-locked',
    path: pages.locked,
    async open(page) {
      await page.getByLabel('Password', { exact: true }).fill('wrong')
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'form-gone', path: '/form/nothing-is-here-at-all' },
  { name: 'chat', path: pages.chat },
  {
    name: 'chat-talk',
    path: pages.chat,
    async open(page) {
      const box = page.getByLabel('Your message')
      await box.fill('How many teeth has the difference engine?')
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'drawing.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
      await page.getByRole('button', { name: 'Take drawing.txt away' }).waitFor()
      await box.press('Enter')
      await page.getByText('You said: How many').waitFor()
      await box.fill('fail')
      await box.press('Enter')
      await page.getByRole('button', { name: 'Send again' }).waitFor()
      await box.fill('And who cleans them?\nEvery day?')
      await box.press('Enter')
      await page.getByText('Being worked on').waitFor()
    },
  },
]
