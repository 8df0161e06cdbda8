import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'

/** Something to read on the canvas; nothing leads on from it. */
export const note = defineBlock({
  id: 'core.note',
  version: 1,
  title: 'Note',
  about: 'A note on the canvas. It does nothing.',
  group: 'flow',
  icon: 'sticky-note',
  input: z.strictObject({
    text: z.string().max(10_000).default('').meta({ title: 'Text', description: 'Markdown.', ui: 'longtext' }),
    color: z.enum(['yellow', 'green', 'blue', 'pink', 'grey']).default('yellow').meta({ title: 'Colour' }),
  }),
  output: z.null().meta({ title: 'Nothing' }),
  verbatim: ['text'],
  outlets: [],
  effect: 'pure',
  example: { input: { text: 'Ask **Ada** before you change this.' }, output: null },
  run: () => null,
})
