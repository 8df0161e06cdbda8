/** What a text says as JSON; where it is none, in which line, and whether a template stands outside of quotes. */
export type Json = { is: 'value'; value: unknown } | { is: 'nothing' } | { is: 'wrong'; line: number; hole: boolean }

/** Reads JSON as people write it. */
export function readJson(text: string): Json {
  if (text.trim() === '') return { is: 'nothing' }
  try {
    return { is: 'value', value: JSON.parse(text) }
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const said = /line (\d+)/.exec(message)?.[1]
    const place = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    const line = said === undefined ? text.slice(0, place).split('\n').length : Number(said)
    return { is: 'wrong', line, hole: hasBareHole(text) }
  }
}

/** Is there a template that does not stand in a text? */
function hasBareHole(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
  return bare.includes('{{')
}

/** A value as JSON for people: short ones in one line. */
export function writeJson(value: unknown): string {
  if (value === undefined) return ''
  const line = JSON.stringify(value)
  return line.length <= 40 ? line : JSON.stringify(value, null, 2)
}
