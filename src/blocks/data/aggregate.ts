import { z } from 'zod'
import { keyOf } from '#sdk/compare.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { listOf } from '#sdk/given.ts'
import { readerOf } from './key.ts'
import { OPS, work } from './sum.ts'

const name = z
  .string()
  .min(1)
  .max(100)
  .refine(it => it !== '__proto__', 'Choose another name.')
  .optional()

const By = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .meta({ title: 'Field', description: 'Such as country or customer.country, or an expression with {{ item }}.' }),
    name: name.meta({ title: 'Name', description: 'What it is called in the result; else the last part of the field.' }),
  })
  .meta({ title: 'Group' })

const Field = z
  .strictObject({
    op: z.enum(OPS).meta({ title: 'What' }),
    field: z
      .string()
      .optional()
      .meta({ title: 'Of', description: 'A field, or an expression with {{ item }}. Without it, the entry itself.' }),
    name: name.meta({ title: 'Name', description: 'What it is called in the result; else such as sum_total.' }),
    separator: z
      .string()
      .max(100)
      .default(', ')
      .meta({ title: 'Between', when: { field: 'op', is: ['join'] } }),
  })
  .meta({ title: 'Value' })

/** Sums a list up. */
export const aggregate = defineBlock({
  id: 'data.aggregate',
  version: 1,
  title: 'Aggregate',
  about: 'Counts, sums and summarises the entries of a list, all together or by groups.',
  group: 'data',
  icon: 'sigma',
  input: z.strictObject({
    list: z.unknown().meta({ title: 'List', description: 'A list, such as {{ fetch.body.items }}.', ui: 'json' }),
    by: z
      .array(By)
      .max(20)
      .default([])
      .meta({ title: 'Group by', description: 'Without any, all entries are one group.', ui: 'list' }),
    fields: z.array(Field).min(1).max(50).meta({ title: 'Values', description: 'What is worked out of each group.', ui: 'list' }),
  }),
  output: z
    .union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())])
    .meta({ title: 'Result', description: 'A list with an object for each group; without groups one object.' }),
  later: ['by', 'fields'],
  effect: 'pure',
  example: {
    input: {
      list: [
        { c: 'DE', t: 5 },
        { c: 'FR', t: 7 },
        { c: 'DE', t: 1 },
      ],
      by: [{ field: 'c', name: 'country' }],
      fields: [{ op: 'sum', field: 't', name: 'total' }, { op: 'count' }],
    },
    output: [
      { country: 'DE', total: 6, count: 2 },
      { country: 'FR', total: 7, count: 1 },
    ],
  },
  run({ list, by, fields }, context) {
    const titles = [...by.map(one => one.name ?? lastPart(one.field)), ...fields.map(nameOf)]
    const twice = titles.find((title, at) => titles.indexOf(title) !== at)
    if (twice !== undefined)
      throw new Refused(
        'input.invalid',
        `Two values of the result would be called “${twice}”. Give one of them another \`name\`.`,
      )
    const keysOf = readerOf(context, 'by', by)
    const valuesOf = readerOf(context, 'fields', fields)
    const groups = new Map<string, { keys: unknown[]; rows: unknown[][] }>()
    if (by.length === 0) groups.set(keyOf([]), { keys: [], rows: [] })
    for (const [index, item] of listOf('list', list).entries()) {
      const keys = keysOf(item, index)
      const key = keyOf(keys)
      const group = groups.get(key) ?? { keys, rows: [] }
      if (group.rows.push(valuesOf(item, index)) === 1) groups.set(key, group)
    }
    const results = [...groups.values()].map(({ keys, rows }) => {
      const worked = fields.map((one, at) =>
        work(
          one.op,
          rows.map(row => row[at] ?? null),
          `fields[${at}]`,
          one.separator,
        ),
      )
      return Object.fromEntries([...keys, ...worked].map((value, at) => [titles[at] ?? '', value]))
    })
    return by.length === 0 ? (results[0] ?? {}) : results
  },
})

const lastPart = (field: string) => (/\{[{%]/.test(field) ? 'group' : (field.split('.').at(-1) ?? field))

const nameOf = ({ name: said, op, field }: z.output<typeof Field>) =>
  said ?? (field && !/\{[{%]/.test(field) ? `${op}_${lastPart(field)}` : op)
