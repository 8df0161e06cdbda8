import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { type Gate, startGate, startReal, until } from './testing.ts'

const drawing = (url: string) => ({
  nodes: [
    { key: 'start', block: 'manual.start' },
    { key: 'held', block: 'http.request', params: { method: 'PUT', url: `${url}/held/{{ execution.id }}` } },
    { key: 'after', block: 'http.request', params: { method: 'POST', url: `${url}/after/{{ execution.id }}` } },
  ],
  edges: ['start -> held', 'held -> after'],
})

/** The largest file that a process may write: as a full disk for everything that grows. */
async function limit(pid: number | undefined, bytes: string): Promise<void> {
  const [code] = await once(spawn('prlimit', [`--fsize=${bytes}:unlimited`, '--pid', String(pid)]), 'exit')
  assert.equal(code, 0)
}

describe('a server whose disk is full', { skip: process.platform !== 'linux' && 'needs prlimit', timeout: 90_000 }, () => {
  let where: Where
  let service: Gate
  const children: ChildProcess[] = []
  before(async () => {
    where = (await databases()[0]?.place()) ?? assert.fail()
    service = await startGate()
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    service.open()
    await service.close()
    await where.drop()
  })

  test('refuses what is new, keeps what runs, and goes on when there is room, or after a restart', async () => {
    const server = await startReal(where)
    children.push(server.process.child)
    const id = await server.publish(drawing(service.url))
    const hook = await server.publish({
      nodes: [{ key: 'hook', block: 'webhook.receive', params: { reply: 'finished' } }],
      edges: [],
    })
    const path = new URL((await server.ask(`/api/triggers?workflowId=${hook}`)).body.items[0].url).pathname
    const finished = await server.start(id)
    await until('it is completed', async () => (await server.status(finished)) === 'completed')

    const big = await server.publish({
      nodes: [
        { key: 'start', block: 'manual.start' },
        { key: 'held', block: 'http.request', params: { method: 'POST', url: `${service.url}/held/{{ execution.id }}` } },
        { key: 'long', block: 'core.set', params: { fields: { text: '{{ trigger.text }}', more: '{{ held.body.path }}' } } },
      ],
      edges: ['start -> held', 'held -> long'],
    })
    service.shut()
    const made = await server.start(big, { text: 'x'.repeat(200_000) })
    const running = await Promise.all(Array.from({ length: 10 }, () => server.start(id)))
    await until('all are called', () => running.every(one => service.count(`/held/${one}`) === 1))
    const { pid } = server.process.child
    await limit(pid, '1000')
    service.open()
    for (let at = 0; at < 3; at += 1) {
      const refused = await server.ask(`/api/workflows/${id}/execute`, { input: { at } })
      assert.deepEqual([refused.status, refused.body.code], [507, 'storage.full'])
      const shut = await server.ask(path, { at })
      assert.deepEqual([shut.status, shut.body.code], [507, 'storage.full'])
      const large = await server.ask(path, { text: 'x'.repeat(200_000) })
      assert.deepEqual([large.status, large.body.code], [507, 'storage.full'])
    }
    assert.equal((await server.ask('/api/health/ready')).status, 503)
    await until('it is said', () => server.process.lines().some(line => /cannot be written/.test(String(line.message))))
    for (const one of running) {
      assert.equal(await server.status(one), 'running')
      assert.equal(service.count(`/after/${one}`), 0, 'nothing outside happens before what it depends on is on disk')
    }
    await limit(pid, 'unlimited')
    for (const one of running) await until('it is completed', async () => (await server.status(one)) === 'completed')
    await until('the large one is completed', async () => (await server.status(made)) === 'completed')
    for (const one of running) assert.deepEqual([service.count(`/held/${one}`), service.count(`/after/${one}`)], [1, 1])
    const before = (await server.ask(`/api/executions?workflowId=${id}&limit=200`)).body.items
    assert.equal(before.length, 11, 'what was refused is not there')

    service.shut()
    const left = await Promise.all(Array.from({ length: 10 }, () => server.start(id)))
    await until('all are called', () => left.every(one => service.count(`/held/${one}`) === 1))
    await limit(pid, '1000')
    service.open()
    await until(
      'it is said again',
      () => server.process.lines().filter(line => /cannot be written/.test(String(line.message))).length > 10,
    )
    const { code, took } = await server.process.stop()
    assert.equal(code, 0, server.process.complaints())
    assert.ok(took < 10_000)
    const again = await startReal(where, server.token)
    children.push(again.process.child)
    for (const one of left) await until('it is completed', async () => (await again.status(one)) === 'completed')
    for (const one of left) assert.equal(service.count(`/after/${one}`), 1)
    assert.equal((await again.process.stop()).code, 0)
  })
})
