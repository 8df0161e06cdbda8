import { z } from 'zod'
import { conditions, holds, readConditions } from '#sdk/conditions.ts'
import { defineBlock } from '#sdk/define.ts'
import { turns } from '#sdk/ending.ts'

/** Runs what stands in it until a condition holds. */
export const repeat = defineBlock({
  id: 'core.repeat',
  version: 1,
  title: 'Repeat',
  about:
    'Runs the nodes inside of it again and again, until conditions hold that are looked at after each turn. {{ index }} is the number of the turn, from 0.',
  group: 'flow',
  icon: 'repeat',
  loop: 'until',
  perTurn: ['until', 'result'],
  input: z.strictObject({
    until: conditions().meta({
      title: 'Until',
      description: 'Looked at after each turn; it may name the nodes inside.',
      ui: 'conditions',
    }),
    max: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ title: 'At most', description: 'It fails when the conditions do not hold after so many turns.' }),
    result: z.unknown().optional().meta({
      title: 'Result',
      description: 'What is kept of each turn, such as {{ fetch.body }}. Without it, the output of the last node inside.',
    }),
  }),
  output: z.array(z.unknown()).meta({ title: 'Results', description: 'One for each turn.' }),
  effect: 'pure',
  example: {
    input: {
      until: { all: [{ left: '{{ fetch.body.status }}', op: 'equals', right: 'done' }] },
      max: 20,
      result: '{{ fetch.body.status }}',
    },
    output: ['waiting', 'done'],
  },
  run: ({ max }) => turns(null, max),
  turn: ({ until, result }, { last }) => ({
    result: result === undefined ? last : result,
    again: !holds(readConditions(until)),
  }),
})
