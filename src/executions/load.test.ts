import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { join } from '#testing.ts'
import { type Gate, type Stage, setStage, startGate, until } from './testing.ts'

const SETTINGS = { EXECUTIONS_AT_ONCE: '10', EXECUTIONS_PER_WORKSPACE: '14', OPEN_SIGNUP: 'true' }

for (const kind of databases()) {
  describe(`what a workspace may have under way (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let gate: Gate
    let other: { workspace: string; workflow: string }
    let held: string
    let mending: string

    const start = (workflow: string, input: unknown = {}, workspace?: string) =>
      it.server.send(`/api/workflows/${workflow}/execute`, {
        token: it.token,
        body: { input },
        ...(workspace ? { headers: { 'x-workspace': workspace } } : {}),
      })
    const quota = async (value: number | null) => {
      const { status, body } = await it.server.send('/api/workspace', {
        token: it.token,
        method: 'PATCH',
        body: { quota: value },
      })
      assert.deepEqual([status, body.quota], [200, value])
      await it.server.runner.shell.load.look()
    }
    const drawing = (url: string) => ({
      nodes: [
        { key: 'start', block: 'manual.start' },
        { key: 'held', block: 'http.request', params: { method: 'PUT', url: `${url}/held/{{ execution.id }}` } },
      ],
      edges: ['start -> held'],
    })

    before(async () => {
      it = await setStage(await kind.place(), SETTINGS)
      gate = await startGate()
      held = await it.publish(drawing(gate.url))
      mending = await it.publish({ nodes: [{ key: 'start', block: 'manual.start' }], edges: [] })
      const made = await it.server.send('/api/workspaces', { token: it.token, body: { name: 'Other' } })
      const headers = { 'x-workspace': made.body.id }
      const document = {
        name: 'other',
        nodes: [
          { id: 'start', key: 'start', block: 'manual.start' },
          { id: 'put', key: 'put', block: 'http.request', params: { method: 'PUT', url: `${gate.url}/other` } },
        ],
        edges: [{ source: 'start', target: 'put' }],
      }
      const { body } = await it.server.send('/api/workflows', { token: it.token, body: document, headers })
      await it.server.send(`/api/workflows/${body.id}/publish`, { token: it.token, body: {}, headers })
      other = { workspace: made.body.id, workflow: body.id }
      // Making a workspace chose it.
      const { body: mine } = await it.server.send('/api/workspaces', { token: it.token })
      await it.server.send(`/api/workspaces/${mine.items[0].id}/select`, { token: it.token, body: {} })
    })
    after(async () => {
      gate.open()
      await gate.close()
      await it.close()
    })

    test('is refused above its quota with 429, while another workspace is served though the first fills the server', async () => {
      gate.shut()
      const ids: string[] = []
      for (let at = 0; at < 14; at += 1) {
        const { status, body, text } = await start(held)
        assert.equal(status, 202, text)
        ids.push(body.executionId)
      }
      const refused = await start(held)
      assert.deepEqual([refused.status, refused.body.code, refused.headers.get('retry-after')], [429, 'execution.quota', '5'])
      await until('all that fit are called', () => gate.calls.length === 10)

      const served = await start(other.workflow, {}, other.workspace)
      assert.equal(served.status, 202, served.text)
      const status = async () =>
        (
          await it.server.send(`/api/executions/${served.body.executionId}`, {
            token: it.token,
            headers: { 'x-workspace': other.workspace },
          })
        ).body.status
      await until('the other is served', async () => (await status()) === 'completed')
      assert.equal(gate.calls.filter(call => call.path.startsWith('/held')).length, 10, 'no more of the first run')

      await quota(20)
      const more = await start(held)
      assert.equal(more.status, 202, 'an admin may say another number')
      gate.open()
      for (const id of [...ids, more.body.executionId]) await it.until(id, 'completed')
      await quota(null)
    })

    test('does not count what waits for a person, nor refuse what goes on, is started by it, mends it or tries it again', async () => {
      const failing = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'ask', block: 'core.approve', params: { title: 'May it go on?' } },
          { key: 'child', block: 'core.workflow', params: { workflow: mending } },
          { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'no' } },
        ],
        edges: ['start -> ask', 'ask:approved -> child', 'child -> stop'],
        settings: { onFailure: mending },
      })
      const waiting = await Promise.all(Array.from({ length: 14 }, () => it.start(failing)))
      for (const id of waiting) await it.until(id, 'paused')
      gate.shut()
      await quota(1)
      const blocking = await it.start(held)
      assert.equal((await start(held)).status, 429)

      const [first = ''] = waiting
      const { items } = await it.get(`/api/approvals?executionId=${first}`)
      await it.post(`/api/approvals/${items[0].id}`, { decision: 'approved' })
      await it.until(first, 'failed')
      await until('the error workflow has run', async () => {
        const { items: mended } = await it.get(`/api/executions?workflowId=${mending}&trigger=failure`)
        return mended[0]?.status === 'completed'
      })
      await it.post(`/api/executions/${first}/retry`, { from: 'failed' })
      await it.until(first, 'failed')
      for (const way of ['retry', 'fork']) {
        const { executionId } = await it.post(`/api/executions/${first}/${way}`, { from: 'start' })
        await it.until(executionId, 'paused')
      }
      assert.equal((await start(held)).status, 429, 'and still is a new one refused')
      gate.open()
      await it.until(blocking, 'completed')
      await quota(null)
    })

    test('is changed by admins only', async () => {
      const editor = await join(it.server, it.token, 'editor@example.org', 'editor')
      const sent = (token: string, body: unknown) => it.server.send('/api/workspace', { token, method: 'PATCH', body })
      assert.equal((await sent(editor, { quota: 5 })).status, 403)
      assert.equal((await sent(it.token, { quota: 0 })).status, 400)
    })

    test('is refused while its oldest has waited for too long', async () => {
      gate.shut()
      const { shell } = it.server.runner
      const ids = await Promise.all(Array.from({ length: 12 }, () => it.start(held)))
      const { clock } = shell.world
      const { now } = clock
      await until('some wait', async () => (await it.get('/api/executions?status=queued')).items.length === 2)
      await shell.load.look()
      assert.equal((await start(held)).status, 202)
      clock.now = () => now() + 61 * 60_000
      const refused = await start(held)
      clock.now = now
      assert.deepEqual([refused.status, refused.body.code], [503, 'execution.backlog'], refused.text)
      gate.open()
      for (const id of ids) await it.until(id, 'completed')
    })
  })
}
