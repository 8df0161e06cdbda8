import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'

/** Fills a text. */
export const template = defineBlock({
  id: 'data.template',
  version: 1,
  title: 'Text',
  about: 'A text with values of earlier nodes in it. Also conditions and loops of the Liquid language are possible.',
  group: 'data',
  icon: 'type',
  input: z.strictObject({
    text: z.unknown().meta({
      title: 'Text',
      description: 'Such as: Dear {{ trigger.name }}, {% for line in order.lines %}{{ line.title }} {% endfor %}',
      ui: 'longtext',
    }),
  }),
  output: z.string().meta({ title: 'Text' }),
  effect: 'pure',
  example: { input: { text: 'Dear Ada, your order has shipped.' }, output: 'Dear Ada, your order has shipped.' },
  run: ({ text }) =>
    typeof text === 'string' ? text : typeof text === 'object' && text !== null ? JSON.stringify(text) : String(text ?? ''),
})
