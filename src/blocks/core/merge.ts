import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject, listOf, MOST_ITEMS, tooMany } from '#sdk/given.ts'
import { type Join, join } from './join.ts'

const Input = z.strictObject({
  inputs: z.array(z.unknown()).min(1).max(50).meta({
    title: 'Inputs',
    description: 'What is merged: an expression each, such as {{ orders.body }}. What was skipped is left out.',
    ui: 'list',
  }),
  mode: z.enum(['append', 'combine', 'position', 'first', 'objects']).default('append').meta({
    title: 'How',
    description:
      'append: one list after the other. combine: entries with the same key become one. position: the first with the first, and so on. first: the first input that is there. objects: one object of all.',
  }),
  key: z
    .string()
    .min(1)
    .optional()
    .meta({
      title: 'Key',
      description: 'The field that entries are matched by, such as id or customer.id.',
      when: { field: 'mode', is: ['combine'] },
    }),
  otherKey: z
    .string()
    .min(1)
    .optional()
    .meta({
      title: 'Key of the others',
      description: 'When the field has another name in the second input and those after it.',
      when: { field: 'mode', is: ['combine'] },
      advanced: true,
    }),
  keep: z
    .enum(['inner', 'left', 'outer', 'unmatched'])
    .default('left')
    .meta({
      title: 'Keep',
      description:
        'inner: entries that all inputs have. left: all of the first input. outer: all of every input. unmatched: those of the first input that no other has.',
      when: { field: 'mode', is: ['combine'] },
    }),
  matches: z
    .enum(['all', 'first'])
    .default('all')
    .meta({
      title: 'Several matches',
      description: 'With all, an entry that matches three becomes three.',
      when: { field: 'mode', is: ['combine'] },
      advanced: true,
    }),
  wins: z
    .enum(['first', 'last'])
    .default('last')
    .meta({
      title: 'Who wins',
      description: 'Which input a field is taken from that several have.',
      when: { field: 'mode', is: ['combine', 'position', 'objects'] },
    }),
  deep: z
    .boolean()
    .default(false)
    .meta({
      title: 'Merge within',
      description: 'Objects within objects are merged too, and not replaced.',
      when: { field: 'mode', is: ['combine', 'position', 'objects'] },
      advanced: true,
    }),
  shortest: z
    .boolean()
    .default(false)
    .meta({
      title: 'As short as the shortest',
      description: 'Entries without a partner are left out.',
      when: { field: 'mode', is: ['position'] },
      advanced: true,
    }),
})

/** Brings branches together. */
export const merge = defineBlock({
  id: 'core.merge',
  version: 1,
  title: 'Merge',
  about:
    'Brings the results of several nodes together: lists one after the other, entries by a key or by position, or objects into one.',
  group: 'flow',
  icon: 'merge',
  input: Input,
  output: z.unknown().meta({ title: 'Merged' }),
  effect: 'pure',
  example: {
    input: {
      mode: 'combine',
      key: 'id',
      inputs: [
        [
          { id: 1, name: 'Ada' },
          { id: 2, name: 'Grace' },
        ],
        [{ id: 2, city: 'New York' }],
      ],
    },
    output: [
      { id: 1, name: 'Ada' },
      { id: 2, name: 'Grace', city: 'New York' },
    ],
  },
  run(input) {
    const there = input.inputs
      .map((value, at) => ({ value, field: `inputs[${at}]` }))
      .filter(one => one.value !== null && one.value !== undefined)
    if (input.mode === 'first') return there[0]?.value ?? null
    if (input.mode === 'objects')
      return mergeAll(
        there.map(one => objectOf(one.field, one.value)),
        input,
      )
    if (input.mode === 'append') return append(there)
    const lists = there.map(one => listOf(one.field, one.value).map((entry, at) => objectOf(`${one.field}[${at}]`, entry)))
    return input.mode === 'position' ? byPosition(lists, input) : byKey(lists, input)
  },
})

function append(there: { value: unknown; field: string }[]): unknown[] {
  const lists = there.map(({ value }) => (Array.isArray(value) ? value : [value]))
  const count = lists.reduce((sum, list) => sum + list.length, 0)
  if (count > MOST_ITEMS) throw tooMany('inputs', count)
  return lists.flat()
}

function objectOf(field: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new Refused(
    'input.wrong_kind',
    `\`${field}\` is ${given(value)}; objects are merged here. To put lists one after the other, choose append.`,
  )
}

type How = Pick<z.output<typeof Input>, 'wins' | 'deep'>

function mergeAll(objects: readonly Record<string, unknown>[], { wins, deep }: How): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const one of wins === 'last' ? objects : objects.toReversed()) layer(made, one, deep, 0)
  return made
}

/** Values of other nodes never change: what is merged within is copied before. */
function layer(made: Record<string, unknown>, over: Record<string, unknown>, deep: boolean, depth: number): void {
  if (depth > 100) throw new Refused('input.too_deep', '`inputs`: an object is nested more than 100 levels deep.')
  for (const [name, value] of Object.entries(over)) {
    const there = Object.hasOwn(made, name) ? made[name] : null
    let result = value
    if (deep && isObject(there) && isObject(value)) {
      const inside = { ...there }
      layer(inside, value, true, depth + 1)
      result = inside
    }
    Object.defineProperty(made, name, { value: result, enumerable: true, writable: true, configurable: true })
  }
}

function byPosition(lists: Record<string, unknown>[][], input: z.output<typeof Input>): unknown[] {
  const lengths = lists.map(list => list.length)
  const length = lists.length === 0 ? 0 : input.shortest ? Math.min(...lengths) : Math.max(...lengths)
  return Array.from({ length }, (_, at) =>
    mergeAll(
      lists.map(list => list[at]).filter(entry => entry !== undefined),
      input,
    ),
  )
}

function byKey(lists: Record<string, unknown>[][], input: z.output<typeof Input>): unknown[] {
  const { key, keep, matches } = input
  if (key === undefined)
    throw new Refused('input.invalid', '`key` is missing: name the field that entries are matched by, such as id.')
  const how: Join = { key, otherKey: input.otherKey ?? key, keep, matches }
  return join(lists, how).map(entries => mergeAll(entries, input))
}
