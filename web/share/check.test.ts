import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { filledIn, givenIn, schemaOf } from '#sdk/answers.ts'
import { FormField } from '#sdk/form.ts'
import { type Entered, type Field, numberOf, sentOf, startOf, valuesOf, wrongWith } from './check.ts'

/** fast-check prints it when something fails; set SEED to see that again. */
const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)

const field = (it: Partial<Field>): Field => ({ name: 'a', title: 'A', type: 'text', required: false, ...it })
const wrong = (it: Partial<Field>, entered: Entered) => wrongWith(field(it), entered)?.word ?? null

test('a number is read with a point or a comma, and nothing else is one', () => {
  for (const [text, number] of [
    ['1', 1],
    ['1,5', 1.5],
    [' -2.5 ', -2.5],
    ['.5', 0.5],
    ['1e3', 1000],
  ] as const)
    assert.equal(numberOf(text), number)
  for (const text of ['', 'x', '1,2,3', '0x10', '1 000', 'Infinity', '--1', '.']) assert.ok(Number.isNaN(numberOf(text)), text)
})

test('says what is wrong with what was entered', () => {
  const cases: [Partial<Field>, Entered, string | null][] = [
    [{ required: true }, '  ', 'required'],
    [{ required: true }, 'x', null],
    [{}, '', null],
    [{ min: 3 }, 'ab', 'tooShort'],
    [{ max: 3 }, 'abcd', 'tooLong'],
    [{ type: 'number' }, 'x', 'number'],
    [{ type: 'number', min: 0 }, '-1', 'least'],
    [{ type: 'number', max: 2 }, '3', 'most'],
    [{ type: 'number', max: 3 }, '3', null],
    [{ type: 'email' }, 'ada', 'email'],
    [{ type: 'email' }, 'ada@example.org', null],
    [{ type: 'url' }, 'javascript:alert(1)', 'url'],
    [{ type: 'url' }, 'https://example.org', null],
    [{ type: 'date' }, '1.5.2026', 'date'],
    [{ type: 'choice', options: ['x'] }, 'y', 'choose'],
    [{ type: 'boolean', required: true }, false, 'mustBeYes'],
    [{ type: 'boolean' }, false, null],
    [{ type: 'multichoice', required: true }, [], 'choose'],
    [{ type: 'multichoice', min: 2 }, ['x'], 'more'],
    [{ type: 'multichoice', max: 1 }, ['x', 'y'], 'fewer'],
    [{ type: 'file', required: true }, [], 'required'],
    [
      { type: 'files', max: 1 },
      [
        { file: 'a', name: 'a', size: 1 },
        { file: 'b', name: 'b', size: 1 },
      ],
      'fewer',
    ],
  ]
  for (const [it, entered, word] of cases) assert.equal(wrong(it, entered), word, JSON.stringify([it, entered]))
})

test('sends values and not what was typed, and nothing for what was left empty', () => {
  const fields = [
    field({ name: 'n', type: 'number' }),
    field({ name: 'mail', type: 'email' }),
    field({ name: 'note' }),
    field({ name: 'yes', type: 'boolean' }),
    field({ name: 'paper', type: 'file' }),
    field({ name: 'tags', type: 'multichoice' }),
  ]
  const paper = { file: 'token', name: 'a.txt', size: 1 }
  assert.deepEqual(valuesOf(fields, { n: '1,5', mail: ' a@b.co ', note: ' ', yes: true, paper: [paper], tags: [] }), {
    n: 1.5,
    mail: 'a@b.co',
    yes: true,
    paper: 'token',
  })
  assert.deepEqual(valuesOf(fields, {}), { yes: false })
})

test('begins with what the form says, as far as it can', () => {
  assert.equal(startOf(field({ type: 'number', default: 2 })), '2')
  assert.equal(startOf(field({ type: 'boolean', default: true })), true)
  assert.deepEqual(startOf(field({ type: 'multichoice', options: ['x'], default: ['x', 'gone'] })), ['x'])
  assert.equal(startOf(field({ default: { no: 1 } })), '')
})

test('what the page lets through the server takes, and what it stops the server refuses', () => {
  const types = ['text', 'longtext', 'number', 'boolean', 'choice', 'multichoice', 'url'] as const
  const options = ['x', 'y', 'z']
  const bound = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
  const some = fc.record({ type: fc.constantFrom(...types), required: fc.boolean(), min: bound, max: bound })
  const text = fc.constantFrom('', ' ', 'x', 'xx', 'xxxx', '2', '2.5', '-7', 'https://a.b', 'http://', 'q')
  const list = fc.subarray(options)
  fc.assert(
    fc.property(some, text, list, fc.boolean(), ({ type, required, min, max }, typed, chosen, ticked) => {
      if (min !== undefined && max !== undefined && min > max) return
      const it = { name: 'a', title: 'A', type, required, ...(min ? { min } : {}), ...(max ? { max } : {}), options }
      const entered = type === 'boolean' ? ticked : type === 'multichoice' ? chosen : typed
      const value = sentOf(it, entered)
      const answers = givenIn(filledIn([FormField.parse(it)], value === undefined ? {} : { a: value }))
      const taken = z.fromJSONSchema(Object(schemaOf([FormField.parse(it)]))).safeParse(answers).success
      assert.equal(wrongWith(it, entered) === null, taken, JSON.stringify({ it, entered }))
    }),
    { seed, numRuns: 2000 },
  )
})
