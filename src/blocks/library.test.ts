import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { opened } from '#models/demo/opened.ts'
import { blockModels } from '#models/testing.ts'
import type { CallReply } from '#sdk/context.ts'
import type { Block, Connector } from '#sdk/define.ts'
import { isEnding } from '#sdk/ending.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { makeLibrary } from '#sdk/library.ts'
import { outletsOf } from '#sdk/outlets.ts'
import { type TestGiven, testContext } from '#sdk/testing.ts'
import { BadTemplate, prepare } from '#template/fill.ts'

const here = import.meta.dirname
const folders = (await readdir(here, { withFileTypes: true })).filter(entry => entry.isDirectory()).map(entry => entry.name)

type Source = { folder: string; stem: string; exports: Record<string, unknown> }

/** Every file of every connector, as the loader finds them. */
const sources: Source[] = []
for (const folder of folders)
  for (const file of await readdir(join(here, folder)))
    if (file.endsWith('.ts') && !/\.test\.ts$|^testing\.ts$/.test(file))
      sources.push({ folder, stem: basename(file, '.ts'), exports: await import(join(here, folder, file)) })

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && 'run' in value && 'input' in value
const isConnector = (value: unknown): value is Connector => typeof value === 'object' && value !== null && 'blocks' in value
const connectors = sources
  .filter(it => it.folder === it.stem)
  .map(({ folder, exports }) => ({
    folder,
    it: z.custom<Connector>(isConnector, `${folder} exports no connector`).parse(exports.default),
  }))
const library = makeLibrary(connectors.map(({ it }) => it))
const { blocks } = library

type Schema = {
  $ref?: string
  $defs?: Record<string, Schema>
  title?: string
  type?: string
  ui?: string
  enum?: unknown[]
  const?: unknown
  minimum?: number
  maximum?: number
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  additionalProperties?: boolean | Schema
}

const schemaOf = (of: z.ZodType, io: 'input' | 'output'): Schema => JSON.parse(JSON.stringify(z.toJSONSchema(of, { io })))

/** Every field with its path, however deep. */
function* fieldsOf(schema: Schema, path: string): Generator<[string, Schema]> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    // What has one value only tells kinds apart; nobody is asked for it.
    if (field.const === undefined) yield [`${path}.${name}`, field]
    // Of a file the form shows the file.
    if (field.ui !== 'file') yield* fieldsOf(field, `${path}.${name}`)
  }
  const rest = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
  for (const one of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...rest]) if (one) yield* fieldsOf(one, path)
}

const effectOf = ({ effect }: Block, params: unknown) => (typeof effect === 'function' ? effect(params) : effect)

/** Runs a block as the engine does: templates of fields that are not filled later are filled, then all is parsed. */
async function runBlock(block: Block, params: Record<string, unknown>, given: TestGiven = {}): Promise<unknown> {
  const [kind] = block.credentials ?? []
  const names = Object.keys(kind?.fields.shape ?? {})
  const credential = kind && { kind: kind.id, values: Object.fromEntries(names.map(name => [name, `a-${name}`])) }
  const filler = (field: string) => {
    const filled = prepare(params[field])
    return (extra: Record<string, unknown>) => filled.fill(extra)
  }
  const { context } = testContext({ ...(credential ? { credential } : {}), filler, ...given })
  return block.run(block.input.parse(params), context)
}

const paramsOf = (block: Block) => z.record(z.string(), z.unknown()).parse(block.example.input)

test('folder, file and id say the same, and every block is in its connector', () => {
  assert.deepEqual(
    connectors.map(one => one.folder),
    folders.filter(name => sources.some(it => it.folder === name)),
  )
  for (const { folder, it } of connectors) assert.equal(it.id, folder)
  const seen = new Set<string>()
  for (const { folder, stem, exports } of sources)
    for (const block of Object.values(exports).filter(isBlock)) {
      const [noun = '', verb = ''] = block.id.split('.')
      assert.match(block.id, /^[a-z]+\.[a-zA-Z]+$/)
      assert.ok(noun === folder || block.start, `${block.id} is in ${folder}`)
      assert.ok([noun, verb.toLowerCase()].includes(stem), `${block.id} is in ${folder}/${stem}.ts`)
      assert.ok(
        connectors.some(one => one.folder === folder && one.it.blocks.includes(block)),
        `${block.id} is in no connector`,
      )
      assert.ok(!seen.has(`${block.id} ${block.version}`), `${block.id} is there twice`)
      seen.add(`${block.id} ${block.version}`)
    }
})

for (const block of blocks) suite(block.id, () => passes(block))

function passes(block: Block): void {
  const example = paramsOf(block)
  const input = schemaOf(block.input, 'input')

  test('says what it is, and has a form', () => {
    for (const text of [block.title, block.about, block.icon]) assert.ok(text.length > 1)
    assert.match(block.about, /[.!?]$/)
    schemaOf(block.output, 'output')
    assert.equal(input.type, 'object')
    for (const [path, field] of fieldsOf(input, block.id)) assert.ok(field.title, `${path} has no title`)
    for (const name of [...(block.later ?? []), ...(block.perTurn ?? []), ...(block.verbatim ?? [])])
      assert.ok(name in (input.properties ?? {}), `${name} is no field`)
    assert.equal(block.loop !== undefined && block.loop !== 'calls', block.turn !== undefined)
  })

  test('takes its example, and nothing that it does not know', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(example)), example)
    block.input.parse(example)
    assert.deepEqual(block.output.parse(block.example.output), block.example.output)
    assert.equal(block.input.safeParse({ ...example, noSuchField: 1 }).success, false)
  })

  test('marks what is secret', () => {
    for (const credential of block.credentials ?? []) {
      const fields = [...fieldsOf(schemaOf(credential.fields, 'input'), credential.id)]
      assert.ok(fields.every(([, field]) => field.title))
      for (const [path, field] of fields)
        if (/(password|secret|token|key)$/i.test(path) && field.type === 'string') assert.equal(field.ui, 'secret', path)
    }
    for (const [path, field] of fieldsOf(input, block.id))
      if (/\.(\w*password|secret|\w*token)$/i.test(path) && field.type === 'string') assert.equal(field.ui, 'secret', path)
  })

  test('has outlets and an effect whatever was written', () => {
    const written = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...Object.keys(input.properties ?? { a: 1 })), fc.jsonValue()),
      likely(input),
    )
    fc.assert(
      fc.property(written, params => {
        const outlets = outletsOf(block.outlets ?? ['main'], params)
        assert.ok(outlets.every(name => typeof name === 'string' && name !== '' && name !== 'error'))
        assert.equal(new Set(outlets).size, outlets.length)
        assert.ok(['pure', 'repeatable', 'once'].includes(effectOf(block, params)))
      }),
      { numRuns: 200 },
    )
  })

  test('ends, whatever it is given, in an output, an ending or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(likely(input), somewhat(input)), async params => {
        const pure = effectOf(block, params) === 'pure'
        const touched = async () => assert.fail(`${block.id} is pure and touches the outside`)
        try {
          const result = await runBlock(block, params, {
            call: pure ? touched : async () => answer(200, '{}'),
            mail: pure ? touched : async () => ({ id: '1', accepted: [], rejected: [] }),
            script: async () => ({ value: null }),
            models: pure ? noModels : demo,
          })
          if (isEnding(result)) {
            if (result.how === 'leave')
              for (const outlet of [result.outlet, ...result.also])
                assert.ok(outletsOf(block.outlets ?? ['main'], params).includes(outlet) || /\{[{%]/.test(outlet))
          } else assert.notEqual(result, undefined)
        } catch (error) {
          if (
            !(
              error instanceof Refused ||
              error instanceof TryLater ||
              error instanceof z.ZodError ||
              error instanceof BadTemplate
            )
          )
            throw error
          assert.ok(error.message.length > 10)
        }
      }),
      { numRuns: 100 },
    )
  })

  if (effectOf(block, example) === 'pure' && !block.start)
    test('does of its example what the example says', async () => {
      const script = async () => ({ value: block.example.output })
      const before = JSON.stringify(example)
      const result = await runBlock(block, example, { script })
      if (!isEnding(result)) assert.deepEqual(result, block.example.output)
      else if ('output' in result) assert.deepEqual(result.output, block.example.output)
      assert.equal(JSON.stringify(example), before)
      if (block.loop) assert.ok(isEnding(result) && result.how === 'turns')
    })

  if (effectOf(block, example) !== 'pure') test('a service that fails is somebody’s to act on', () => failing(block, example))
}

const never = new AbortController().signal
const demo = blockModels(opened, never)
const noModels = modelsThat(async () => assert.fail('a pure block asks no models'))

function modelsThat(fail: () => Promise<never>) {
  return { ask: fail, embed: fail, draw: fail, moderate: fail }
}

const answer = (status: number, body: string, headers: Record<string, string> = {}): CallReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  url: 'https://service.example/',
  bytes: async () => new TextEncoder().encode(body),
  text: async () => body,
  async *stream() {
    yield new TextEncoder().encode(body)
  },
})

async function failing(block: Block, example: Record<string, unknown>): Promise<void> {
  for (const error of [new TryLater('model.busy', 'Too many.', { after: 7_000 }), new Refused('model.key_refused', 'No.')]) {
    let asked = 0
    const models = modelsThat(async () => {
      asked += 1
      throw error
    })
    const result = await runBlock(block, example, { models }).catch(error => error)
    if (asked > 0) assert.equal(result, error, 'what goes wrong with a model reaches whoever must act')
  }
  let calls = 0
  const run = (reply: () => Promise<CallReply> | CallReply, signal?: AbortSignal) =>
    runBlock(block, example, {
      ...(signal ? { signal } : {}),
      call: async () => {
        calls += 1
        return reply()
      },
      mail: async () => ({ id: '1', accepted: ['a@example.org'], rejected: [] }),
    })
  const ended = (status: number, body = '{"message":"no"}', headers = {}) =>
    run(() => answer(status, body, headers)).catch(error => error)

  const slowed = await ended(429, '{}', { 'retry-after': '7' })
  if (calls === 0) return
  assert.ok(slowed instanceof TryLater, String(slowed))
  assert.equal(slowed.after, 7000)
  const broken = await ended(500)
  assert.ok(broken instanceof TryLater || broken instanceof Refused, String(broken))
  if (effectOf(block, example) === 'repeatable') assert.ok(broken instanceof TryLater, String(broken))
  const unknown = await ended(401)
  assert.ok(unknown instanceof Refused, String(unknown))
  if (block.credentials?.length) assert.equal(unknown.code, 'credential.rejected')
  const refused = await ended(400)
  assert.ok(refused instanceof Refused, String(refused))
  for (const body of ['<html>', '', '{"a":', '\u0000\uFFFD'.repeat(100), 'null', '[]', '"x"', '{}']) {
    const result = await ended(200, body)
    if (result instanceof Error)
      assert.ok(result instanceof Refused || result instanceof TryLater, `${body}: ${String(result.stack)}`)
  }
  const gone = await run(() => Promise.reject(new TryLater('network.unreachable', 'Nobody answers.'))).catch(error => error)
  assert.ok(gone instanceof TryLater, String(gone))
  const stopped = AbortSignal.abort()
  await assert.rejects(run(() => Promise.reject(stopped.reason), stopped))
}

/** Params that a person may well write: the names are right, and so are most kinds of values. */
function likely(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, likeliest(field, 3)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] })
}

/** Params of which only the names are right. */
const somewhat = (schema: Schema): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.keys(schema.properties ?? {}).map(name => [name, anything])), { requiredKeys: [] })

const texts = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '',
    'a',
    'id',
    '10m',
    '2026-05-01',
    '08:30',
    'Europe/Berlin',
    'a,b\n1,"x',
    '<p>x</p>',
    '<a b="1">c</a>',
    'https://example.org/a',
    '{{ item.id }}',
    '{{ x',
    '(((',
  ),
)
const entry = fc.oneof(fc.record({ id: fc.integer({ max: 5 }), name: texts }, { requiredKeys: [] }), fc.jsonValue())
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  texts,
  fc.array(entry, { maxLength: 5 }),
  entry,
  fc.double(),
  fc.integer(),
)

function likeliest(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { enum: choices, anyOf, type, items, properties, minimum = -10, maximum = 1000 } = schema
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (choices) return fc.constantFrom(...choices)
  if (anyOf && depth > 0) return fc.oneof(...anyOf.map(one => likeliest(one, depth - 1)))
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') return fc.integer({ min: Math.max(minimum, -10), max: Math.min(maximum, 1000) })
  if (type === 'number') return fc.double({ noNaN: true })
  if (type === 'string') return texts
  if (type === 'array') return fc.array(items && depth > 0 ? likeliest(items, depth - 1) : entry, { maxLength: 4 })
  if (type === 'object' && properties && depth > 0)
    return fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, likeliest(one, depth - 1)])), {
      requiredKeys: [],
    })
  if (type === 'object') return fc.dictionary(texts, anything, { maxKeys: 4 })
  return anything
}
