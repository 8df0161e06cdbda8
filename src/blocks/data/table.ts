import { numberOf } from '#sdk/compare.ts'
import { Refused } from '#sdk/fail.ts'
import { MOST_ITEMS } from '#sdk/given.ts'

/** How a table is read. */
export type Reading = {
  delimiter: string
  quote: string
  header: boolean
  names: readonly string[]
  values: 'text' | 'guess'
  broken: 'fail' | 'skip' | 'fill'
  skip: number
  limit: number
  comment: string
}

/** One row may have so many characters; more is a quote that never closes. */
const LONGEST_ROW = 1_000_000

/** Reads rows of text as they come. Rows become objects where there are names for the columns. */
export async function readTable(source: AsyncIterable<string>, how: Reading): Promise<unknown[]> {
  const { parse } = await import('csv-parse')
  const parts = source[Symbol.asyncIterator]()
  const first = (await parts.next()).value ?? ''
  const parser = parse({
    delimiter: how.delimiter === 'auto' ? delimiterOf(first) : how.delimiter,
    quote: how.quote === '' ? null : how.quote,
    escape: how.quote === '' ? null : how.quote,
    comment: how.comment === '' ? null : how.comment,
    comment_no_infix: true,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: how.broken === 'skip',
    from_line: how.skip + 1,
    max_record_size: LONGEST_ROW,
  })
  const feed = async () => {
    for (let part = { value: first, done: false }; !part.done; part = await next(parts)) {
      if (!parser.write(part.value)) await new Promise(resolve => parser.once('drain', resolve).once('close', resolve))
      if (parser.destroyed) return
    }
    parser.end()
  }
  const going = feed()
  try {
    return await rowsOf(parser, how)
  } catch (error) {
    throw isBroken(error)
      ? new Refused('csv.broken', `The table cannot be read: ${error.message}. Check the delimiter and the quotes.`)
      : error
  } finally {
    parser.destroy()
    // What the source has to say was said already where it matters.
    await Promise.resolve(parts.return?.()).catch(() => null)
    await going
  }
}

async function next(parts: AsyncIterator<string>): Promise<{ value: string; done: boolean }> {
  const { value, done = false } = await parts.next()
  return { value: typeof value === 'string' ? value : '', done }
}

const isBroken = (error: unknown): error is Error => error instanceof Error && error.name !== 'Refused' && 'code' in error

type Row = { record: string[]; info: { lines: number } }

async function rowsOf(parser: AsyncIterable<Row>, how: Reading): Promise<unknown[]> {
  const rows: unknown[] = []
  let names = how.names.length > 0 ? titlesOf(how.names) : null
  let isFirst = how.header
  for await (const { record, info } of parser) {
    if (isFirst) {
      names ??= titlesOf(record)
      isFirst = false
      continue
    }
    if (rows.length >= how.limit) break
    if (rows.length >= MOST_ITEMS)
      throw new Refused(
        'input.too_large',
        `The table has more than ${MOST_ITEMS} rows. Read it in parts, with \`skip\` and \`limit\`.`,
      )
    const width = names?.length ?? record.length
    if (record.length !== width && how.broken !== 'fill') {
      if (how.broken === 'skip') continue
      throw new Refused(
        'csv.broken',
        `Line ${info.lines} has ${record.length} columns instead of ${width}. Mend it, or choose to skip or fill such lines.`,
      )
    }
    const values = how.values === 'guess' ? record.map(guess) : record
    rows.push(names ? Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])) : values)
  }
  return rows
}

/** Every column has a name of its own. */
function titlesOf(record: readonly string[]): string[] {
  const taken = new Set<string>()
  return record.map((written, at) => {
    const name = written.trim() || `column_${at + 1}`
    let own = name
    for (let nth = 2; taken.has(own); nth += 1) own = `${name}_${nth}`
    taken.add(own)
    return own
  })
}

/** The one of the usual ones that is most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const line =
    text
      .slice(0, 20_000)
      .replace(/"(?:[^"]|"")*"/g, '')
      .match(/[^\r\n]+/)?.[0] ?? ''
  const counts = [',', ';', '\t', '|'].map(sign => ({ sign, count: line.split(sign).length }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).sign
}

/** Numbers, yes and no, and nothing. What has a zero in front, or too many digits for a number, stays text. */
function guess(text: string): unknown {
  if (text === '') return null
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  const digits = text.replace(/\D/g, '').length
  return digits <= 15 && !/^[+-]?0\d|^\+|^\s|\s$/.test(text) ? (numberOf(text) ?? text) : text
}
