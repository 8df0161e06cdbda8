import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Where } from '#db/testing.ts'
import { type Drawing, documentOf } from '#executions/testing.ts'
import type { Clock } from '#ids.ts'
import { type Got, PASSWORD, startServer, type TestServer } from '#testing.ts'

/** A clock that stands still until it is set. */
export type Hands = Clock & { set(time: string | number): void; forward(milliseconds: number): void }

/** Makes one that shows the time there is. */
function makeHands(): Hands {
  let now = Date.now()
  return {
    now: () => now,
    set(time) {
      now = typeof time === 'number' ? time : Date.parse(time)
    },
    forward(milliseconds) {
      now += milliseconds
    },
  }
}

/** Starts a server where a database is, under a clock. */
export const startTower = (where: Where, clock: Clock): Promise<TestServer> =>
  startServer(where, { OPEN_SIGNUP: 'true' }, { clock })

/** A line of the ledger, as tests compare it: when it was planned, what became of it, and how many it stands for. */
export type Said = [plannedAt: string, outcome: string, times: number]

/** A schedule that was published. */
export type Schedule = { workflow: string; trigger: string }

/** A server under a clock that tests set, and somebody who asks it. */
export type Scene = {
  hands: Hands
  readonly tower: TestServer
  key: string
  ask(path: string, body?: unknown, method?: string): Promise<Got>
  get(path: string): Promise<Got['body']>
  post(path: string, body?: unknown, method?: string): Promise<Got['body']>
  /** Publishes a workflow that starts by a schedule; without another drawing it only says what it was started with. */
  schedule(params: Record<string, unknown>, more?: Partial<Drawing>): Promise<Schedule>
  /** The ledger without what is planned, oldest first. */
  ledger(it: Schedule): Promise<Got['body'][]>
  /** Waits until the ledger, oldest first, is this. */
  says(it: Schedule, ...lines: Said[]): Promise<Got['body'][]>
  /** Everything that it has started, in the order of the planned times. */
  executions(it: Schedule): Promise<Got['body'][]>
  /** Lets the sweep look twice. */
  settle(): Promise<void>
  restart(between?: () => void): Promise<void>
  close(): Promise<void>
}

/** What a schedule starts where nothing else is drawn. */
const ECHO = { key: 'echo', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } }

/** Sets the scene where a database is. */
export async function setScene(where: Where): Promise<Scene> {
  const hands = makeHands()
  let tower = await startTower(where, hands)
  let key = ''
  const ask = async (path: string, body?: unknown, method?: string): Promise<Got> => {
    const answer = await fetch(tower.url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers, text }
  }
  const demand = async (path: string, body?: unknown, method?: string) => {
    const { status, body: said, text } = await ask(path, body, method)
    assert.ok(status < 300, `${path} ${status} ${text}`)
    return said
  }
  key = (await demand('/api/auth/register', { email: 'owner@example.org', password: PASSWORD, name: 'Owner' })).token
  // A session ends when the clock is years ahead, a key does not.
  key = (await demand('/api/keys', { name: 'test' })).key
  const ledger = async ({ trigger }: Schedule) => {
    const { items } = await demand(`/api/triggers/${trigger}/activity?limit=200`)
    return items.filter((one: { outcome: string }) => one.outcome !== 'planned').reverse()
  }
  return {
    hands,
    get tower() {
      return tower
    },
    key,
    ask,
    get: path => demand(path),
    post: (path, body = {}, method) => demand(path, body, method),
    async schedule(params, { nodes = [ECHO], edges = ['clock -> echo'], ...more } = {}) {
      const drawn = documentOf({ nodes: [{ key: 'clock', block: 'schedule.cron', params }, ...nodes], edges, ...more })
      const { id } = await demand('/api/workflows', drawn)
      await demand(`/api/workflows/${id}/publish`, {})
      const { items } = await demand(`/api/triggers?workflowId=${id}`)
      return { workflow: id, trigger: items[0].id }
    },
    ledger,
    async says(it, ...lines) {
      const shown = (one: Got['body']) => [one.plannedAt, one.outcome, one.times]
      for (const late = Date.now() + 15_000; ; await sleep(50)) {
        const found = await ledger(it)
        if (JSON.stringify(found.map(shown)) === JSON.stringify(lines)) return found
        if (Date.now() > late) assert.deepEqual(found.map(shown), lines)
      }
    },
    async executions({ trigger }) {
      const rows = await tower.world.db
        .selectFrom('executions')
        .select('id')
        .where('trigger_id', '=', trigger)
        .orderBy('id')
        .execute()
      return Promise.all(rows.map(({ id }) => demand(`/api/executions/${id}`)))
    },
    // The sweep looks once a second; what it had to do is done well before the next look.
    settle: () => sleep(2_200),
    async restart(between = () => {}) {
      await tower.stop()
      between()
      tower = await startTower(where, hands)
    },
    async close() {
      await tower.stop()
      await where.drop()
    },
  }
}
