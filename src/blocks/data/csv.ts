import { z } from 'zod'
import type { Context, FileValue } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject, listOf, textOf } from '#sdk/given.ts'
import { type Reading, readTable } from './table.ts'

/** A text longer than this belongs into a file. */
const LONGEST = 20_000_000

const reading = { when: { field: 'mode', is: ['read'] } }
const writing = { when: { field: 'mode', is: ['write'] } }
const one = z.string().max(1)

const Input = z.strictObject({
  mode: z.enum(['read', 'write']).default('read').meta({ title: 'What to do', description: 'Read a table, or write one.' }),
  text: z
    .unknown()
    .optional()
    .meta({ title: 'Text', description: 'The table as text, such as {{ fetch.body }}.', ui: 'longtext', ...reading }),
  file: z
    .unknown()
    .optional()
    .meta({ title: 'File', description: 'Instead of a text: a file, such as {{ trigger.files[0] }}.', ui: 'file', ...reading }),
  list: z
    .unknown()
    .optional()
    .meta({ title: 'List', description: 'The rows: objects, or lists of values.', ui: 'json', ...writing }),
  delimiter: z.string().min(1).max(10).default('auto').meta({
    title: 'Delimiter',
    description: 'What stands between columns: auto, a comma, a semicolon, a tab … To write, auto is a comma.',
  }),
  header: z.boolean().default(true).meta({ title: 'First line has names', description: 'Of the columns.' }),
  names: z.array(z.string()).max(10_000).default([]).meta({
    title: 'Columns',
    description: 'Names of the columns. To read, instead of those of the first line; to write, these and in this order.',
    ui: 'list',
    advanced: true,
  }),
  values: z
    .enum(['text', 'guess'])
    .default('text')
    .meta({
      title: 'Values',
      description: 'Keep everything as text, or recognise numbers, true and false, and nothing.',
      ...reading,
    }),
  broken: z
    .enum(['fail', 'skip', 'fill'])
    .default('fail')
    .meta({
      title: 'Broken lines',
      description: 'Fail with the number of the line, skip it, or fill the columns that are missing.',
      advanced: true,
      ...reading,
    }),
  skip: z
    .int()
    .min(0)
    .default(0)
    .meta({ title: 'Skip lines', description: 'At the beginning.', advanced: true, ...reading }),
  limit: z
    .int()
    .min(1)
    .optional()
    .meta({ title: 'At most', description: 'So many rows are read.', advanced: true, ...reading }),
  quote: one.default('"').meta({ title: 'Quote', description: 'Nothing, where quotes mean nothing.', advanced: true }),
  comment: one
    .default('')
    .meta({ title: 'Comments begin with', description: 'Such lines are left out.', advanced: true, ...reading }),
  encoding: z
    .enum(['utf-8', 'windows-1252', 'utf-16le'])
    .default('utf-8')
    .meta({
      title: 'Encoding',
      description: 'Of the file. Older programs write windows-1252.',
      advanced: true,
      ...reading,
    }),
  to: z
    .enum(['text', 'file'])
    .default('text')
    .meta({ title: 'Gives', description: 'A text, or a file.', ...writing }),
  name: z
    .string()
    .min(1)
    .max(200)
    .default('table.csv')
    .meta({ title: 'Name of the file', when: { field: 'to', is: ['file'] } }),
  bom: z
    .boolean()
    .default(false)
    .meta({
      title: 'For Excel',
      description: 'Begins with a mark by which Excel knows that it is UTF-8.',
      advanced: true,
      ...writing,
    }),
  formulas: z
    .boolean()
    .default(false)
    .meta({
      title: 'Leave formulas',
      description: 'Otherwise values that begin with =, +, - or @ get an apostrophe before them, so that no program runs them.',
      advanced: true,
      ...writing,
    }),
})

type In = z.output<typeof Input>

const usesFiles = (params: unknown) =>
  isObject(params) &&
  (('file' in params && params.mode !== 'write') || (params.mode === 'write' && params.to !== 'text' && 'to' in params))

/** Reads and writes tables. */
export const csv = defineBlock({
  id: 'data.csv',
  version: 1,
  title: 'CSV',
  about: 'Reads a table from CSV, as text or as a file, into a list of objects; or writes a list as CSV.',
  group: 'data',
  icon: 'table',
  input: Input,
  output: z.unknown().meta({ title: 'Table', description: 'To read, the list of rows; to write, the text or the file.' }),
  effect: params => (usesFiles(params) ? 'repeatable' : 'pure'),
  example: {
    input: { text: 'name;city\nAda;London', delimiter: 'auto' },
    output: [{ name: 'Ada', city: 'London' }],
  },
  run: (input, context) => (input.mode === 'read' ? read(input, context) : write(input, context)),
})

async function read(input: In, { files }: Context): Promise<unknown> {
  if ((input.text === undefined) === (input.file === undefined))
    throw new Refused('input.invalid', 'Give either `text` or `file`, and not both.')
  const how: Reading = { ...input, delimiter: delimiterOf(input, 'auto'), limit: input.limit ?? Number.POSITIVE_INFINITY }
  if (input.file === undefined) {
    const text = textOf('text', input.text)
    if (text.length > LONGEST)
      throw new Refused(
        'input.too_large',
        `\`text\` has ${text.length} characters; at most ${LONGEST} are possible. Give a file instead.`,
      )
    return readTable(slices(text), how)
  }
  const { bytes } = await files.open(idOf(input.file))
  return readTable(decoded(bytes, input.encoding), how)
}

const delimiterOf = ({ delimiter }: In, auto: string) => (delimiter === 'auto' ? auto : delimiter.replace(/^(\\t|tab)$/i, '\t'))

function idOf(file: unknown): string {
  const id = isObject(file) ? file.id : file
  if (typeof id === 'string' && id !== '') return id
  throw new Refused('input.wrong_kind', `\`file\` is ${given(file)}; give a file, for example {{ trigger.files[0] }}.`)
}

async function* slices(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536)
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const part of bytes) yield decoder.decode(part, { stream: true })
  yield decoder.decode()
}

async function write(input: In, { files }: Context): Promise<string | FileValue> {
  const rows = listOf('list', input.list).map((row, at) => {
    if (isObject(row) || Array.isArray(row)) return row
    throw new Refused('input.wrong_kind', `\`list[${at}]\` is ${given(row)}; give objects, or lists of values.`)
  })
  const names =
    input.names.length > 0 ? input.names : [...new Set(rows.flatMap(row => (Array.isArray(row) ? [] : Object.keys(row))))]
  const { stringify } = await import('csv-stringify/sync')
  const line = (cells: readonly unknown[][]) =>
    stringify([...cells], {
      delimiter: delimiterOf(input, ','),
      quote: input.quote || '"',
      escape_formulas: !input.formulas,
      cast: { boolean: value => String(value), number: value => ({ value: String(value), escape_formulas: false }) },
    })
  const cellsOf = (row: unknown): unknown[] =>
    Array.isArray(row) ? row : names.map(name => (isObject(row) && Object.hasOwn(row, name) ? row[name] : null))
  function* parts(): Generator<string> {
    if (input.bom) yield '\uFEFF'
    if (input.header && names.length > 0) yield line([names])
    for (let at = 0; at < rows.length; at += 1000) yield line(rows.slice(at, at + 1000).map(cellsOf))
  }
  if (input.to === 'text') return [...parts()].join('')
  return files.save(encoded(parts()), { name: input.name, type: 'text/csv' })
}

async function* encoded(parts: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const part of parts) yield encoder.encode(part)
}
