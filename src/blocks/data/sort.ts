import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { listOf } from '#sdk/given.ts'
import { readerOf } from './key.ts'
import { rankOf } from './rank.ts'

const By = z
  .strictObject({
    field: z.string().optional().meta({
      title: 'Field',
      description: 'Such as total or customer.name, or an expression with {{ item }}. Without it, the entry itself.',
    }),
    order: z
      .enum(['asc', 'desc'])
      .default('asc')
      .meta({ title: 'Order', description: 'asc: smallest first. desc: largest first.' }),
    as: z.enum(['auto', 'number', 'text', 'date', 'natural']).default('auto').meta({
      title: 'As',
      description: 'auto looks at the values. natural is text in which file10 comes after file9.',
      advanced: true,
    }),
    empty: z
      .enum(['last', 'first'])
      .default('last')
      .meta({ title: 'Empty ones', description: 'Where entries without a value go.', advanced: true }),
    ignoreCase: z.boolean().default(false).meta({ title: 'Ignore case', advanced: true }),
  })
  .meta({ title: 'Key' })

/** Puts a list in order. */
export const sort = defineBlock({
  id: 'data.sort',
  version: 1,
  title: 'Sort',
  about: 'Puts the entries of a list in order. Those that are equal stay in the order they have.',
  group: 'data',
  icon: 'arrow-down-narrow-wide',
  input: z.strictObject({
    list: z.unknown().meta({ title: 'List', description: 'A list, such as {{ fetch.body.items }}.', ui: 'json' }),
    by: z
      .array(By)
      .max(20)
      .default([])
      .meta({ title: 'By', description: 'The first counts most. Without any, the entries themselves are compared.', ui: 'list' }),
    locale: z
      .string()
      .default('en')
      .meta({ title: 'Language', description: 'How texts are compared, such as de or sv.', advanced: true }),
  }),
  output: z.array(z.unknown()).meta({ title: 'Entries' }),
  later: ['by'],
  effect: 'pure',
  example: {
    input: {
      list: [
        { n: 'b', p: 2 },
        { n: 'a', p: 10 },
        { n: 'c', p: 10 },
      ],
      by: [{ field: 'p', order: 'desc' }, { field: 'n' }],
    },
    output: [
      { n: 'a', p: 10 },
      { n: 'c', p: 10 },
      { n: 'b', p: 2 },
    ],
  },
  run(input, context) {
    const list = listOf('list', input.list)
    const by = input.by.length > 0 ? input.by : [By.parse({})]
    const locale = localeOf(input.locale)
    const read = readerOf(context, 'by', by)
    const rows = list.map(read)
    const columns = by.map((key, nth) => ({
      ...rankOf(
        rows.map(row => row[nth]),
        key.as,
        { locale, ignoreCase: key.ignoreCase },
      ),
      sign: key.order === 'asc' ? 1 : -1,
      empty: key.empty === 'last' ? 1 : -1,
    }))
    const places = list
      .map((_, at) => at)
      .sort((a, b) => {
        for (const { ready, compare, sign, empty } of columns) {
          const [left, right] = [ready[a], ready[b]]
          if (left === null || right === null) {
            if (left !== right) return left === null ? empty : -empty
            continue
          }
          const way = compare(left, right)
          if (way !== 0) return way * sign
        }
        return a - b
      })
    return places.map(at => list[at])
  },
})

function localeOf(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en'
  } catch {
    throw new Refused('input.invalid', `\`locale\` is “${locale.slice(0, 40)}”; write a language like en, de or sv-SE.`)
  }
}
