import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage, until } from '#executions/testing.ts'

const start = { key: 'start', block: 'manual.start' }
const stop = { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'no more' } }

for (const kind of databases()) {
  describe(`a workflow for what fails (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    const mends = (name: string) =>
      it.publish({
        name,
        nodes: [start, { key: 'end', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } }],
        edges: ['start -> end'],
      })
    const fails = (onFailure?: string, more = {}) =>
      it.publish({
        name: 'fails',
        nodes: [start, stop],
        edges: ['start -> stop'],
        settings: onFailure ? { onFailure } : {},
        ...more,
      })
    const started = async (workflow: string) => (await it.get(`/api/executions?workflowId=${workflow}`)).items
    const change = (body: unknown) => it.server.send('/api/workspace', { token: it.token, method: 'PATCH', body })
    const quiet = () =>
      until('nothing is open or runs', async () => {
        const { db } = it.server.world
        const open = await db.selectFrom('happenings').select('id').where('open', '=', 1).execute()
        const running = await db.selectFrom('executions').select('id').where('ended_at', 'is', null).execute()
        return open.length + running.length === 0
      })
    /** What it began with, when it was started as often as is wanted and not more often. */
    const mended = async (workflow: string, times = 1) => {
      await until(`it is started ${times}`, async () => (await started(workflow)).length >= times)
      await quiet()
      const all = await started(workflow)
      assert.equal(all.length, times)
      return Promise.all(all.map(async (one: { id: string }) => (await it.get(`/api/executions/${one.id}`)).input))
    }

    test('is started once with what failed and why', async () => {
      const mend = await mends('mends')
      const list = {
        key: 'list',
        block: 'data.filter',
        params: { list: '{{ trigger.n }}', where: { all: [{ left: 1, op: 'isTrue' }] } },
      }
      const failing = await fails(mend, { nodes: [start, list], edges: ['start -> list'] })
      const failed = await it.run(failing, { n: 5 })
      const [input] = await mended(mend)
      const { startedAt, completedAt, url, ...execution } = input.execution
      assert.deepEqual(execution, { id: failed.id, workflowId: failing, workflowName: 'fails', version: 1, trigger: 'manual' })
      assert.ok(url.endsWith(`/execution/${failed.id}`) && startedAt <= completedAt)
      assert.deepEqual(input.error, { code: failed.error.code, message: failed.error.message, node: 'list' })
      const [one] = await started(mend)
      assert.deepEqual([one.trigger, one.parentId, one.status], ['failure', failed.id, 'completed'])
      assert.deepEqual(
        (await it.get('/api/events?limit=200')).items.filter((row: { event: string }) => !row.event.includes('.')),
        [],
      )
      assert.deepEqual((await it.get('/api/executions?trigger=failure')).items.length, 1)
    })

    test('is not started for what completes or is cancelled', async () => {
      const mend = await mends('mends')
      const waits = { key: 'wait', block: 'core.wait', params: { for: '10m' } }
      const cancelled = await it.publish({ nodes: [start, waits], edges: ['start -> wait'], settings: { onFailure: mend } })
      const paused = await it.run(cancelled)
      await it.post(`/api/executions/${paused.id}/cancel`)
      const good = await it.publish({ nodes: [start], edges: [], settings: { onFailure: mend } })
      assert.equal((await it.run(good)).status, 'completed')
      await quiet()
      assert.deepEqual(await started(mend), [])
    })

    test('is that of the workspace where its own names none that can be started', async () => {
      const [ours, own] = [await mends('ours'), await mends('own')]
      const set = await change({ onFailure: ours })
      assert.deepEqual([set.status, set.body.onFailure], [200, ours])
      const { items } = await it.get('/api/workspaces')
      assert.equal(items[0].onFailure, ours)
      await it.run(await fails())
      await mended(ours)
      await it.run(await fails(own))
      await mended(own)
      await mended(ours)
      await it.post(`/api/workflows/${own}/archive`)
      await it.run(await fails(own))
      await mended(ours, 2)
      const { status } = await change({ name: 'Renamed' })
      assert.deepEqual([status, (await it.get('/api/workspaces')).items[0].onFailure], [200, ours])
      await change({ onFailure: null })
      await it.run(await fails())
      await quiet()
      assert.equal((await started(ours)).length, 2)
      const { status: refused, body } = await change({ onFailure: 'wf_none' })
      assert.deepEqual([refused, body.code, body.details[0].path], [400, 'request.invalid', 'body.onFailure'])
      const { items: log } = await it.get('/api/audit?action=workspace.error_workflow_changed')
      assert.equal(log.length, 2)
    })

    test('starts no other one when it fails itself, nor does anything that it leads to', async () => {
      const child = await it.publish({ nodes: [{ key: 'api', block: 'api.call' }, stop], edges: ['api -> stop'] })
      const hears = await it.publish({
        nodes: [{ key: 'on', block: 'event.on', params: { event: 'failure.seen' } }, stop],
        edges: ['on -> stop'],
      })
      const breaks = await it.publish({
        name: 'breaks',
        nodes: [
          start,
          { key: 'tell', block: 'event.emit', params: { event: 'failure.seen' } },
          { key: 'run', block: 'core.workflow', params: { workflow: child } },
        ],
        edges: ['start -> tell', 'tell -> run'],
      })
      await change({ onFailure: breaks })
      await it.run(await fails())
      await until('all were started', async () => (await started(hears)).length + (await started(child)).length === 2)
      await quiet()
      const all = [await started(breaks), await started(child), await started(hears)]
      assert.deepEqual(
        all.map(list => list.map((one: { status: string }) => one.status)),
        [['failed'], ['failed'], ['failed']],
      )
      // By hand it is a workflow like any other: it is started for itself, for its child and for the one that listens.
      await it.run(breaks)
      await until('it is started for all three', async () => (await started(breaks)).length >= 5)
      await quiet()
      assert.equal((await started(breaks)).length, 5)
      await change({ onFailure: null })
    })

    test('is started for one that is dead, also when it cannot be loaded, and for one that fails again', async () => {
      const mend = await mends('mends')
      const waits = { key: 'wait', block: 'core.wait', params: { for: '10m' } }
      const drawing = { name: 'waits', nodes: [start, waits], edges: ['start -> wait'], settings: { onFailure: mend } }
      const { db } = it.server.world
      const dying = { deaths: 3, owner: 'gone', lease_until: 1, due_at: 1 }
      const dead = await it.run(await it.publish(drawing))
      await db.updateTable('executions').set(dying).where('id', '=', dead.id).execute()
      assert.equal((await it.until(dead.id, 'failed')).error.code, 'execution.dead')
      assert.equal((await mended(mend))[0].execution.id, dead.id)
      await it.post(`/api/executions/${dead.id}/retry`)
      await it.until(dead.id, 'paused')
      await db.updateTable('executions').set(dying).where('id', '=', dead.id).execute()
      await mended(mend, 2)

      const broken = await it.run(await it.publish(drawing))
      const document = JSON.stringify({ name: 'waits', settings: { onFailure: mend }, nodes: 'none' })
      await it.restart(async () => {
        await it.server.world.db
          .updateTable('workflow_versions')
          .set({ document })
          .where('workflow_id', '=', broken.workflowId)
          .execute()
        await it.server.world.db.updateTable('executions').set(dying).where('id', '=', broken.id).execute()
        await it.server.stop()
      })
      await until('it has ended', async () => {
        const row = it.server.world.db.selectFrom('executions').select('status').where('id', '=', broken.id)
        return (await row.executeTakeFirstOrThrow()).status === 'failed'
      })
      const [{ execution, error }] = await mended(mend, 3)
      assert.deepEqual(
        [execution.id, execution.workflowName, error.code, error.node],
        [broken.id, 'waits', 'execution.dead', null],
      )
    })

    test('is checked with the workflow that names it, and keeps nothing from being published', async () => {
      const problems = async (onFailure: string, id: string) => {
        const { body } = await it.server.send(`/api/workflows/${id}/validate`, {
          token: it.token,
          body: { settings: { onFailure } },
        })
        return body.problems.map((one: { code: string; severity: string; field: string }) => [one.code, one.severity, one.field])
      }
      const [id, mend] = [await fails(), await mends('mends')]
      const { id: draft } = await it.post('/api/workflows', { name: 'draft', nodes: [{ id: 's', ...start }] })
      const said = (code: string) => [[code, 'warning', 'settings.onFailure']]
      assert.deepEqual(await problems(mend, id), [])
      assert.deepEqual(await problems('wf_none', id), said('failure.unknown'))
      assert.deepEqual(await problems(id, id), said('failure.itself'))
      assert.deepEqual(await problems(draft, id), said('failure.unpublished'))
      const odd = await fails('wf_none')
      await it.run(odd)
      await quiet()
    })

    test('is named in files, and found by its name where they are imported', async () => {
      const mend = await mends(`mends what fails ${kind.name}`)
      const id = await fails(mend)
      const file = await it.get(`/api/workflows/${id}/export`)
      assert.equal(file.settings.onFailure, `name:mends what fails ${kind.name}`)
      const back = await it.post('/api/workflows/import', file)
      assert.deepEqual([back.settings.onFailure, back.problems], [mend, []])
      const away = await it.post('/api/workflows/import', { ...file, settings: { ...file.settings, onFailure: 'name:Nobody' } })
      assert.deepEqual(
        [away.settings.onFailure, away.problems.map((one: { message: string }) => one.message.includes('“Nobody”'))],
        ['name:Nobody', [true]],
      )
      const lost = await it.get(`/api/workflows/${await fails('wf_none')}/export`)
      assert.equal('onFailure' in lost.settings, false)
    })
  })
}
