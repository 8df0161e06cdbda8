import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { z } from 'zod'
import { loadLibrary } from '#open.ts'
import { defineBlock, defineConnector } from '#sdk/define.ts'
import { type Library, makeLibrary } from '#sdk/library.ts'
import { inputOf } from '#workflows/check/schema.ts'
import { GivenDocument } from '#workflows/contract.ts'
import { settle } from '#workflows/document.ts'
import { validate } from '#workflows/validate.ts'
import { readAnswer } from './answer.ts'
import { catalogue, explained, ROOM } from './catalogue.ts'
import { compose } from './compose.ts'
import { EXAMPLE, INSTRUCTIONS } from './instructions.ts'
import { outcome, signature } from './signature.ts'

describe('what a model is told of blocks', () => {
  let library: Library
  before(async () => {
    library = await loadLibrary()
  })

  test('is every block with its parameters, and with the instructions less than 13,000 tokens', () => {
    const text = catalogue(library, 'anything')
    for (const { id } of library.blocks)
      assert.match(text, new RegExp(`^## ${id.replace('.', '\\.')}( |\n)[\\s\\S]*?params: `, 'm'), id)
    // tokenx counts one token for 3.9 letters of this text.
    const tokens = (INSTRUCTIONS.length + text.length) / 3.9
    assert.ok(tokens < 13_000, `${tokens}`)
  })

  test('names every parameter that must be filled in, and shows no secret', () => {
    for (const block of library.blocks) {
      const text = catalogue(library, '', [{ block: block.id }])
      for (const name of Object(inputOf(block)).required ?? [])
        assert.match(text, new RegExp(`\\b${name}\\??: `), `${block.id} ${name}`)
    }
    assert.doesNotMatch(catalogue(library, ''), /shared-secret/)
  })

  test('stays within its room whatever the library has: what the request names in full, then the used, then others in brief', () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      defineBlock({
        id: `shop${at}.order`,
        version: 1,
        title: `Shop ${at}`,
        about: `Orders at the shop number${at}. ${'It takes many words. '.repeat(20)}`,
        group: 'service',
        icon: 'box',
        effect: 'once',
        input: z.strictObject({ article: z.string().meta({ title: 'Article', description: 'What is ordered, by its number.' }) }),
        output: z.object({ id: z.string() }),
        example: { input: { article: '1' }, output: { id: '1' } },
        run: () => ({ id: '1' }),
      }),
    )
    const large = makeLibrary([
      ...library.connectors,
      defineConnector({ id: 'shops', title: 'Shops', about: 'Many.', blocks: many }),
    ])
    const text = catalogue(large, 'Order tea at number321', [{ block: 'shop77.order' }])
    assert.ok(text.length < ROOM.full + ROOM.brief + ROOM.line + 2_000, `${text.length}`)
    for (const id of ['shop321.order', 'shop77.order'])
      assert.match(text, new RegExp(`## ${id.replace('.', '\\.')}\n.*many words[\\s\\S]*?example: `), id)
    assert.match(text, /\nshop\d+\.order: Orders at the shop/)
    const small = catalogue(large, 'Order tea', [], { full: 8_000, brief: 2_000, line: 500 })
    assert.ok(small.length < 11_000, `${small.length}`)
  })

  test('is told whole to a model that has misread a block', () => {
    assert.doesNotMatch(catalogue(library, ''), /maxBytes\?: /)
    assert.match(explained(library, [{ block: 'http.request' }]), /maxBytes\?: number/)
    assert.equal(explained(library, [{ block: 'no.such' }]), '')
  })
})

test('the example that a model is given has no problems', async () => {
  const library = await loadLibrary()
  const read = readAnswer(JSON.stringify(EXAMPLE))
  assert.ok('plan' in read)
  const empty = settle(GivenDocument.parse({ name: 'x' }), library)
  const { document, problems } = compose(read.plan, { document: empty, shown: null, library, credential: () => null })
  const facts = { workflow: null, credentials: new Map(), workflows: new Map(), toolHolder: null }
  assert.deepEqual([problems, validate(document, library, facts)], [[], []])
})

test('types are written in short', () => {
  const schema = {
    type: 'object',
    properties: {
      who: { type: 'string', title: 'Who', description: 'A name.' },
      how: { enum: ['a', 'b'], default: 'a', title: 'how' },
      many: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 1, maximum: 9 }] } },
      when: { ui: 'conditions', type: 'object' },
      key: { type: 'string', ui: 'secret' },
      any: { type: 'object', additionalProperties: { type: 'number' } },
      rare: { type: 'boolean', advanced: true },
      self: { $ref: '#' },
    },
    required: ['who'],
  }
  const text = signature(schema)
  assert.match(
    text,
    /^\{who: string \/\*A name\.\*\/, how\?: "a"\|"b" = "a", many\?: \(string\|int\(1\.\.9\)\)\[\], when\?: Conditions, key\?: string \/\*secret: never fill in\*\/, any\?: \{\[name\]: number\}, self\?: /,
  )
  assert.match(text, /\/\*also: rare\*\/\}$/)
  assert.ok(text.length < 6_000)
  assert.equal(outcome({ type: 'string', description: 'A text.' }), 'string /*A text.*/')
})
