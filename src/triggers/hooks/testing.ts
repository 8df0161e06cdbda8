import { after, before, describe } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Drawing, type Stage, setStage } from '#executions/testing.ts'

/** A published webhook. */
export type Opened = { id: string; trigger: string; path: string }

/** What tests of webhooks stand on. */
export type Yard = {
  readonly stage: Stage
  /** Publishes a webhook that echoes what it is given. */
  open(params?: Record<string, unknown>, node?: Record<string, unknown>): Promise<Opened>
  publish(drawing: Drawing): Promise<Opened>
  /** How many executions a workflow has. */
  count(id: string): Promise<number>
  /** The lines of the ledger of a trigger, newest first. */
  lines(trigger: string): Promise<Line[]>
  /** Makes a credential. */
  credential(values: Record<string, string>, kind?: string): Promise<string>
}

/** A line of the ledger, as far as tests look at it. */
export type Line = {
  id: string
  outcome: string
  why: { code: string; message: string } | null
  executionId: string | null
  call: { method: string; path: string; address: string; bytes: number } | null
  times: number
  replayable: boolean
}

/** A webhook that echoes what it is given, as its drawing. */
export const echoing = (params: Record<string, unknown>, node: Record<string, unknown> = {}): Drawing => ({
  nodes: [
    { key: 'hook', block: 'webhook.receive', params: { reply: 'finished', ...params }, ...node },
    { key: 'echo', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } },
  ],
  edges: ['hook -> echo'],
})

/** Tests of webhooks, on both databases. */
export function onBoth(what: string, tests: (yard: Yard) => void, settings: Record<string, string> = {}): void {
  for (const kind of databases()) {
    describe(`${what} (${kind.name})`, { skip: kind.skip }, () => {
      let stage: Stage
      before(async () => {
        stage = await setStage(await kind.place(), settings)
      })
      after(() => stage.close())
      tests(yardOf(() => stage))
    })
  }
}

function yardOf(at: () => Stage): Yard {
  async function publish(drawing: Drawing): Promise<Opened> {
    const id = await at().publish(drawing)
    const { items } = await at().get(`/api/triggers?workflowId=${id}`)
    return { id, trigger: items[0].id, path: new URL(items[0].url).pathname }
  }
  return {
    get stage() {
      return at()
    },
    publish,
    open: (params = {}, node = {}) => publish(echoing(params, node)),
    count: async id => (await at().get(`/api/executions?workflowId=${id}&limit=200`)).items.length,
    lines: async trigger => (await at().get(`/api/triggers/${trigger}/activity?limit=200`)).items,
    credential: async (values, kind = 'webhook.secret') =>
      (await at().post('/api/credentials', { name: 'a secret', kind, values })).id,
  }
}
