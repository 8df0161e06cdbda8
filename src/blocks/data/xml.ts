import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject, textOf } from '#sdk/given.ts'
import readTree, { DEEPEST, SHAPE } from './tree.ts'

/** A text of this length is read in a few milliseconds. */
const AT_ONCE = 50_000

const reading = { when: { field: 'mode', is: ['read'] } }
const writing = { when: { field: 'mode', is: ['write'] } }

const Input = z.strictObject({
  mode: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'What to do', description: 'Make an object of XML, or XML of an object.' }),
  xml: z
    .unknown()
    .optional()
    .meta({ title: 'XML', description: 'Such as {{ fetch.body }}.', ui: 'longtext', ...reading }),
  value: z
    .unknown()
    .optional()
    .meta({
      title: 'Value',
      description:
        'An object. Fields that begin with @ become attributes, #text is the text beside them, a list repeats its element.',
      ui: 'json',
      ...writing,
    }),
  values: z
    .enum(['text', 'guess'])
    .default('text')
    .meta({ title: 'Values', description: 'Keep everything as text, or recognise numbers, true and false.', ...reading }),
  lists: z
    .array(z.string())
    .max(1000)
    .default([])
    .meta({
      title: 'Always lists',
      description: 'Elements that are a list even where there is only one, such as item.',
      ui: 'list',
      advanced: true,
      ...reading,
    }),
  namespaces: z
    .boolean()
    .default(true)
    .meta({ title: 'Keep prefixes', description: 'Such as soap: in soap:Body.', advanced: true, ...reading }),
  root: z
    .string()
    .default('root')
    .meta({
      title: 'Root',
      description: 'The outermost element, when the value has not exactly one field.',
      advanced: true,
      ...writing,
    }),
  indent: z
    .boolean()
    .default(true)
    .meta({ title: 'Indent', advanced: true, ...writing }),
  declaration: z
    .boolean()
    .default(true)
    .meta({ title: 'Declaration', description: 'Begins with <?xml version="1.0"?>.', advanced: true, ...writing }),
})

/** Reads and writes XML. */
export const xml = defineBlock({
  id: 'data.xml',
  version: 1,
  title: 'XML',
  about: 'Makes an object of XML, or XML of an object. Nothing is fetched from outside.',
  group: 'data',
  icon: 'file-code-2',
  input: Input,
  output: z.unknown().meta({ title: 'Result', description: 'To read, an object; to write, the text.' }),
  effect: 'pure',
  example: {
    input: { xml: '<order id="7"><line>Tea</line><line>Cup</line></order>' },
    output: { order: { line: ['Tea', 'Cup'], '@id': '7' } },
  },
  run(input, context) {
    if (input.mode === 'write') return write(input)
    const { values, lists, namespaces } = input
    const reading = { text: textOf('xml', input.xml).trim(), values, lists, namespaces }
    // What is long takes long, and everybody else would wait meanwhile.
    return reading.text.length > AT_ONCE ? context.apart(new URL('./tree.ts', import.meta.url), reading) : readTree(reading)
  },
})

async function write({ value, root, indent, declaration }: z.output<typeof Input>): Promise<string> {
  if (!isObject(value))
    throw new Refused('input.wrong_kind', `\`value\` is ${given(value)}; give an object, for example {{ order }}.`)
  const names = Object.keys(value)
  const [only = ''] = names
  const hasRoot = names.length === 1 && !/^[@#]/.test(only) && !Array.isArray(value[only])
  const { XMLBuilder } = await import('fast-xml-parser')
  const builder = new XMLBuilder({ ...SHAPE, format: indent, suppressEmptyNode: true, suppressBooleanAttributes: false })
  const body = builder.build(clean(hasRoot ? value : { [root]: value }, 'value', 0))
  return `${declaration ? `<?xml version="1.0" encoding="UTF-8"?>${indent ? '\n' : ''}` : ''}${body}`
}

const NAME = /^@?[\p{L}_][\p{L}\p{N}_.:-]*$/u

/** Names that could break out of their tag are refused; characters that XML cannot have are left out. */
function clean(value: unknown, path: string, depth: number): unknown {
  if (depth > DEEPEST) throw new Refused('input.too_deep', `\`value\` is nested more than ${DEEPEST} levels deep.`)
  if (typeof value === 'string') return [...value].filter(isXml).join('')
  if (Array.isArray(value))
    return value.map((one, at) => {
      if (Array.isArray(one))
        throw new Refused('input.wrong_kind', `\`${path}[${at}]\` is a list in a list, which XML does not have.`)
      return clean(one, path, depth + 1)
    })
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (name !== '#text' && (!NAME.test(name) || name === '__proto__'))
        throw new Refused(
          'input.invalid',
          `\`${path}\`: “${name.slice(0, 60)}” cannot be the name of an element. Use letters, digits, _ and -.`,
        )
      if (name.startsWith('@') && typeof one === 'object' && one !== null)
        throw new Refused('input.wrong_kind', `\`${path}.${name}\` is ${given(one)}; an attribute is a text.`)
      return [name, clean(one, `${path}.${name}`, depth + 1)]
    }),
  )
}

function isXml(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x20) return code === 9 || code === 10 || code === 13
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
}
