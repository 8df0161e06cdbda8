import { z } from 'zod'
import { order, same } from '#sdk/compare.ts'
import { conditions, holds } from '#sdk/conditions.ts'
import { defineBlock } from '#sdk/define.ts'
import { leave } from '#sdk/ending.ts'
import { matches } from '#sdk/pattern.ts'

/** Outlets that a node has anyway. */
const TAKEN = ['default', 'error']

const Bound = z.union([z.number(), z.string()])

const Case = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .refine(name => !TAKEN.includes(name), 'An outlet has this name already.')
      .meta({ title: 'Name', description: 'The name of the outlet.' }),
    equals: z.unknown().optional().meta({ title: 'Equals' }),
    in: z
      .union([z.array(z.unknown()), z.string()])
      .optional()
      .meta({ title: 'Is one of', description: 'A list, or a text with commas.', ui: 'list' }),
    from: Bound.optional().meta({ title: 'From', description: 'This number or date, or more.' }),
    to: Bound.optional().meta({ title: 'To', description: 'This number or date, or less.' }),
    matches: z.string().optional().meta({ title: 'Matches', description: 'A regular expression that is found in the value.' }),
    when: conditions().optional().meta({ title: 'When', description: 'Conditions of its own; the value does not matter then.' }),
  })
  .refine(
    it => [it.equals, it.in, it.from ?? it.to, it.matches, it.when].filter(one => one !== undefined).length === 1,
    'Give one of `equals`, `in`, `from` and `to`, `matches`, and `when`.',
  )
  .meta({ title: 'Case' })

/** Goes one of many ways. */
export const choose = defineBlock({
  id: 'core.switch',
  version: 1,
  title: 'Switch',
  about:
    'Compares a value with cases, from the first to the last, and goes on by the outlet of the first that fits, else by “default”.',
  group: 'flow',
  icon: 'route',
  input: z.strictObject({
    value: z.unknown().optional().meta({ title: 'Value', description: 'What is compared, such as {{ classify.label }}.' }),
    cases: z
      .array(Case)
      .min(1)
      .max(100)
      .refine(cases => new Set(cases.map(one => one.name)).size === cases.length, 'Two cases have the same name.')
      .meta({ title: 'Cases', description: 'Each is an outlet of the node.', ui: 'list' }),
    ignoreCase: z
      .boolean()
      .default(false)
      .meta({ title: 'Ignore case', description: 'Capital and small letters count as the same.', advanced: true }),
  }),
  output: z.object({ case: z.string().meta({ title: 'Case', description: 'The name of the case that fits, or “default”.' }) }),
  outlets: { each: 'cases', last: ['default'] },
  effect: 'pure',
  example: {
    input: {
      value: 'bug',
      cases: [
        { name: 'bug', equals: 'bug' },
        { name: 'money', in: 'invoice, refund' },
      ],
    },
    output: { case: 'bug' },
  },
  run({ value, cases, ignoreCase }) {
    const name = cases.find(one => fits(value, one, ignoreCase))?.name ?? 'default'
    return leave(name, { case: name })
  },
})

function fits(value: unknown, one: z.output<typeof Case>, ignoreCase: boolean): boolean {
  if (one.when) return holds(one.when)
  if (one.matches !== undefined)
    return typeof value === 'string' || typeof value === 'number' ? matches(String(value), one.matches, ignoreCase) : false
  if (one.in !== undefined) return holds({ all: [{ left: value, op: 'in', right: one.in, ignoreCase }] })
  if (one.from === undefined && one.to === undefined) return same(value, one.equals, ignoreCase)
  const above = one.from === undefined ? 0 : order(value, one.from, ignoreCase)
  const below = one.to === undefined ? 0 : order(value, one.to, ignoreCase)
  return above !== null && above >= 0 && below !== null && below <= 0
}
