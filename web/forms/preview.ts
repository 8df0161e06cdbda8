import { BadTemplate, prepare } from '#template/fill.ts'
import { type Reach, scopeOf } from './reach.ts'

/** What a template would become, as far as anybody knows now. */
export type Preview =
  | { is: 'value'; value: unknown }
  /** Nothing is there to fill it from: these have not run. */
  | { is: 'waiting'; names: string[] }
  /** What is known only while it runs. */
  | { is: 'later'; names: string[] }
  /** Nobody here has these names. */
  | { is: 'unknown'; names: string[] }
  | { is: 'filter'; name: string }
  | { is: 'unreadable'; words: string }
  | { is: 'broken'; words: string }

/** Fills a template with what was seen last. Loaded with the template language when it is first needed. */
export function previewOf(template: unknown, reach: Reach): Preview {
  let filler: ReturnType<typeof prepare>
  try {
    filler = prepare(template)
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error
    return badOf(error.message)
  }
  const scope = { now: new Date().toISOString(), ...scopeOf(reach) }
  const known = new Set(reach.map(source => source.key))
  const unknown = [...filler.roots].filter(name => !known.has(name))
  if (unknown.length > 0) return { is: 'unknown', names: unknown }
  const waiting = [...filler.roots].filter(name => !Object.hasOwn(scope, name))
  if (waiting.length > 0) {
    const ran = waiting.filter(name => reach.some(({ key, kind }) => key === name && (kind === 'node' || kind === 'trigger')))
    return ran.length > 0 ? { is: 'waiting', names: ran } : { is: 'later', names: waiting }
  }
  try {
    return { is: 'value', value: filler.fill(scope) }
  } catch (error) {
    return { is: 'broken', words: firstLine(error instanceof Error ? error.message : String(error)) }
  }
}

const firstLine = (text: string) => (text.split('\n', 1)[0] ?? '').replace(/, line:\d+, col:\d+$/, '')

/** The template language speaks to programmers: `undefined filter: upcas, line:1, col:1`. */
function badOf(message: string): Preview {
  const filter = /^undefined filter: (\S+?)(?:,|$)/.exec(message)?.[1]
  return filter ? { is: 'filter', name: filter } : { is: 'unreadable', words: firstLine(message) }
}
