import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { turns } from '#sdk/ending.ts'

/** Holds nodes together. */
export const group = defineBlock({
  id: 'core.group',
  version: 1,
  title: 'Group',
  about:
    'Holds nodes together and runs them once. When one of them fails, the group fails, so that errors can be handled in one place.',
  group: 'flow',
  icon: 'group',
  loop: 'once',
  perTurn: ['result'],
  input: z.strictObject({
    result: z.unknown().optional().meta({
      title: 'Result',
      description: 'The output of the group, such as {{ post.id }}. Without it, the output of the last node inside.',
    }),
  }),
  output: z.unknown().meta({ title: 'Result' }),
  effect: 'pure',
  example: { input: { result: '{{ post.id }}' }, output: 17 },
  run: () => turns(null, 1),
  turn: ({ result }, { last }) => ({ result: result === undefined ? last : result, again: false }),
})
