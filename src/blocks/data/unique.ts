import { z } from 'zod'
import { keyOf } from '#sdk/compare.ts'
import { defineBlock } from '#sdk/define.ts'
import { listOf } from '#sdk/given.ts'
import { readerOf } from './key.ts'

/** Leaves doubles out. */
export const unique = defineBlock({
  id: 'data.unique',
  version: 1,
  title: 'Remove duplicates',
  about: 'Keeps one of the entries of a list that are the same.',
  group: 'data',
  icon: 'copy-minus',
  input: z.strictObject({
    list: z.unknown().meta({ title: 'List', description: 'A list, such as {{ fetch.body.items }}.', ui: 'json' }),
    by: z
      .array(
        z.strictObject({
          field: z
            .string()
            .min(1)
            .meta({ title: 'Field', description: 'Such as email or customer.id, or an expression with {{ item }}.' }),
        }),
      )
      .max(20)
      .default([])
      .meta({ title: 'By', description: 'What must be the same. Without any, the whole entry.', ui: 'list' }),
    keep: z.enum(['first', 'last']).default('first').meta({ title: 'Keep', description: 'Which of them stays.' }),
    ignoreCase: z
      .boolean()
      .default(false)
      .meta({ title: 'Ignore case', description: 'Also spaces around a text do not count then.', advanced: true }),
  }),
  output: z.array(z.unknown()).meta({ title: 'Entries' }),
  later: ['by'],
  effect: 'pure',
  example: {
    input: {
      list: [
        { id: 1, n: 'a' },
        { id: 2, n: 'b' },
        { id: 1, n: 'c' },
      ],
      by: [{ field: 'id' }],
    },
    output: [
      { id: 1, n: 'a' },
      { id: 2, n: 'b' },
    ],
  },
  run({ list, by, keep, ignoreCase }, context) {
    const read = readerOf(context, 'by', by.length > 0 ? by : [{}])
    const plain = (value: unknown) => (ignoreCase && typeof value === 'string' ? value.trim().toLowerCase() : value)
    const seen = new Set<string>()
    const entries = listOf('list', list).map((item, index) => ({ item, key: keyOf(read(item, index).map(plain)) }))
    const isNew = ({ key }: { key: string }) => !seen.has(key) && seen.add(key).size > 0
    const kept = keep === 'first' ? entries.filter(isNew) : entries.toReversed().filter(isNew).toReversed()
    return kept.map(one => one.item)
  },
})
