import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadLibrary } from '#open.ts'
import { jsonSchema } from '#workflows/check/schema.ts'
import { type Field, fieldOf, fieldsOf } from './field.ts'
import { partsOf } from './parts.ts'
import { blankOf, branchOf, isShown, switched } from './values.ts'

const library = await loadLibrary()

const schemaOf = (id: string) => {
  const block = library.newest(id)
  assert.ok(block, id)
  return jsonSchema(block.input, 'input')
}
const looksOf = (id: string) => {
  const schema = schemaOf(id)
  return Object.fromEntries(fieldsOf(schema, schema).map(([name, field]) => [name, field.look.as]))
}
const named = (id: string, name: string): Field => {
  const schema = schemaOf(id)
  const field = fieldsOf(schema, schema).find(one => one[0] === name)?.[1]
  assert.ok(field, `${id} ${name}`)
  return field
}

test('every field of every block is drawn by something, as deep as it goes', () => {
  let count = 0
  const walk = (schema: Record<string, unknown>, root: Record<string, unknown>, depth: number): void => {
    for (const [name, field] of fieldsOf(schema, root)) {
      count += 1
      assert.notEqual(field.title, '', name)
      const { look } = field
      if (depth > 4) continue
      if (look.as === 'object') walk(field.schema, root, depth + 1)
      if (look.as === 'list' || look.as === 'questions') walk(look.item, root, depth + 1)
      if (look.as === 'union') for (const branch of look.branches) walk(branch.schema, root, depth + 1)
    }
  }
  for (const block of library.blocks) {
    const schema = jsonSchema(block.input, 'input')
    walk(schema, schema, 0)
  }
  assert.ok(count > 150, String(count))
})

test('a request over HTTP becomes the fields a person expects', () => {
  const looks = looksOf('http.request')
  assert.deepEqual(
    [looks.method, looks.url, looks.query, looks.body, looks.text, looks.multipart, looks.file, looks.pagination, looks.timeout],
    ['choice', 'text', 'map', 'json', 'longtext', 'list', 'file', 'union', 'number'],
  )
  const { look } = named('http.request', 'pagination')
  assert.equal(look.as, 'union')
  assert.deepEqual(look.as === 'union' && [look.by, look.branches.map(one => one.title)], [
    'kind',
    ['One page', 'Page numbers', 'Number of entries to skip', 'Cursor of the last answer', 'Address of the next page'],
  ])
})

test('conditions, questions, times, people and values of several kinds are known by what they are', () => {
  assert.deepEqual(looksOf('core.if'), { all: 'conditions', any: 'conditions' })
  assert.deepEqual(named('data.filter', 'where').look, { as: 'conditions', whole: true })
  assert.deepEqual([looksOf('manual.start').fields, looksOf('core.approve').fields], ['questions', 'questions'])
  assert.deepEqual([looksOf('core.approve').assignees, looksOf('core.approve').deadline], ['members', 'duration'])
  assert.deepEqual(
    [looksOf('schedule.cron').cron, looksOf('schedule.cron').at, looksOf('schedule.cron').timezone],
    ['cron', 'datetime', 'timezone'],
  )
  assert.deepEqual(
    [looksOf('event.on').event, looksOf('core.code').code, looksOf('core.switch').value],
    ['either', 'code', 'any'],
  )
  assert.equal(looksOf('webhook.receive').methods, 'words')
})

test('what is said of each choice stands beside it, and the rest beside the field', () => {
  const reply = named('webhook.receive', 'reply')
  assert.equal(reply.about, undefined)
  assert.deepEqual(reply.look.as === 'choice' && reply.look.choices[0], {
    value: 'accepted',
    title: 'Accepted',
    about: '202 at once.',
  })
  const mode = named('core.merge', 'mode')
  assert.deepEqual(mode.look.as === 'choice' && mode.look.choices.map(one => one.about !== undefined), [
    true,
    true,
    true,
    true,
    true,
  ])
  // A sentence about all of them stays where it is.
  assert.equal(named('http.request', 'method').about, 'GET reads, POST creates or sends, PUT and PATCH change, DELETE removes.')
})

test('choices that have words of their own keep them, and a list of models is a list of pickers', () => {
  const titled = fieldOf(
    {
      oneOf: [
        { const: 'a', title: 'First', description: 'Why.' },
        { const: 'b', title: 'Second' },
      ],
    },
    {},
    'x',
  )
  assert.deepEqual(titled.look, {
    as: 'choice',
    choices: [
      { value: 'a', title: 'First', about: 'Why.' },
      { value: 'b', title: 'Second' },
    ],
  })
  const model = { type: 'string', ui: 'model', able: ['text'] }
  assert.deepEqual(fieldOf(model, {}, 'model').look, { as: 'model', able: ['text'] })
  const list = fieldOf({ type: 'array', ui: 'list', maxItems: 5, items: model }, {}, 'fallback')
  assert.deepEqual([list.look.as, list.look.as === 'list' && list.look.item.ui], ['list', 'model'])
  assert.equal(fieldOf({ anyOf: [{ type: 'number' }, { type: 'null' }], title: 'N' }, {}, 'n').look.as, 'number')
})

test('references are followed, also those that lead in a circle', () => {
  const root = {
    $defs: { a: { $ref: '#/$defs/b', title: 'Mine' }, b: { type: 'integer', minimum: 1 }, round: { $ref: '#/$defs/round' } },
  }
  assert.deepEqual(fieldOf({ $ref: '#/$defs/a' }, root, 'x').look, { as: 'number', whole: true, least: 1, most: undefined })
  assert.equal(fieldOf({ $ref: '#/$defs/a' }, root, 'x').title, 'Mine')
  assert.equal(fieldOf({ $ref: '#/$defs/round' }, root, 'x').look.as, 'any')
  const both = fieldOf({ allOf: [{ type: 'object', properties: { a: {} } }, { properties: { b: {} } }] }, {}, 'x')
  assert.deepEqual(
    fieldsOf(both.schema, {}).map(([name]) => name),
    ['a', 'b'],
  )
})

test('fields are sorted into those that are asked first, sections, and those that few need', () => {
  const schema = {
    properties: {
      a: { title: 'A' },
      b: { title: 'B', section: 'Answer' },
      c: { title: 'C', advanced: true },
      d: { title: 'D', section: 'Limits', advanced: true },
    },
  }
  const parts = partsOf(fieldsOf(schema, schema))
  assert.deepEqual(
    [parts.plain.map(([name]) => name), parts.sections.map(one => one.title), parts.advanced.map(one => one.title)],
    [['a'], ['Answer'], [null, 'Limits']],
  )
})

test('a field is shown by what stands in another, by its default, or while that is a template', () => {
  const schema = schemaOf('webhook.receive')
  const verify = named('webhook.receive', 'verify')
  const fields = fieldsOf(verify.schema, schema)
  const shown = (values: Record<string, unknown>) =>
    fields.filter(([, field]) => isShown(field, fields, values)).map(([name]) => name)
  assert.deepEqual(shown({}), ['kind'])
  assert.deepEqual(shown({ kind: 'basic' }), ['kind', 'secret', 'user'])
  assert.ok(shown({ kind: '{{ trigger.kind }}' }).includes('header'))
  const share = fieldsOf(named('manual.start', 'share').schema, schemaOf('manual.start'))
  assert.ok(share.filter(([, field]) => isShown(field, share, {})).some(([name]) => name === 'message'))
})

test('another branch keeps what it has too and begins the rest anew', () => {
  const schema = schemaOf('http.request')
  const { look } = named('http.request', 'pagination')
  assert.ok(look.as === 'union')
  const [one, page, offset] = look.branches
  assert.ok(one && page && offset)
  const paged = switched(look.by, page, schema, { kind: 'none' })
  assert.deepEqual(paged, { kind: 'page' })
  assert.deepEqual(switched(look.by, offset, schema, { ...paged, start: 3, size: 7 }), { kind: 'offset', start: 3, size: 7 })
  assert.deepEqual(switched(look.by, one, schema, { kind: 'page', start: 3 }), { kind: 'none' })
})

test('a value is known by its kind among alternatives', () => {
  const schema = schemaOf('event.on')
  const { look } = named('event.on', 'event')
  assert.ok(look.as === 'either')
  assert.deepEqual(
    [
      branchOf('order.paid', look.branches, schema),
      branchOf(['a'], look.branches, schema),
      branchOf(undefined, look.branches, schema),
    ],
    [0, 1, 0],
  )
})

test('something to begin with fits its schema', () => {
  const schema = schemaOf('core.switch')
  const cases = named('core.switch', 'cases').look
  assert.ok(cases.as === 'list')
  assert.deepEqual(blankOf(cases.item, schema), { name: '' })
  assert.deepEqual(blankOf({ type: 'integer', minimum: 2 }, {}), 2)
  assert.deepEqual(blankOf({ enum: ['x', 'y'] }, {}), 'x')
  assert.deepEqual(blankOf({ type: 'array', items: {} }, {}), [])
})
