import { Refused } from '#sdk/fail.ts'
import { type Picked, type PickField, pick } from './pick.ts'

/** The readers take time by the square of the depth; pages of people are 30 deep. */
const DEEPEST = 300

/** What is to be made of a page. */
type Reading = {
  html: string
  mode: 'select' | 'text' | 'markdown' | 'escape' | 'unescape'
  each?: string | undefined
  fields: PickField[]
  links: boolean
}

/** Takes a page apart. */
export default async function readPage(input: Reading): Promise<string | Picked | Picked[]> {
  const text = input.mode === 'unescape' ? input.html.replaceAll('<', '&lt;') : tidy(input.html)
  if (input.mode === 'select') {
    if (input.fields.length === 0)
      throw new Refused('input.invalid', '`fields` is empty: name at least one field with a selector.')
    return pick(text, input.each, input.fields)
  }
  if (input.mode === 'markdown') return (await import('node-html-markdown')).NodeHtmlMarkdown.translate(text).trim()
  const { convert } = await import('html-to-text')
  const plain = { preserveNewlines: true, wordwrap: false as const, whitespaceCharacters: '' }
  if (input.mode === 'unescape') return convert(text, plain)
  return convert(text, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: !input.links } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  }).trim()
}

/** Without comments, of which one that never closes costs the readers the square of its length; refuses what is nested too deep. */
function tidy(text: string): string {
  let rest = ''
  for (let at = 0; at < text.length; ) {
    const begins = text.indexOf('<!--', at)
    rest += text.slice(at, begins < 0 ? text.length : begins)
    const ends = begins < 0 ? -1 : text.indexOf('-->', begins + 4)
    at = ends < 0 ? text.length : ends + 3
  }
  let depth = 0
  // What may be left open, and what is never closed, says nothing about depth.
  for (const [, closes, name = ''] of rest.matchAll(/<(\/?)([a-zA-Z][\w-]*)/g)) {
    if (
      /^(p|li|dt|dd|t[dhr]|tbody|thead|tfoot|option|br|hr|img|input|meta|link|source|area|base|col|embed|wbr|track|param|path|circle|rect|line|use)$/i.test(
        name,
      )
    )
      continue
    depth = closes ? Math.max(0, depth - 1) : depth + 1
    if (depth > DEEPEST)
      throw new Refused(
        'input.too_deep',
        `\`html\` has elements nested more than ${DEEPEST} deep, or that many that are never closed.`,
      )
  }
  return rest
}
