import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject, listOf, MOST_ITEMS, textOf, tooMany } from '#sdk/given.ts'

const Input = z.strictObject({
  value: z.unknown().meta({ title: 'What', description: 'A list, a text or an object, such as {{ fetch.body }}.' }),
  into: z.enum(['chunks', 'lines', 'parts', 'pieces', 'pairs']).meta({
    title: 'Into',
    description:
      'chunks: a list into lists of so many entries. lines: a text into its lines. parts: a text at a separator. pieces: a text into pieces of so many characters. pairs: an object into a list of { key, value }.',
  }),
  size: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .meta({
      title: 'Size',
      description: 'Entries of a chunk, or characters of a piece.',
      when: { field: 'into', is: ['chunks', 'pieces'] },
    }),
  separator: z
    .string()
    .min(1)
    .max(100)
    .default(',')
    .meta({ title: 'Separator', when: { field: 'into', is: ['parts'] } }),
  overlap: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta({
      title: 'Overlap',
      description: 'So many characters of a piece are at the beginning of the next one too.',
      when: { field: 'into', is: ['pieces'] },
      advanced: true,
    }),
  words: z
    .boolean()
    .default(true)
    .meta({
      title: 'Between words',
      description: 'A piece ends at a space or a line break where there is one.',
      when: { field: 'into', is: ['pieces'] },
      advanced: true,
    }),
  trim: z
    .boolean()
    .default(true)
    .meta({
      title: 'Trim',
      description: 'Without spaces at both ends.',
      when: { field: 'into', is: ['lines', 'parts', 'pieces'] },
      advanced: true,
    }),
  dropEmpty: z
    .boolean()
    .default(true)
    .meta({
      title: 'Leave out empty ones',
      when: { field: 'into', is: ['lines', 'parts', 'pieces'] },
      advanced: true,
    }),
})

/** Makes a list of something. */
export const split = defineBlock({
  id: 'data.split',
  version: 1,
  title: 'Split',
  about: 'Splits a list, a text or an object into a list of parts.',
  group: 'data',
  icon: 'scissors',
  input: Input,
  output: z.array(z.unknown()).meta({ title: 'Parts' }),
  effect: 'pure',
  example: { input: { value: [1, 2, 3, 4, 5], into: 'chunks', size: 2 }, output: [[1, 2], [3, 4], [5]] },
  run(input) {
    const { value, into, size } = input
    if (into === 'pairs') return pairs(value)
    if (into === 'chunks') {
      const list = listOf('value', value)
      return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
    }
    const text = textOf('value', value)
    const parts =
      into === 'lines' ? text.split(/\r\n|\r|\n/) : into === 'parts' ? text.split(input.separator) : pieces(text, input)
    const trimmed = input.trim ? parts.map(part => part.trim()) : parts
    const kept = input.dropEmpty ? trimmed.filter(part => part !== '') : trimmed
    if (kept.length > MOST_ITEMS) throw tooMany('value', kept.length)
    return kept
  },
})

function pairs(value: unknown): unknown[] {
  if (!isObject(value))
    throw new Refused('input.wrong_kind', `\`value\` is ${given(value)}; give an object, for example {{ fetch.body }}.`)
  return Object.entries(value).map(([key, one]) => ({ key, value: one }))
}

function pieces(text: string, { size, overlap, words }: z.output<typeof Input>): string[] {
  if (overlap >= size) throw new Refused('input.invalid', '`overlap` must be smaller than `size`.')
  const made: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = endOf(text, from, size, words)
    made.push(text.slice(from, to))
    if (to >= text.length) break
    if (made.length > MOST_ITEMS) throw tooMany('value', made.length)
    // A piece that ended early, between words, must not keep the next one from getting on.
    from = Math.max(from + 1, to - overlap)
    if (isHalf(text, from)) from += 1
  }
  return made
}

function endOf(text: string, from: number, size: number, words: boolean): number {
  const most = from + size
  if (most >= text.length) return text.length
  if (words) {
    // In the second half of the piece; a longer way back would waste it.
    for (let at = most; at > from + size / 2; at -= 1) if (/\s/.test(text[at] ?? '')) return at
  }
  return isHalf(text, most) && most - 1 > from ? most - 1 : most
}

/** Is this the second half of one character, such as an emoji? */
const isHalf = (text: string, at: number) => {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}
