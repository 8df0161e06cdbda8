import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Box, type Service, type Stage, setStage, startService } from './testing.ts'

const START = { key: 'start', block: 'manual.start' }
const set = (key: string, fields: Record<string, unknown> = { v: 1 }): Box => ({ key, block: 'core.set', params: { fields } })
const node = (id: string, key: string, more: object = {}) => ({
  id,
  key,
  block: 'core.set',
  params: { fields: { v: 1 } },
  ...more,
})
const first = { id: 'start', key: 'start', block: 'manual.start' }
const edge = (source: string, target: string, more: object = {}) => ({ source, target, ...more })

/** What people and programs draw wrong: the nodes and edges, and what is said about it: code, node and field. */
const DRAWINGS: Record<string, [object[], object[], string, string | null, string | null]> = {
  'a circle': [
    [first, node('a', 'a'), node('b', 'b')],
    [edge('start', 'a'), edge('a', 'b'), edge('b', 'a')],
    'workflow.cycle',
    'a',
    'edges',
  ],
  'a node that leads to itself': [[first, node('a', 'a')], [edge('start', 'a'), edge('a', 'a')], 'workflow.cycle', 'a', 'edges'],
  'an edge to nowhere': [[first], [edge('start', 'nobody', { id: 'e7' })], 'edge.dangling', 'start', 'edges.e7'],
  'an edge from nowhere': [[first, node('a', 'a')], [edge('nobody', 'a', { id: 'e7' })], 'edge.dangling', 'a', 'edges.e7'],
  'a block that is not there': [
    [first, node('a', 'a', { block: 'no.such', params: {} })],
    [edge('start', 'a')],
    'block.unknown',
    'a',
    'block',
  ],
  'a version that is not there': [[first, node('a', 'a', { version: 99 })], [edge('start', 'a')], 'block.unknown', 'a', 'block'],
  'an outlet that is not there': [
    [first, node('a', 'a'), node('b', 'b')],
    [edge('start', 'a'), edge('a', 'b', { id: 'e7', sourceHandle: 'sideways' })],
    'edge.unknown_outlet',
    'a',
    'edges.e7',
  ],
  'the same key twice': [
    [first, node('a', 'same'), node('b', 'same')],
    [edge('start', 'a'), edge('a', 'b')],
    'node.same_key',
    'b',
    'key',
  ],
  'the same id twice': [[first, node('a', 'a'), node('a', 'b')], [edge('start', 'a')], 'node.same_id', 'a', 'id'],
  'the key trigger': [[first, node('a', 'trigger')], [edge('start', 'a')], 'node.reserved_key', 'a', 'key'],
  'the key __proto__': [[first, node('a', '__proto__')], [edge('start', 'a')], 'node.reserved_key', 'a', 'key'],
  'the key constructor': [[first, node('a', 'constructor')], [edge('start', 'a')], 'node.reserved_key', 'a', 'key'],
  'a key that is no name': [[first, node('a', 'a b.c')], [edge('start', 'a')], 'node.bad_key', 'a', 'key'],
  'no trigger': [[node('a', 'a')], [], 'workflow.no_trigger', null, 'nodes'],
  'a parent that is not there': [[first, node('a', 'a', { parent: 'nobody' })], [], 'node.no_parent', 'a', 'parent'],
  'a parent that holds nothing': [
    [first, node('a', 'a'), node('b', 'b', { parent: 'a' })],
    [edge('start', 'a')],
    'node.not_a_container',
    'b',
    'parent',
  ],
  'containers that stand in each other': [
    [
      first,
      { id: 'a', key: 'a', block: 'core.forEach', parent: 'b', params: { list: [1] } },
      { id: 'b', key: 'b', block: 'core.forEach', parent: 'a', params: { list: [1] } },
    ],
    [],
    'node.inside_itself',
    'a',
    'parent',
  ],
  'a credential that is not there any more': [
    [first, { id: 'a', key: 'a', block: 'http.request', credential: 'cred_nobody', params: { url: 'https://example.org' } }],
    [edge('start', 'a')],
    'credential.unknown',
    'a',
    'credential',
  ],
  'an expression that names nothing': [
    [first, node('a', 'a', { params: { fields: { v: '{{ nobody.x }}' } } })],
    [edge('start', 'a')],
    'expression.unknown',
    'a',
    'params.fields.v',
  ],
  'an expression that names what comes later': [
    [first, node('a', 'a', { params: { fields: { v: '{{ b.v }}' } } }), node('b', 'b')],
    [edge('start', 'a'), edge('a', 'b')],
    'expression.not_before',
    'a',
    'params.fields.v',
  ],
  'an expression that cannot be read': [
    [first, node('a', 'a', { params: { fields: { v: '{{ trigger.x | nosuch }}' } } })],
    [edge('start', 'a')],
    'template.bad',
    'a',
    'params.fields.v',
  ],
}

describe('a drawing that cannot run', () => {
  let it: Stage
  before(async () => {
    it = await setStage((await databases()[0]?.place()) ?? assert.fail())
  })
  after(() => it.close())

  for (const [what, [nodes, edges, code, at, field]] of Object.entries(DRAWINGS)) {
    test(`${what}: is named with its place, and neither published nor run`, async () => {
      const { id } = await it.post('/api/workflows', { name: what, nodes, edges })
      const { problems } = await it.post(`/api/workflows/${id}/validate`)
      const found = problems.find((one: { code: string; node: string | null }) => one.code === code && one.node === at)
      assert.ok(found, `${code} at ${at} is not among ${JSON.stringify(problems)}`)
      assert.deepEqual([found.field, found.severity, found.message.length > 10], [field, 'error', true], JSON.stringify(found))
      for (const verb of ['publish', 'execute']) {
        const refused = await it.post(`/api/workflows/${id}/${verb}`, {}, 422)
        assert.equal(refused.code, 'workflow.invalid', verb)
        assert.ok(
          refused.details.length > 0 &&
            refused.details.every((one: { path: string; message: string }) => one.path && one.message),
        )
      }
      assert.deepEqual((await it.get(`/api/executions?workflowId=${id}`)).items, [])
    })
  }
})

const loop = (key: string, list: string, more: object = {}): Box => ({ key, block: 'core.forEach', params: { list }, ...more })
const code = (text: string): Box => ({ key: 'bad', block: 'core.code', params: { code: text, timeout: 1_500, input: {} } })

describe('an execution that goes wrong', () => {
  let it: Stage
  let service: Service
  let good = ''
  const never = new AbortController()
  before(async () => {
    const [sqlite] = databases()
    it = await setStage((await sqlite?.place()) ?? assert.fail())
    service = await startService(async ({ path }) => {
      if (path === '/never') await new Promise(resolve => never.signal.addEventListener('abort', resolve))
      if (path === '/away') return { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } }
      if (path === '/deep') return { body: JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`) }
      return { body: { ok: true } }
    })
    good = await it.publish({ nodes: [START, set('good')], edges: ['start -> good'] })
  })
  after(async () => {
    never.abort()
    await it.close()
    await service.close()
  })

  const call = (path: string, more: object = {}): Box => ({
    key: 'bad',
    block: 'http.request',
    params: { url: `${service.url}${path}` },
    retry: { attempts: 1 },
    ...more,
  })

  /** Runs it beside a good one, and answers with how it ended: the code, and the failed entries of the log. */
  async function run(boxes: Box[], input: unknown = {}): Promise<{ code: string; failed: string[]; ahead: boolean }> {
    const id = await it.start(await it.publish({ nodes: [START, ...boxes], edges: [`start -> ${boxes[0]?.key}`] }), input)
    assert.equal((await it.run(good)).status, 'completed', 'another one is not held up')
    const ahead = (await it.get(`/api/executions/${id}`)).status === 'running'
    const { error } = await it.until(id, 'failed', 'completed')
    assert.ok(error !== null && error.message.length > 10, JSON.stringify(error))
    assert.equal((await it.run(good)).status, 'completed', 'the server lives')
    const log = await it.log(id)
    return { code: error.code, failed: log.filter(line => line.endsWith(' failed')), ahead }
  }

  const bombs: Record<string, string> = {
    'loops in loops':
      '{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}{{ k }}{% endfor %}{% endfor %}{% endfor %}',
    'a text that doubles': '{% assign s = "aaaaaaaaaa" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
    'a list without end': '{% for i in (1..100000000) %}x{% endfor %}',
    'a text in place of each of its letters': '{{ trigger.long | replace: "a", trigger.long }}',
  }
  for (const [what, text] of Object.entries(bombs))
    test(`a template that explodes (${what}) fails with its node`, async () => {
      const { code, failed } = await run([set('bad', { v: text })], { long: 'a'.repeat(100_000) })
      assert.deepEqual([code, failed], ['template.failed', ['bad failed']])
    })

  test('code without end is stopped, while others go on', async () => {
    const { code: why, failed, ahead } = await run([code('for (;;);')])
    assert.deepEqual([why, failed, ahead], ['script.timeout', ['bad failed'], true])
  })

  test('code that returns or gathers too much fails', async () => {
    assert.deepEqual((await run([code('return "x".repeat(100_000_000)')])).failed, ['bad failed'])
    const { code: why } = await run([code('const all = []; for (;;) all.push("x".repeat(1_000_000))')])
    assert.match(why, /^script\.(memory|timeout)$/)
    const { code: large } = await run([code('return "x".repeat(12_000_000)')])
    assert.equal(large, 'script.too_large')
  })

  test('a value that is nested without end fails where it arises, whoever made it', async () => {
    const made = await run([code('let it = []; for (let at = 0; at < 4000; at += 1) it = [it]; return it')])
    assert.deepEqual(made.failed, ['bad failed'])
    const { code: why, failed } = await run([call('/deep')])
    assert.deepEqual([why, failed], ['value.too_deep', ['bad failed']])
    const large = await run([code('let it = ["x".repeat(100_000)]; for (let at = 0; at < 300; at += 1) it = [it]; return it')])
    assert.deepEqual([large.code, large.failed], ['value.too_deep', ['bad failed']])
  })

  test('a list of a million entries is refused with the number that is allowed', async () => {
    const list = Array.from({ length: 1_000_000 }, () => 0)
    const { code: why, failed } = await run([loop('bad', '{{ trigger.list }}'), set('in', { v: 1 })], { list })
    assert.deepEqual([why, failed], ['input.too_large', ['bad failed']])
  })

  test('loops in loops end when more nodes ran than may', async () => {
    const list = Array.from({ length: 400 }, (_, at) => at)
    const { code: why, ahead } = await run(
      [
        loop('bad', '{{ trigger.list }}'),
        loop('inner', '{{ trigger.list }}', { parent: 'bad' }),
        { ...set('one'), parent: 'inner' },
      ],
      { list },
    )
    assert.deepEqual([why, ahead], ['execution.too_many_nodes', true])
  })

  test('a host that never answers is given up after the time of the node', async () => {
    const { code: why, failed, ahead } = await run([call('/never', { timeout: 1_500 })])
    assert.deepEqual([why, failed, ahead], ['node.timeout', ['bad failed'], true])
  })

  test('a redirect to where the cloud keeps its secrets is not followed', async () => {
    const { code: why, failed } = await run([call('/away')])
    assert.deepEqual([why, failed], ['outbound.blocked', ['bad failed']])
  })

  test('one that takes longer than its workflow may ends there', async () => {
    const workflow = await it.publish({
      nodes: [START, call('/never', { timeout: 60_000 })],
      edges: ['start -> bad'],
      settings: { timeout: 1_000 },
    })
    const failed = await it.run(workflow)
    assert.deepEqual([failed.status, failed.error.code], ['failed', 'execution.timeout'])
  })

  test('a credential that was deleted meanwhile fails with its node', async () => {
    const { id } = await it.post('/api/credentials', { name: 'c', kind: 'http.bearer', values: { token: 'some token' } })
    const workflow = await it.publish({ nodes: [START, call('/', { credential: id })], edges: ['start -> bad'] })
    assert.equal((await it.server.send(`/api/credentials/${id}`, { token: it.token, method: 'DELETE' })).status < 300, true)
    const failed = await it.run(workflow)
    assert.deepEqual([failed.error.code, await it.log(failed.id)], ['credential.not_found', ['bad failed']])
  })
})

describe('without a word of the operator', () => {
  let it: Stage
  let service: Service
  before(async () => {
    const [sqlite] = databases()
    it = await setStage((await sqlite?.place()) ?? assert.fail(), { OUTBOUND_ALLOW: '' })
    service = await startService(() => ({ body: { secret: true } }))
  })
  after(async () => {
    await it.close()
    await service.close()
  })

  test('nothing of this machine is called, however it is spelled', async () => {
    const { port } = new URL(service.url)
    const id = await it.publish({
      nodes: [START, { key: 'bad', block: 'http.request', params: { url: '{{ trigger.url }}' } }],
      edges: ['start -> bad'],
    })
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f000001',
      '017700000001',
      '127.1',
      '0',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::1]',
      'localhost',
    ]
    for (const host of hosts) {
      const failed = await it.run(id, { url: `http://${host}:${port}/` })
      assert.deepEqual(
        [failed.status, failed.error?.code, await it.log(failed.id)],
        ['failed', 'outbound.blocked', ['bad failed']],
        host,
      )
    }
    assert.deepEqual(service.calls, [])
  })
})
