import type { Screen } from './screens.ts'
import type { Server } from './server.ts'

type Node = { key: string; block: string; params?: unknown; parent?: string; askFirst?: boolean; onError?: string }

/** Makes a workflow that is drawn from left to right, publishes it, and answers with its id. */
export async function publishRun(server: Server, token: string, name: string, nodes: Node[], edges?: unknown[]): Promise<string> {
  const top = nodes.filter(node => node.parent === undefined)
  const chain = top.slice(1).map(({ key }, at) => ({ source: top[at]?.key, target: key }))
  const spots = Object.fromEntries(
    nodes.map(({ key, parent }) => [key, parent ? { x: 40, y: 80 } : { x: top.findIndex(one => one.key === key) * 340, y: 0 }]),
  )
  const body = {
    name,
    nodes: nodes.map(node => ({ id: node.key, ...node })),
    edges: edges ?? chain,
    layout: { nodes: spots, notes: [], groups: [] },
  }
  const made = await server.call('POST', '/api/workflows', { token, body })
  if (made.status >= 300) throw new Error(`it cannot be made: ${JSON.stringify(made.body)}`)
  const live = await server.call('POST', `/api/workflows/${made.body.id}/publish`, { token, body: {} })
  if (live.status >= 300) throw new Error(`it cannot be published: ${JSON.stringify(live.body)}`)
  return String(made.body.id)
}

/** Starts a workflow; with `wait` it has ended, or rests, when this is over. */
export async function startRun(server: Server, token: string, id: string, input: unknown = {}, wait = false): Promise<string> {
  const { status, body } = await server.call('POST', `/api/workflows/${id}/execute`, { token, body: { input, wait } })
  if (status >= 300) throw new Error(`it cannot be started: ${JSON.stringify(body)}`)
  return String(body.executionId)
}

/** Waits for the first question of an execution, and answers with its id. */
export async function askedBy(server: Server, token: string, execution: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await server.call('GET', `/api/approvals?executionId=${execution}`, { token })
    const [one] = Array.isArray(body.items) ? body.items : []
    if (one) return String(one.id)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`${execution} asks nobody`)
}

/** A greeting that is the same each time: start, a text, and one more. */
export const GREETING: Node[] = [
  { key: 'start', block: 'manual.start' },
  { key: 'greet', block: 'core.set', params: { fields: { text: 'Hello {{ trigger.name }}' } } },
  { key: 'shout', block: 'core.set', params: { fields: { text: '{{ greet.text }}!' } } },
]

/** A payment somebody has to approve. */
export const PAYMENT: Node[] = [
  { key: 'start', block: 'manual.start' },
  {
    key: 'ask',
    block: 'core.approve',
    params: {
      title: 'Pay invoice 4711?',
      message: '99 € to Ada Ltd., due on Friday.\nThe parts have arrived and were counted.',
      fields: [
        { name: 'amount', title: 'Amount', type: 'number', required: true },
        { name: 'account', title: 'Account', type: 'select', options: ['Main', 'Reserve'], required: true, default: 'Main' },
        { name: 'note', title: 'Note for the bank', type: 'longtext' },
      ],
      deadline: '2d',
    },
  },
  { key: 'pay', block: 'core.set', params: { fields: { paid: '{{ ask.fields.amount }}' } } },
]

/** How its nodes are connected. */
export const PAID = [
  { source: 'start', target: 'ask' },
  { source: 'ask', sourceHandle: 'approved', target: 'pay' },
]

/** What a workspace has after some work: executions of every kind, and questions. Answers with the screens that show them. */
export async function runScreens(server: Server, token: string): Promise<Screen[]> {
  const greeting = await publishRun(server, token, 'Greet new members', GREETING)
  const failing = await publishRun(server, token, 'Fetch the exchange rates', [
    { key: 'start', block: 'manual.start' },
    { key: 'fetch', block: 'http.request', params: { url: 'http://127.0.0.1:9/rates' } },
    { key: 'keep', block: 'core.set', params: { fields: { rate: '{{ fetch.body }}' } } },
  ])
  const loop = await publishRun(server, token, 'Every number of the list', [
    { key: 'start', block: 'manual.start' },
    { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.list }}' } },
    { key: 'double', block: 'core.set', params: { fields: { twice: '{{ item }}{{ item }}' } }, parent: 'each' },
  ])
  const payment = await publishRun(server, token, 'Pay what is due', PAYMENT, PAID)
  const first = await startRun(server, token, greeting, { name: 'Ada' }, true)
  const second = await startRun(server, token, greeting, { name: 'Grace' }, true)
  const failed = await startRun(server, token, failing, {}, true)
  const looped = await startRun(server, token, loop, { list: [1, 2, 3, 4, 5] }, true)
  const paused = await startRun(server, token, payment)
  const question = await askedBy(server, token, paused)
  return [
    { name: 'executions', path: '/executions' },
    { name: 'executions-none', path: '/executions?trigger=nothing' },
    { name: 'execution', path: `/execution/${second}` },
    { name: 'execution-node', path: `/execution/${second}?node=shout` },
    { name: 'execution-failed', path: `/execution/${failed}?node=fetch` },
    { name: 'execution-loop', path: `/execution/${looped}?node=double` },
    { name: 'execution-paused', path: `/execution/${paused}` },
    {
      name: 'execution-fork',
      path: `/execution/${second}`,
      async open(page) {
        await page.getByRole('button', { name: 'Fork', exact: true }).click()
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      name: 'execution-compare-with',
      path: `/execution/${second}`,
      async open(page) {
        await page.getByRole('button', { name: 'Compare', exact: true }).click()
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'execution-compared', path: `/execution/${second}?with=${first}` },
    { name: 'approvals', path: '/approvals' },
    { name: 'approval', path: `/approvals/${question}` },
  ]
}
