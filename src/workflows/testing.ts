import { z } from 'zod'
import type { Where } from '#db/testing.ts'
import { defineBlock, defineConnector, defineCredential } from '#sdk/define.ts'
import { type Library, makeLibrary } from '#sdk/library.ts'
import { type Got, join, register, type Sent, startServer, type TestServer } from '#testing.ts'
import type { WorkflowDocument } from './document.ts'

const service = defineCredential({
  id: 'try.token',
  title: 'Try token',
  about: 'A token.',
  fields: z.object({ token: z.string().meta({ title: 'Token', ui: 'secret' }), region: z.string().meta({ title: 'Region' }) }),
})

/** Parts of a block that most of these have in common. */
const plain = {
  version: 1,
  about: 'For tests.',
  group: 'data' as const,
  icon: 'box',
  output: z.unknown(),
  effect: 'pure' as const,
  run: () => null,
}
const start = { ...plain, group: 'start' as const, example: { input: {}, output: null } }

const hand = defineBlock({
  ...start,
  id: 'try.start',
  title: 'Start',
  start: { kind: 'manual', by: 'hand' },
  input: z.strictObject({}),
})
const hook = defineBlock({
  ...start,
  id: 'try.hook',
  title: 'Hook',
  start: { kind: 'webhook', by: 'call' },
  input: z.strictObject({
    path: z.string().optional().meta({ title: 'Path' }),
    verify: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('none') }),
        z.strictObject({ kind: z.literal('hmac'), secret: z.string().optional().meta({ title: 'Secret', ui: 'secret' }) }),
      ])
      .optional()
      .meta({ title: 'Verify' }),
  }),
})
const clock = defineBlock({
  ...start,
  id: 'try.clock',
  title: 'Clock',
  start: { kind: 'schedule', by: 'time', next: (_params, after) => after + 60_000 },
  input: z.strictObject({ cron: z.string().min(1).meta({ title: 'When', ui: 'cron' }) }),
  example: { input: { cron: '* * * * *' }, output: null },
})
const echo = defineBlock({
  ...plain,
  id: 'try.echo',
  title: 'Echo',
  input: z.strictObject({
    text: z.string().optional().meta({ title: 'Text' }),
    many: z.int().min(1).optional().meta({ title: 'How many' }),
    rows: z.array(z.strictObject({ name: z.string().meta({ title: 'Row name' }), on: z.boolean().optional() })).optional(),
    choice: z.union([z.number(), z.strictObject({ at: z.number().meta({ title: 'At' }) })]).optional(),
  }),
  example: { input: {}, output: null },
})
const echoNext = { ...echo, version: 2, input: z.strictObject({ text: z.string().meta({ title: 'Text' }) }) }
const send = defineBlock({
  ...plain,
  id: 'try.send',
  title: 'Send',
  effect: 'once',
  credentials: [service],
  credentialNeeded: true,
  input: z.strictObject({
    to: z.string().meta({ title: 'To' }),
    password: z.string().optional().meta({ title: 'Password', ui: 'secret' }),
    file: z.unknown().optional().meta({ title: 'File', ui: 'file' }),
  }),
  example: { input: { to: 'a' }, output: null },
})
const each = defineBlock({
  ...plain,
  id: 'try.each',
  title: 'Each',
  loop: 'list',
  perTurn: ['result'],
  input: z.strictObject({ list: z.unknown().meta({ title: 'List' }), result: z.unknown().optional().meta({ title: 'Result' }) }),
  example: { input: { list: [] }, output: null },
})
const pick = defineBlock({
  ...plain,
  id: 'try.pick',
  title: 'Pick',
  later: ['where'],
  outlets: { each: 'names', first: ['main'] },
  effect: params => (typeof params === 'object' && params && 'names' in params ? 'pure' : 'repeatable'),
  input: z.strictObject({ names: z.array(z.string()).optional(), where: z.unknown().optional().meta({ title: 'Where' }) }),
  example: { input: {}, output: null },
})
const script = defineBlock({
  ...plain,
  id: 'try.script',
  title: 'Script',
  verbatim: ['code'],
  input: z.strictObject({ code: z.string().max(20).meta({ title: 'Code', ui: 'code' }), input: z.unknown().optional() }),
  example: { input: { code: '' }, output: null },
})
const call = defineBlock({
  ...plain,
  id: 'try.call',
  title: 'Call',
  input: z.strictObject({ workflow: z.string().meta({ title: 'Workflow', ui: 'workflow' }) }),
  example: { input: { workflow: 'wf_1' }, output: null },
})

/** A library that has one of everything, so that tests do not depend on what blocks there are. */
export const tryLibrary: Library = makeLibrary([
  defineConnector({
    id: 'try',
    title: 'Try',
    about: 'For tests.',
    credentials: [service],
    blocks: [hand, hook, clock, { ...echo }, echoNext, send, each, pick, script, call],
  }),
])

type Given = Partial<WorkflowDocument['nodes'][number]> & { id: string }

/** A node with the id as its key. */
export const node = (block: string, given: Given): WorkflowDocument['nodes'][number] => ({
  key: given.id,
  block: `try.${block}`,
  version: 1,
  params: {},
  ...given,
})

/** `a > b, b:error > c` as edges. */
export const edges = (text: string): WorkflowDocument['edges'] =>
  text
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
    .map((one, at) => {
      const [from = '', target = ''] = one.split(' > ')
      const [source = '', sourceHandle] = from.split(':')
      return { id: `e${at + 1}`, source, target, ...(sourceHandle === undefined ? {} : { sourceHandle }) }
    })

/** A whole server with the library of tests, and its people. */
export type TryServer = TestServer & {
  owner: string
  viewer: string
  operator: string
  editor: string
  stranger: string
  /** Asks as the editor unless said. */
  ask(path: string, sent?: Sent): Promise<Got>
  /** Makes a workflow and answers with it. */
  make(nodes?: unknown[], lines?: string, more?: object): Promise<Got['body']>
}

/** Starts a server for tests of workflows. */
export async function startTry(where: Where): Promise<TryServer> {
  const server = await startServer(where, { OPEN_SIGNUP: 'true' })
  server.world.library = tryLibrary
  const owner = await register(server, 'owner@example.org')
  const [viewer, operator, editor] = [
    await join(server, owner, 'viewer@example.org', 'viewer'),
    await join(server, owner, 'operator@example.org', 'operator'),
    await join(server, owner, 'editor@example.org', 'editor'),
  ]
  const stranger = await register(server, 'elsewhere@example.org')
  const ask = (path: string, sent: Sent = {}) => server.send(path, { token: editor, ...sent })
  return {
    ...server,
    owner,
    viewer,
    operator,
    editor,
    stranger,
    ask,
    async make(nodes = [node('start', { id: 'start' })], lines = '', more = {}) {
      const got = await ask('/api/workflows', { body: { name: 'Try', nodes, edges: edges(lines), ...more } })
      if (got.status !== 201) throw new Error(`${got.status} ${got.text}`)
      return got.body
    },
  }
}
