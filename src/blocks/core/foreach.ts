import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { turns } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject, MOST_ITEMS, tooMany } from '#sdk/given.ts'

/** Runs what stands in it once for each entry of a list. */
export const forEach = defineBlock({
  id: 'core.forEach',
  version: 1,
  title: 'For each',
  about:
    'Runs the nodes inside of it once for each entry of a list. Inside, {{ item }} is the entry and {{ index }} its number, from 0.',
  group: 'flow',
  icon: 'repeat-1',
  loop: 'list',
  perTurn: ['result'],
  input: z.strictObject({
    list: z.unknown().meta({
      title: 'List',
      description: 'A list, such as {{ fetch.body.items }}. Of an object, each entry is { key, value }.',
      ui: 'json',
    }),
    result: z.unknown().optional().meta({
      title: 'Result',
      description: 'What is kept of each turn, such as {{ post.id }}. Without it, the output of the last node inside.',
    }),
    concurrency: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ title: 'At the same time', description: 'How many turns run side by side.' }),
    batch: z.int().min(1).max(10_000).default(1).meta({
      title: 'Entries per turn',
      description: 'With more than 1, {{ item }} is a list of so many entries.',
      advanced: true,
    }),
    onItemError: z.enum(['stop', 'skip', 'collect']).default('stop').meta({
      title: 'When a turn fails',
      description: 'Stop the loop, leave the entry out of the results, or have its error in its place.',
    }),
  }),
  output: z.array(z.unknown()).meta({ title: 'Results', description: 'One for each entry, in the order of the list.' }),
  effect: 'pure',
  example: { input: { list: ['a', 'b'], concurrency: 4, result: '{{ post.id }}' }, output: [17, 18] },
  run({ list, concurrency, batch, onItemError }) {
    const entries = entriesOf(list)
    const items = batch === 1 ? entries : chunks(entries, batch)
    return turns(items, items.length, { atOnce: concurrency, onItemError })
  },
  turn: ({ result }, { last }) => ({ result: result === undefined ? last : result, again: true }),
})

function entriesOf(list: unknown): readonly unknown[] {
  if (!Array.isArray(list) && !isObject(list))
    throw new Refused('input.wrong_kind', `\`list\` is ${given(list)}; give a list, for example {{ fetch.body.items }}.`)
  const entries = Array.isArray(list) ? list : Object.entries(list).map(([key, value]) => ({ key, value }))
  if (entries.length > MOST_ITEMS) throw tooMany('list', entries.length)
  return entries
}

const chunks = (list: readonly unknown[], size: number): unknown[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
