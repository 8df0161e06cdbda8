import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, suite, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Service, startFiles } from './samples.ts'
import { chain, type McpStage, setMcp } from './testing.ts'

/** What cannot be passed by what the product has, each with the reason; it is an error if one of them passes. */
const NOT_OURS: Record<string, string> = {
  'tools-call-sampling': 'a workflow asks models by itself and never those of its caller',
  'elicitation-sep1034-defaults': 'an approval asks for numbers, never for whole ones: all but that check pass',
  'elicitation-sep1330-enums': 'an approval has one kind of choice, among the five that are asked for',
  'server-sse-polling': 'it names the protocol 2025-03-26 in its requests, which has no event that begins a stream',
  'completion-complete': 'asks about a prompt, and none are kept yet',
  'prompts-get-simple': 'no prompts are kept yet',
  'prompts-get-with-args': 'no prompts are kept yet',
  'prompts-get-embedded-resource': 'no prompts are kept yet',
  'prompts-get-with-image': 'no prompts are kept yet',
}

/** Of a scenario that is not ours, what is held to nevertheless. */
const YET_PASSED: Record<string, string[]> = {
  'elicitation-sep1034-defaults': [
    'elicitation-sep1034-string-default',
    'elicitation-sep1034-number-default',
    'elicitation-sep1034-enum-default',
    'elicitation-sep1034-boolean-default',
  ],
  'elicitation-sep1330-enums': ['elicitation-sep1330-untitled-single'],
}

const SCENARIOS = [
  'server-initialize',
  'logging-set-level',
  'ping',
  'completion-complete',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-with-logging',
  'tools-call-error',
  'tools-call-with-progress',
  'tools-call-sampling',
  'tools-call-elicitation',
  'json-schema-2020-12',
  'elicitation-sep1034-defaults',
  'server-sse-polling',
  'server-sse-multiple-streams',
  'elicitation-sep1330-enums',
  'resources-list',
  'resources-read-text',
  'resources-read-binary',
  'resources-templates-read',
  'resources-subscribe',
  'resources-unsubscribe',
  'prompts-list',
  'prompts-get-simple',
  'prompts-get-with-args',
  'prompts-get-embedded-resource',
  'prompts-get-with-image',
  'dns-rebinding-protection',
]

type Check = { id: string; status: string; errorMessage?: string }

/** The suite sends no key and has names of its own for resources: this stands between, adds the one and translates the others. */
async function openGate(desk: McpStage, names: Record<string, string>): Promise<{ url: string; close(): void }> {
  const server = createServer(async (from, to) => {
    let body = await text(from)
    for (const [theirs, ours] of Object.entries(names)) body = body.replaceAll(theirs, ours)
    const { 'content-length': _length, 'transfer-encoding': _coding, ...headers } = from.headers
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
    const going = ask(
      desk.url,
      { method: from.method ?? 'GET', headers: { ...headers, ...length, 'x-api-key': desk.key } },
      got => {
        to.writeHead(got.statusCode ?? 500, got.headers).flushHeaders()
        got.pipe(to)
        to.once('close', () => got.destroy())
      },
    )
    going.once('error', () => to.destroy())
    going.end(body)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => void server.close().closeAllConnections() }
}

const say = (words: unknown) => ({ key: 'answer', block: 'core.respond', params: { body: words } })

async function offerAll(desk: McpStage, service: Service): Promise<Record<string, string>> {
  const file = (name: string) => ({
    key: name,
    block: 'http.request',
    params: { url: `${service.url}/${name}`, response: 'file' },
  })
  const set = (key: string) => ({ key, block: 'core.set', params: { fields: { at: key } } })
  const approve = (...fields: unknown[]) => ({ key: 'ask', block: 'core.approve', params: { title: 'Please tell', fields } })
  await desk.offer('test_simple_text', chain([], say('This is a simple text response for testing.')))
  await desk.offer('test_image_content', chain([], file('picture'), say('{{ picture.body }}')))
  await desk.offer('test_audio_content', chain([], file('sound'), say('{{ sound.body }}')))
  await desk.offer('test_embedded_resource', chain([], file('words'), say('{{ words.body }}')))
  const both = { picture: '{{ picture.body }}', words: '{{ words.body }}' }
  await desk.offer('test_multiple_content_types', chain([], file('picture'), file('words'), say(both)))
  await desk.offer('test_tool_with_logging', chain([], set('started'), set('processing'), set('completed')))
  await desk.offer('test_tool_with_progress', chain([], set('first'), set('second'), set('third')))
  await desk.offer('test_reconnection', chain([], set('only')))
  const stop = { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'This tool fails on purpose.' } }
  await desk.offer('test_error_handling', chain([], stop))
  const required = { type: 'text', required: true }
  const asked = approve({ name: 'username', ...required }, { name: 'email', ...required })
  await desk.offer('test_elicitation', withBranch(chain([{ name: 'message', required: true }], asked)))
  const statuses = ['active', 'inactive', 'pending']
  const defaults = approve(
    { name: 'name', default: 'John Doe' },
    { name: 'age', type: 'number', default: 30 },
    { name: 'score', type: 'number', default: 95.5 },
    { name: 'status', type: 'select', options: statuses, default: 'active' },
    { name: 'verified', type: 'boolean', default: true },
  )
  await desk.offer('test_elicitation_sep1034_defaults', withBranch(chain([], defaults)))
  const choice = approve({ name: 'untitledSingle', type: 'select', options: ['option1', 'option2', 'option3'] })
  await desk.offer('test_elicitation_sep1330_enums', withBranch(chain([], choice)))
  const address = { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  }
  const call = { key: 'call', block: 'api.call', params: { schema } }
  await desk.offer('json_schema_2020_12_tool', { nodes: [call, set('only')], edges: ['call -> only'] })
  const watched = await desk.run(await desk.publish(chain([], set('only'))))
  return {
    'test://static-text': await uploaded(desk, 'static.txt', 'This is the content of the static text resource.'),
    'test://static-binary': await uploaded(desk, 'static.png', service.picture),
    'test://template/123/data': await uploaded(desk, 'data.txt', 'Data for the id 123'),
    'test://watched-resource': `promptpilot://executions/${watched.id}`,
  }
}

/** Goes on when it was approved. */
const withBranch = (drawing: ReturnType<typeof chain>) => ({
  nodes: [...drawing.nodes, say({ given: '{{ ask.fields }}' })],
  edges: [...drawing.edges, 'ask:approved -> answer'],
})

async function uploaded(desk: McpStage, name: string, bytes: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const form = new FormData()
  form.set('file', new Blob([bytes]), name)
  const { body } = await desk.server.send('/api/files', { body: form, token: desk.token })
  return `promptpilot://files/${body.id}`
}

for (const { name, skip, place } of databases().slice(0, 1))
  suite(`the suite of the protocol for servers, on ${name}`, { skip }, () => {
    let desk: McpStage
    let service: Service
    let gate: { url: string; close(): void }
    const results = new Map<string, Check[]>()
    before(async () => {
      desk = await setMcp(await place())
      service = await startFiles()
      gate = await openGate(desk, await offerAll(desk, service))
      const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
      const program = new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url).pathname
      const args = [program, 'server', '--url', gate.url, '--suite', 'all', '-o', folder]
      // Its exit code says only that something failed: what, stands in the files.
      await new Promise(resolve => execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, resolve))
      for (const one of await readdir(folder)) {
        const scenario = one.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '')
        results.set(scenario, JSON.parse(await readFile(join(folder, one, 'checks.json'), 'utf8')))
      }
      await rm(folder, { recursive: true })
    })
    after(async () => {
      gate.close()
      await desk.close()
      await service.close()
    })

    test('every scenario of the suite is here, and no other', () => {
      assert.deepEqual([...results.keys()].toSorted(), SCENARIOS.toSorted())
    })

    for (const scenario of SCENARIOS) {
      const reason = NOT_OURS[scenario]
      test(reason === undefined ? scenario : `${scenario} is not for us: ${reason}`, () => {
        const checks = results.get(scenario) ?? []
        const wrong = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
        assert.ok(checks.length > 0, 'nothing was checked')
        if (reason === undefined) return assert.deepEqual(wrong, [])
        assert.ok(wrong.length > 0, `${scenario} passes: take it from the list`)
        const passed = checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id)
        for (const id of YET_PASSED[scenario] ?? []) assert.ok(passed.includes(id), `${id} does not pass`)
      })
    }
  })
