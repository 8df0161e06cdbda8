import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { textOf } from '#sdk/given.ts'
import readPage from './page.ts'

/** About a second of work. */
const LONGEST = 1_000_000

/** A text of this length is read in a few milliseconds. */
const AT_ONCE = 10_000

const Field = z
  .strictObject({
    name: z.string().min(1).max(100).meta({ title: 'Name', description: 'What it is called in the result.' }),
    selector: z
      .string()
      .max(500)
      .default('')
      .meta({ title: 'Selector', description: 'CSS, such as h1, .price or a[href]. Nothing means the element itself.' }),
    what: z.enum(['text', 'html', 'attribute']).default('text').meta({ title: 'What of it' }),
    attribute: z
      .string()
      .max(100)
      .default('href')
      .meta({ title: 'Attribute', description: 'Such as href or src.', when: { field: 'what', is: ['attribute'] } }),
    all: z.boolean().default(false).meta({ title: 'All of them', description: 'A list of all that fit, not only the first.' }),
  })
  .meta({ title: 'Field' })

const selecting = { when: { field: 'mode', is: ['select'] } }

const Input = z.strictObject({
  html: z.unknown().meta({ title: 'HTML', description: 'Such as {{ fetch.body }}.', ui: 'longtext' }),
  mode: z.enum(['select', 'text', 'markdown', 'escape', 'unescape']).default('select').meta({
    title: 'What to do',
    description:
      'select: find parts by CSS selectors. text: as a person reads it. markdown: as Markdown, which models read well. escape: make a text safe inside of HTML. unescape: the other way.',
  }),
  each: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({
      title: 'For each',
      description: 'A selector of what repeats, such as .product: the result is a list with the fields of each.',
      ...selecting,
    }),
  fields: z
    .array(Field)
    .max(100)
    .default([])
    .meta({ title: 'Fields', ui: 'list', ...selecting }),
  links: z
    .boolean()
    .default(false)
    .meta({ title: 'With addresses of links', when: { field: 'mode', is: ['text'] }, advanced: true }),
})

/** Takes pages apart. */
export const html = defineBlock({
  id: 'data.html',
  version: 1,
  title: 'HTML',
  about: 'Finds parts of a page by CSS selectors, or makes text or Markdown of it.',
  group: 'data',
  icon: 'code-xml',
  input: Input,
  output: z
    .unknown()
    .meta({ title: 'Result', description: 'To select, an object with the fields, or a list of those; else a text.' }),
  effect: 'pure',
  example: {
    input: {
      html: '<h1>Tea</h1><a href="/buy">Buy</a>',
      fields: [
        { name: 'title', selector: 'h1' },
        { name: 'link', selector: 'a', what: 'attribute' },
      ],
    },
    output: { title: 'Tea', link: '/buy' },
  },
  run(input, context) {
    const text = textOf('html', input.html)
    if (text.length > LONGEST)
      throw new Refused(
        'input.too_large',
        `\`html\` has ${text.length} characters; at most ${LONGEST} are possible. Take a part of the page.`,
      )
    if (input.mode === 'escape') return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
    // What is long takes long, and everybody else would wait meanwhile.
    return text.length > AT_ONCE
      ? context.apart(new URL('./page.ts', import.meta.url), { ...input, html: text })
      : readPage({ ...input, html: text })
  },
})
