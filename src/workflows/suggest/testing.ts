import assert from 'node:assert/strict'
import type { Where } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { type Answer, chunk, DONE, reply, type Sent, startWire, stream, type Wire } from '#models/testing.ts'
import { type Got, join } from '#testing.ts'

/** A node as a model would answer it. */
export const planned = (key: string, block: string, params: object = {}, more: object = {}) => ({
  key,
  block,
  name: key,
  params: JSON.stringify(params),
  inside: null,
  credential: null,
  settings: '{}',
  ...more,
})

/** An edge, as `a:yes > b`. */
const edge = (text: string) => {
  const [from = '', to = ''] = text.split(' > ')
  const [key = '', outlet = 'main'] = from.split(':')
  return { from: key, outlet, to }
}

/** A whole answer; edges as `a > b, b:yes > c`. */
export const answer = (nodes: unknown[], edges = '', more: object = {}) => ({
  explanation: 'It does what you want.',
  name: 'Made',
  description: 'For a test.',
  nodes,
  connect: edges === '' ? [] : edges.split(', ').map(edge),
  disconnect: [],
  remove: [],
  variables: '{}',
  timezone: null,
  ...more,
})

/** Two nodes with nothing wrong about them. */
export const good = () =>
  answer(
    [planned('start', 'manual.start'), planned('hello', 'core.set', { fields: { text: 'Hi {{ trigger.name }}' } })],
    'start > hello',
  )

const COUNTS = `data: ${JSON.stringify({ id: 'c_1', choices: [], usage: { prompt_tokens: 1000, completion_tokens: 50 } })}\n\n`

/** Says a text as a stream of small pieces. */
export const says = (text: unknown, finish = 'stop'): Answer => {
  const whole = typeof text === 'string' ? text : JSON.stringify(text)
  const pieces = whole.match(whole.length > 10_000 ? /[\s\S]{1,500}/gu : /[\s\S]{1,16}/gu) ?? []
  return stream([...pieces.map(content => chunk({ content })), chunk({}, finish), COUNTS, DONE])
}

/** A server with a workspace whose model is a wire that the test speaks for. */
export type Ground = Stage & {
  wire: Wire
  editor: string
  viewer: string
  /** What the model was asked, without the lists of models. */
  asked(): Sent[]
  /** What comes next of the model. */
  model(...answers: Answer[]): void
  generate(body: object, token?: string): Promise<Got>
}

/** Starts one. `real` says whether there is a credential of a model. */
export async function setGround(where: Where, { real = true, settings = {} } = {}): Promise<Ground> {
  const stage = await setStage(where, settings)
  const wire = await startWire()
  const [editor, viewer] = [
    await join(stage.server, stage.token, 'editor@example.org', 'editor'),
    await join(stage.server, stage.token, 'viewer@example.org', 'viewer'),
  ]
  if (real) {
    const values = { baseUrl: `${wire.url}/v1`, apiKey: 'sk-test-0123456789abcdef' }
    await stage.post('/api/credentials', { name: 'near', kind: 'compatible', values }, 201)
  }
  return {
    ...stage,
    wire,
    editor,
    viewer,
    asked: () => wire.sent.filter(one => one.method === 'POST'),
    model(...answers) {
      let left = answers
      wire.says((response, sent) => {
        if (sent.method === 'GET') return reply({ data: [{ id: 'nomic-embed-text' }, { id: 'llama3' }] })(response, sent)
        const [next = says('nothing more')] = left
        left = left.length > 1 ? left.slice(1) : left
        return next(response, sent)
      })
    },
    generate: (body, token = editor) => stage.server.send('/api/ai/generate-workflow', { token, body }),
    async close() {
      await wire.stop()
      await stage.close()
    },
  }
}

/** The events of a stream that has ended. */
export function eventsOf(text: string): { event: string; data: ReturnType<typeof JSON.parse> }[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data: JSON.parse(data),
  }))
}

/** What the model was asked in the n-th call, as one text. */
export function wordsOf(sent: Sent | undefined): string {
  assert.ok(sent)
  return sent.body.messages
    .map((one: { content: unknown }) => (typeof one.content === 'string' ? one.content : JSON.stringify(one.content)))
    .join('\n')
}
