import { z } from 'zod'
import { conditionFields, holds, isOneSort, ONE_SORT } from '#sdk/conditions.ts'
import { defineBlock } from '#sdk/define.ts'
import { leave } from '#sdk/ending.ts'

const YES = leave('yes', { result: true })
const NO = leave('no', { result: false })

/** Goes one of two ways. */
export const either = defineBlock({
  id: 'core.if',
  version: 1,
  title: 'If',
  about: 'Goes on by “yes” when its conditions hold, else by “no”.',
  group: 'flow',
  icon: 'split',
  input: z.strictObject(conditionFields()).refine(isOneSort, ONE_SORT),
  output: z.object({ result: z.boolean().meta({ title: 'Result', description: 'Did the conditions hold?' }) }),
  outlets: ['yes', 'no'],
  effect: 'pure',
  example: { input: { all: [{ left: 12, op: 'greater', right: 10 }] }, output: { result: true } },
  run: input => (holds(input) ? YES : NO),
})
