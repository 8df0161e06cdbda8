import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '#cli/testing.ts'
import { documentOf, until } from '#executions/testing.ts'
import { type Got, PASSWORD } from '#testing.ts'

const TOOL = fileURLToPath(new URL('../../../tools/clock.ts', import.meta.url))
const NEW_YORK = 'America/New_York'

/** The environment in which it is another time. */
const at = (time: string): Record<string, string> =>
  Object.fromEntries(
    execFileSync(process.execPath, [TOOL, time], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(line => line.split(/=(.*)/s).slice(0, 2)),
  )

const asked = spawnSync(process.execPath, [TOOL, '2027-01-01T00:00:00Z'], { encoding: 'utf8' })
const skip = asked.status === 0 ? false : asked.stderr.trim()

/** What is planned beforehand, what came at the turn, and what is planned then. */
type Row = { cron: string; before: string; came: string | null; after: string }

/** New York: at 2:00 EST it is 3:00 EDT. */
const SPRING: Row[] = [
  { cron: '30 2 * * *', before: '2027-03-14T07:00:00.000Z', came: '2027-03-14T07:00:00.000Z', after: '2027-03-15T06:30:00.000Z' },
  { cron: '0 * * * *', before: '2027-03-14T07:00:00.000Z', came: '2027-03-14T07:00:00.000Z', after: '2027-03-14T08:00:00.000Z' },
  {
    cron: '*/15 * * * *',
    before: '2027-03-14T07:00:00.000Z',
    came: '2027-03-14T07:00:00.000Z',
    after: '2027-03-14T07:15:00.000Z',
  },
  { cron: '*/30 2 * * *', before: '2027-03-15T06:00:00.000Z', came: null, after: '2027-03-15T06:00:00.000Z' },
  { cron: '0 4 * * *', before: '2027-03-14T08:00:00.000Z', came: null, after: '2027-03-14T08:00:00.000Z' },
]

/** At 2:00 EDT it is 1:00 EST. */
const AUTUMN: Row[] = [
  { cron: '0 1 * * *', before: '2027-11-08T06:00:00.000Z', came: null, after: '2027-11-08T06:00:00.000Z' },
  { cron: '0 2 * * *', before: '2027-11-07T07:00:00.000Z', came: null, after: '2027-11-07T07:00:00.000Z' },
  { cron: '0 * * * *', before: '2027-11-07T06:00:00.000Z', came: '2027-11-07T06:00:00.000Z', after: '2027-11-07T07:00:00.000Z' },
  {
    cron: '*/15 * * * *',
    before: '2027-11-07T06:00:00.000Z',
    came: '2027-11-07T06:00:00.000Z',
    after: '2027-11-07T06:15:00.000Z',
  },
]

describe('a real server whose clock comes to a change of the clocks', { skip, concurrency: false }, () => {
  /** Publishes some minutes before, and starts the server again some seconds before. */
  async function pass(published: string, restarted: string, rows: Row[]): Promise<void> {
    const dir = await mkdtemp(join(tmpdir(), 'pp-clock-'))
    const settings = { DATA_DIR: dir, RATE_LIMIT: 'off' }
    let process = startProcess(['start'], { ...settings, ...at(published) }, dir)
    let token = ''
    const ask = async (path: string, body?: unknown): Promise<Got['body']> => {
      const answer = await fetch((await process.ready()) + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const said = await answer.json()
      assert.ok(answer.ok, `${path} ${JSON.stringify(said)}`)
      return said
    }
    const triggerOf = async (workflow: string) => (await ask(`/api/triggers?workflowId=${workflow}`)).items[0]
    try {
      token = (await ask('/api/auth/register', { email: 'owner@example.org', password: PASSWORD, name: 'Owner' })).token
      const workflows: string[] = []
      for (const { cron, before } of rows) {
        const clock = { key: 'clock', block: 'schedule.cron', params: { cron, timezone: NEW_YORK } }
        const { id } = await ask('/api/workflows', documentOf({ nodes: [clock], edges: [] }))
        await ask(`/api/workflows/${id}/publish`, {})
        workflows.push(id)
        assert.equal((await triggerOf(id)).nextAt, before, cron)
      }
      await process.stop()
      process = startProcess(['start'], { ...settings, ...at(restarted) }, dir)
      for (const [nth, { cron, after }] of rows.entries())
        await until(`${cron} has gone on`, async () => (await triggerOf(workflows[nth] ?? '')).nextAt === after)
      for (const [nth, { cron, came }] of rows.entries()) {
        const { id } = await triggerOf(workflows[nth] ?? '')
        const { items } = await ask(`/api/triggers/${id}/activity`)
        const lines = items.filter((line: { outcome: string }) => line.outcome !== 'planned')
        assert.deepEqual(
          lines.map((line: { plannedAt: string }) => line.plannedAt),
          came === null ? [] : [came],
          cron,
        )
        for (const { executionId } of lines)
          assert.equal((await ask(`/api/executions/${executionId}`)).input.scheduledAt, came, 'the workflow is told the time')
      }
    } finally {
      await process.stop()
      await rm(dir, { recursive: true, force: true })
    }
  }

  test('forward: what is left out comes once, the rest goes on by the hour', () =>
    pass('2027-03-14T06:50:00Z', '2027-03-14T06:59:55Z', SPRING))

  test('back: what comes twice came once, the rest goes on by the hour', () =>
    pass('2027-11-07T05:50:00Z', '2027-11-07T05:59:55Z', AUTUMN))
})
