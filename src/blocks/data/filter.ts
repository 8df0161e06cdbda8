import { z } from 'zod'
import { conditions, holds, readConditions } from '#sdk/conditions.ts'
import { defineBlock } from '#sdk/define.ts'
import { listOf } from '#sdk/given.ts'

/** Keeps some entries of a list. */
export const filter = defineBlock({
  id: 'data.filter',
  version: 1,
  title: 'Filter',
  about: 'Keeps those entries of a list for which conditions hold.',
  group: 'data',
  icon: 'list-filter',
  input: z.strictObject({
    list: z.unknown().meta({ title: 'List', description: 'A list, such as {{ fetch.body.items }}.', ui: 'json' }),
    where: conditions().meta({
      title: 'Where',
      description: 'Asked of each entry: {{ item.total }} is a field of it, {{ index }} its number from 0.',
      ui: 'conditions',
    }),
    mode: z.enum(['keep', 'drop', 'both']).default('keep').meta({
      title: 'Gives',
      description:
        'The entries for which it holds, those for which it does not, or an object with both lists, `kept` and `dropped`.',
      advanced: true,
    }),
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({ title: 'At most', description: 'Stops after so many entries that fit.', advanced: true }),
  }),
  output: z
    .union([z.array(z.unknown()), z.object({ kept: z.array(z.unknown()), dropped: z.array(z.unknown()) })])
    .meta({ title: 'Entries' }),
  later: ['where'],
  effect: 'pure',
  example: {
    input: { list: [{ total: 5 }, { total: 50 }], where: { all: [{ left: '{{ item.total }}', op: 'greater', right: 10 }] } },
    output: [{ total: 50 }],
  },
  run({ list, mode, limit = Number.POSITIVE_INFINITY }, context) {
    const fill = context.filler('where')
    const kept: unknown[] = []
    const dropped: unknown[] = []
    for (const [index, item] of listOf('list', list).entries()) {
      const fits = holds(readConditions(fill({ item, index })))
      if (fits) kept.push(item)
      else dropped.push(item)
      if ((mode === 'drop' ? dropped : kept).length >= limit) break
    }
    return mode === 'both' ? { kept, dropped } : mode === 'drop' ? dropped : kept
  },
})
