import fc from 'fast-check'
import type { Ask, Message, Reply } from '#sdk/model.ts'
import { demo } from './demo.ts'

const NAMES = fc.constantFrom(
  'name',
  'email',
  'total',
  'date',
  'items',
  'tags',
  'isUrgent',
  'rating',
  'label',
  'x',
  'customerId',
  'phone',
  'summary',
  'next',
)
/** Texts to fill in from: with facts, without, and with letters that are no letters. */
export const TEXTS = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '',
    'From: Anna Schmidt\n\nPlease pay 1.190,00 € by 31.03.2026. It is urgent!\n- one: 5 €\n- two: 7 €\nCall +49 30 1234567 or write to a@b.co.',
    'Order #A-12, total: $20.50, https://example.com/x?y=1 🦊🦊🦊',
  ),
)
const PATTERNS = fc.constantFrom(
  '^[A-Z]{2}-\\d{3,5}$',
  '^(red|green|blue)+$',
  '^\\d+(\\.\\d{2})?$',
  '[a-f0-9]{8}',
  '\\S',
  '^https?://',
  '^$|^x',
  '^[^@\\s]+@[^@\\s]+$',
  '^[A-ZÄÖÜ][a-zäöüß]*$',
  '^.{3,6}$',
)
const between = (low: string, high: string, one: fc.Arbitrary<number>) =>
  fc.tuple(fc.option(one), fc.option(one)).map(([a, b]) => {
    const [least, most] = a !== null && b !== null && a > b ? [b, a] : [a, b]
    return { ...(least === null ? {} : { [low]: least }), ...(most === null ? {} : { [high]: most }) }
  })
const maybe = <Value>(name: string, value: fc.Arbitrary<Value>, freq = 3) =>
  fc.option(value, { freq }).map(one => (one === null ? {} : { [name]: one }))
const together = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all): Record<string, unknown> => Object.assign({}, ...all))
const typed = (type: string) => fc.constant({ type })

const text = fc.oneof(
  together(typed('string'), between('minLength', 'maxLength', fc.nat(40)), maybe('default', fc.string(), 9)),
  together(
    typed('string'),
    fc.record({ format: fc.constantFrom('email', 'date', 'date-time', 'uri', 'uuid', 'time', 'ipv4', 'ipv6', 'duration') }),
  ),
  together(typed('string'), fc.record({ pattern: PATTERNS })),
)
const whole = fc.integer({ min: -1000, max: 1000 })
const number = fc.oneof(
  together(typed('integer'), between('minimum', 'maximum', whole)),
  together(typed('number'), between('minimum', 'maximum', fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
  // Room enough between the ends for a multiple to lie there.
  fc
    .tuple(fc.constantFrom('integer', 'number'), whole, fc.constantFrom(1, 2, 5, 7, 0.5, 0.1, 0.01, 0.25))
    .map(([type, minimum, multipleOf]) => ({ type, minimum, maximum: minimum + 10, multipleOf })),
  fc
    .tuple(fc.constantFrom('integer', 'number'), whole)
    .map(([type, above]) => ({ type, exclusiveMinimum: above, exclusiveMaximum: above + 2 })),
)
const chosen = fc.oneof(
  fc
    .uniqueArray(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('billing', 'bug', 'other')), {
      minLength: 1,
      maxLength: 4,
    })
    .map(list => ({ type: 'string', enum: list })),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)).map(value => ({ const: value })),
)

const { schema } = fc.letrec<{ schema: Record<string, unknown>; record: Record<string, unknown> }>(tie => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, number, chosen, typed('boolean'), typed('null'), fc.constant({})),
    tie('record'),
    together(
      typed('array'),
      fc.record({ items: tie('schema') }),
      fc.constantFrom({}, { minItems: 2 }, { maxItems: 2 }, { minItems: 1, maxItems: 3 }),
    ),
    fc
      .constantFrom('string', 'integer')
      .chain(type =>
        fc.constantFrom({ minItems: 3 }, {}).map(ends => ({ type: 'array', items: { type }, uniqueItems: true, ...ends })),
      ),
    fc
      .array(tie('schema'), { minLength: 1, maxLength: 3 })
      .map(prefixItems => ({ type: 'array', prefixItems, items: false, minItems: prefixItems.length })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map(anyOf => ({ anyOf })),
    fc
      .constantFrom('a', 'b')
      .chain(kind =>
        tie('schema').map(part => ({ oneOf: [tagged('first', part), tagged(kind, part)].slice(0, kind === 'a' ? 2 : 1) })),
      ),
    fc.tuple(tie('record'), tie('record')).map(allOf => ({ allOf: [allOf[0], renamed(allOf[1])] })),
    fc.constantFrom('Tree', 'List', 'Either').map(name => ({ $ref: `#/$defs/${name}` })),
    fc.constantFrom(['string', 'null'], ['number', 'boolean'], ['string', 'integer', 'null']).map(type => ({ type })),
    together(
      typed('object'),
      fc.record({ additionalProperties: fc.oneof(text, number) }),
      fc.constantFrom({}, { minProperties: 2 }),
    ),
  ),
  record: fc.uniqueArray(fc.tuple(NAMES, tie('schema'), fc.boolean()), { selector: ([name]) => name, maxLength: 4 }).chain(list =>
    fc.constantFrom({}, { additionalProperties: false }, { additionalProperties: { type: 'string' } }).map(rest => ({
      type: 'object',
      properties: Object.fromEntries(list.map(([name, part]) => [name, part])),
      required: list.filter(([, , must]) => must).map(([name]) => name),
      ...rest,
    })),
  ),
}))

const tagged = (kind: string, part: Record<string, unknown>) => ({
  type: 'object',
  properties: { kind: { const: kind }, part },
  required: ['kind', 'part'],
})
/** Two objects of one value must not say different things of the same property. */
const renamed = ({ properties, required }: Record<string, unknown>) => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(Object(properties)).map(([name, part]) => [`${name}2`, part])),
  required: Array.isArray(required) ? required.map(name => `${name}2`) : [],
})
const open = (part: unknown): unknown =>
  JSON.parse(JSON.stringify(part), (_, value) =>
    value?.allOf
      ? { allOf: value.allOf.map(({ additionalProperties: _gone, ...rest }: Record<string, unknown>) => rest) }
      : value,
  )
const DEFS = {
  Tree: {
    type: 'object',
    properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    required: ['name', 'children'],
  },
  List: {
    type: 'object',
    properties: { value: { type: 'integer' }, next: { anyOf: [{ $ref: '#/$defs/List' }, { type: 'null' }] } },
    required: ['value', 'next'],
    additionalProperties: false,
  },
  Either: {
    anyOf: [
      { $ref: '#/$defs/List' },
      { $ref: '#/$defs/Tree' },
      { type: 'array', items: { $ref: '#/$defs/Either' }, minItems: 1 },
    ],
  },
}

/** Schemas that something fits, with definitions some of which are within themselves. */
export const SCHEMAS: fc.Arbitrary<Record<string, unknown>> = schema.map(part => ({ ...Object(open(part)), $defs: DEFS }))

/** What the demo model answers to a message, or to a conversation. */
export async function ask(said: string | Message[], more: Partial<Ask> = {}): Promise<Omit<Reply, 'cost'>> {
  const opened = await demo.open({}, fetch)
  const messages = typeof said === 'string' ? [user(said)] : said
  return opened.ask('writer', { model: 'demo/writer', messages, ...more }, { signal: new AbortController().signal })
}

/** A message of a person. */
export const user = (text: string): Message => ({ role: 'user', parts: [{ is: 'text', text }] })

/** A message of the model. */
export const assistant = (text: string): Message => ({ role: 'assistant', parts: [{ is: 'text', text }] })
