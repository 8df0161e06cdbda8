import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { fits } from './check.ts'
import { shapeFrom } from './shape.ts'
import { ask, SCHEMAS, TEXTS, user } from './testing.ts'

/** Printed when something fails; set SEED to see that again. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)

test('whatever the schema and the text, the answer fits the schema, and is the same another time', () => {
  fc.assert(
    fc.property(SCHEMAS, TEXTS, (schema, text) => {
      const value = shapeFrom(schema, text, () => 'a draft')
      const asJson: unknown = JSON.parse(JSON.stringify(value))
      const parsed = z.fromJSONSchema(Object(schema)).safeParse(asJson)
      assert.ok(parsed.success, `seed ${seed}: ${JSON.stringify(value)} does not fit: ${parsed.error?.message}`)
      assert.deepEqual(
        shapeFrom(schema, text, () => 'a draft'),
        value,
        `seed ${seed}: another time it is another`,
      )
    }),
    { seed, numRuns: Number(process.env.RUNS ?? 300) },
  )
})

const filled = async <Shape extends z.ZodType>(shape: Shape, text: string) => {
  const reply = await ask(text, { schema: z.toJSONSchema(shape) })
  return shape.parse(JSON.parse(reply.text))
}
const fill = (schema: Record<string, unknown>, text = '') => {
  const value = shapeFrom(schema, text, () => '[demo, not an AI] draft')
  assert.ok(fits(value, schema, schema), JSON.stringify(value))
  return value
}

const INVOICE = `From: Anna Schmidt <anna.schmidt@example.com>
Subject: Invoice RE-2026-0042

Dear Sir or Madam,

please find our invoice of March 5, 2026 for web design.

- Logo design: 400,00 €
- Website: 600,00 €

Net amount: 1.000,00 €
VAT 19%: 190,00 EUR
Total: 1.190,00 €
Due date: 31.03.2026

You can reach us at +49 30 1234567 or https://example.com/pay.

Mit freundlichen Grüßen
Anna Schmidt
Nordlicht Design GmbH`

test('an invoice that came by mail gives its number, dates, sums and rows', async () => {
  const shape = z.object({
    invoiceNumber: z.string(),
    vendor: z.string(),
    senderName: z.string(),
    email: z.email(),
    phone: z.string().nullable(),
    website: z.url(),
    invoiceDate: z.iso.date(),
    dueDate: z.iso.date(),
    sentAt: z.iso.datetime().nullable(),
    net: z.number(),
    tax: z.number(),
    total: z.number(),
    currency: z.enum(['USD', 'EUR', 'GBP']),
    iban: z.string().nullable(),
    items: z.array(z.object({ description: z.string(), amount: z.number() })),
    title: z.string(),
    category: z.enum(['offer', 'invoice', 'other']),
    isPaid: z.boolean(),
    note: z.string().optional(),
  })
  assert.deepEqual(await filled(shape, INVOICE), {
    invoiceNumber: 'RE-2026-0042',
    vendor: 'Nordlicht Design GmbH',
    senderName: 'Anna Schmidt',
    email: 'anna.schmidt@example.com',
    phone: '+49 30 1234567',
    website: 'https://example.com/pay',
    invoiceDate: '2026-03-05',
    dueDate: '2026-03-31',
    sentAt: '2026-03-05T00:00:00Z',
    net: 1000,
    tax: 190,
    total: 1190,
    currency: 'EUR',
    iban: null,
    items: [
      { description: 'Logo design', amount: 400 },
      { description: 'Website', amount: 600 },
    ],
    title: 'Invoice RE-2026-0042',
    category: 'invoice',
    isPaid: false,
  })
})

test('a mail to the support is judged by its words', async () => {
  const shape = z.object({
    name: z.string(),
    company: z.string(),
    orderId: z.string(),
    sentiment: z.enum(['positive', 'neutral', 'negative']),
    category: z.enum(['billing', 'bug', 'feature', 'other']),
    priority: z.enum(['low', 'medium', 'high']),
    urgent: z.boolean(),
    isRefundRequest: z.boolean(),
    questions: z.array(z.string()),
    tags: z.array(z.string()).min(1).max(3),
    summary: z.string().max(100),
    rating: z.int().min(1).max(5),
    confidence: z.number().min(0).max(1),
    email: z.email().optional(),
  })
  const mail = `Hello,
I am Peter Miller from Acme Corp. The app crashes with an error since yesterday when I open the dashboard. This is urgent, please help! Order #A-1234. I am very disappointed.
Do you have a workaround?

Best regards,
Peter`
  const { summary, ...rest } = await filled(shape, mail)
  assert.match(summary, /app crashes|Peter Miller/)
  assert.deepEqual(rest, {
    name: 'Peter Miller',
    company: 'Acme Corp',
    orderId: 'A-1234',
    sentiment: 'negative',
    category: 'bug',
    priority: 'high',
    urgent: true,
    isRefundRequest: false,
    questions: ['Do you have a workaround?'],
    tags: ['app', 'crashes', 'error'],
    rating: 1,
    confidence: 0.5,
  })
})

test('a CV gives jobs, skills and languages', async () => {
  const job = z.object({ company: z.string(), role: z.string(), start: z.string(), end: z.string().nullable() })
  const shape = z.object({
    name: z.string(),
    email: z.email(),
    experience: z.array(job),
    education: z.array(z.string()),
    skills: z.array(z.string()),
    languages: z.array(z.string()),
  })
  const cv = `Maria López
Software Engineer
maria@lopez.dev | +34 600 123 456

Experience
- 2019 - 2022: Developer at Initech GmbH
- 2022 - today: Lead Engineer at Hooli Ltd

Education
BSc Computer Science, University of Sevilla, 2018

Skills: TypeScript, PostgreSQL, Docker
Languages: Spanish, English and German`
  assert.deepEqual(await filled(shape, cv), {
    name: 'Maria López',
    email: 'maria@lopez.dev',
    experience: [
      { company: 'Initech GmbH', role: 'Developer', start: '2019', end: '2022' },
      { company: 'Hooli Ltd', role: 'Lead Engineer', start: '2022', end: null },
    ],
    education: ['BSc Computer Science, University of Sevilla, 2018'],
    skills: ['TypeScript', 'PostgreSQL', 'Docker'],
    languages: ['Spanish', 'English', 'German'],
  })
})

test('a German mail is read as well', async () => {
  const shape = z.object({
    name: z.string(),
    kundennummer: z.string(),
    betrag: z.number(),
    dringend: z.boolean(),
    sprache: z.enum(['en', 'de']),
    datum: z.iso.date(),
  })
  const mail =
    'Guten Tag,\n\nmeine Kundennummer: K-778. Am 5. März 2026 wurden 49,90 € abgebucht. Das ist nicht dringend.\n\nMit freundlichen Grüßen\nJens Müller'
  assert.deepEqual(await filled(shape, mail), {
    name: 'Jens Müller',
    kundennummer: 'K-778',
    betrag: 49.9,
    dringend: false,
    sprache: 'de',
    datum: '2026-03-05',
  })
})

test('what is asked stands before the text and is not taken for a part of it', async () => {
  const said = await filled(
    z.object({ title: z.string() }),
    'Extract the title as JSON from this text:\n\nThe old bridge\n\nIt was built in 1900.',
  )
  assert.deepEqual(said, { title: 'The old bridge' })
})

test('what was not found is null or left out where it may be, and of an enum it is the last that says so, else the first', () => {
  const properties = { email: { type: 'string', format: 'email' }, phone: { type: ['string', 'null'] } }
  assert.deepEqual(fill({ type: 'object', properties, required: ['phone'] }, 'Nothing here.'), { phone: null })
  assert.equal(fill({ enum: ['none yet', 'billing', 'other', 'bug'] }, 'Trees are tall.'), 'other')
  assert.equal(fill({ enum: ['apples', 'pears'] }, 'Trees are tall.'), 'apples')
  assert.equal(fill({ enum: ['positive', 'neutral', 'negative'] }, 'This is not good.'), 'negative')
})

test('a boolean is true only where its words stand there and are not denied', () => {
  const urgent = { type: 'object', properties: { isUrgent: { type: 'boolean' } }, required: ['isUrgent'] }
  assert.deepEqual(fill(urgent, 'This is urgent.'), { isUrgent: true })
  assert.deepEqual(fill(urgent, 'This is not urgent.'), { isUrgent: false })
  assert.deepEqual(fill(urgent, 'Das ist sehr dringend!'), { isUrgent: true })
  assert.deepEqual(fill(urgent, 'Hello.'), { isUrgent: false })
})

test('patterns, formats and ends are kept, with what was found where it fits', () => {
  assert.equal(fill({ type: 'string', pattern: '^[A-Z]{2}-\\d{3,5}$' }, 'See (DE-1234), please.'), 'DE-1234')
  assert.match(String(fill({ type: 'string', pattern: '^[a-f]{3}-(x|y)+\\d{2,}$', minLength: 12 })), /^[a-f]{3}-(x|y)+\d{2,}$/)
  assert.equal(fill({ type: 'string', pattern: '^(?=.*x)abc$', examples: ['abcx'] }), 'abcx')
  assert.equal(fill({ type: 'integer', minimum: 5, multipleOf: 4 }), 8)
  assert.equal(fill({ type: 'number', exclusiveMinimum: 0, maximum: 0.3, multipleOf: 0.1 }), 0.1)
  assert.equal(
    fill({ type: 'string', format: 'uuid' }, 'id 3f2b8c1e-9d4a-4b7e-8a6f-1c2d3e4f5a6b!'),
    '3f2b8c1e-9d4a-4b7e-8a6f-1c2d3e4f5a6b',
  )
})

test('references, definitions of older drafts, tuples, records and lists with a wanted entry are filled', () => {
  const node = {
    type: 'object',
    properties: { name: { type: 'string' }, next: { anyOf: [{ $ref: '#/definitions/Node' }, { type: 'null' }] } },
    required: ['name', 'next'],
  }
  fill({ $ref: '#/definitions/Node', definitions: { Node: node } }, 'A word.')
  assert.deepEqual(fill({ type: 'array', items: [{ const: 1 }, { const: 'two' }], additionalItems: false, minItems: 2 }), [
    1,
    'two',
  ])
  assert.deepEqual(fill({ type: 'object', additionalProperties: { type: 'number' } }, 'apples: 3\npears: 4'), {
    apples: 3,
    pears: 4,
  })
  fill({ type: 'object', propertyNames: { pattern: '^k\\d$' }, minProperties: 3, additionalProperties: { type: 'boolean' } })
  fill({ type: 'object', patternProperties: { '^x-': { type: 'integer' } }, additionalProperties: false, minProperties: 2 })
  fill({ type: 'array', items: { type: 'string' }, contains: { const: 'must' }, maxItems: 2 }, 'One. Two. Three.')
  fill({ type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 })
  fill({
    allOf: [
      { type: 'object', properties: { a: { type: 'integer', minimum: 3 } }, required: ['a'] },
      { properties: { a: { maximum: 3 } } },
    ],
  })
})

test('a schema that nothing fits is refused and not answered wrongly', async () => {
  const Node = { type: 'object', properties: { next: { $ref: '#/$defs/Node' } }, required: ['next'] }
  const none = [
    { type: 'integer', minimum: 3, maximum: 2 },
    { not: {} },
    { $ref: '#/$defs/Node', $defs: { Node } },
    { allOf: [{ type: 'string' }, { type: 'number' }] },
  ]
  for (const schema of none)
    await assert.rejects(ask([user('x')], { schema }), { name: 'Refused', code: 'model.refused' }, JSON.stringify(schema))
})

test('a field for a draft holds what would be written in free words', async () => {
  const said = await filled(
    z.object({ reply: z.string() }),
    'Write a reply to this mail:\n\nHello, my lamp is broken. Kind regards, Eva Blum',
  )
  assert.match(said.reply, /^\[demo, not an AI\] Dear Eva Blum,/)
})
