import type { Block, Credential, Group } from '#sdk/define.ts'
import type { Library } from '#sdk/library.ts'
import { outletsOf } from '#sdk/outlets.ts'
import { fieldTable, inputSchemaOf, schemaOf, typeOf } from './fields.ts'
import { page } from './page.ts'

const GROUPS: Record<Group, string> = {
  start: 'Starts',
  flow: 'Flow',
  data: 'Data',
  service: 'Services',
  ai: 'AI',
}

const EFFECTS = {
  pure: '`pure`: touches nothing outside; after a crash it is worked out again.',
  repeatable: '`repeatable`: touches the outside and may be repeated.',
  once: '`once`: is never repeated without somebody saying so.',
}

/** The page with every block that the library has. */
export function blocksPage({ blocks, credentials }: Library): string {
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = blocks.filter(block => block.group === group)
    return own.length > 0 ? [`## ${title}`, '', ...own.flatMap(section)] : []
  })
  const intro = [
    'Every kind of node that this version has, also as JSON Schema in `GET /api/blocks`. A parameter may hold expressions, `{{ }}`, as the',
    '[guide to workflows](../guide/workflows.md) explains; types are those after they are filled. `conditions` are',
    '`{ "all": [ … ] }` or `{ "any": [ … ] }` with entries as [`core.if`](#coreif) takes them. `file` is a file as a node put it out, or its id;',
    'a simple value is a text, a number, true, false or null.',
  ].join('\n')
  return page('Blocks', '`src/blocks/`', intro, [...groups, ...kinds([...credentials.values()])])
}

function section(block: Block): string[] {
  const { id, version, title, about, example } = block
  const table = fieldTable(inputSchemaOf(block.input))
  return [
    `### \`${id}\``,
    '',
    `**${title}**, version ${version}. ${about}`,
    '',
    ...facts(block).map(fact => `- ${fact}`),
    '',
    ...(table.length > 0 ? table : ['It has no parameters.', '']),
    ...output(block),
    'Example:',
    '',
    '```json',
    JSON.stringify({ block: id, version, params: example.input }, null, 2),
    '```',
    '',
    'puts out',
    '',
    '```json',
    JSON.stringify(example.output, null, 2),
    '```',
    '',
  ]
}

function facts(block: Block): string[] {
  const { outlets = ['main'], effect, start, loop, example, verbatim, credentials, credentialNeeded } = block
  const names = outletsOf(outlets, example.input)
    .map(name => `\`${name}\``)
    .join(', ')
  return [
    'each' in outlets
      ? `Outlets: they follow from the parameters; in the example ${names}.`
      : `Outlets: ${names || 'none, nothing follows it'}.`,
    start ? '' : `Effect: ${effectWords(effect, example.input)}`,
    loop ? 'A container: nodes whose `parent` is this node are inside of it.' : '',
    verbatim ? `\`{{\` means nothing in ${verbatim.map(name => `\`${name}\``).join(', ')}.` : '',
    credentials
      ? `${credentialNeeded ? 'Needs' : 'Can use'} a credential: ${credentials.map(one => `\`${one.id}\``).join(', ')}.`
      : '',
  ].filter(Boolean)
}

const effectWords = (effect: Block['effect'], params: unknown): string =>
  typeof effect === 'function' ? `it follows from the parameters; in the example \`${effect(params)}\`.` : EFFECTS[effect]

function output({ output }: Block): string[] {
  const schema = schemaOf(output, 'output')
  const words = [schema.title, schema.description].filter(Boolean).join('. ')
  const table = fieldTable(schema, 'output')
  return [`Output: ${typeOf(schema)}${words ? `. ${words.replace(/\.$/, '')}.` : '.'}`, '', ...table]
}

function kinds(credentials: Credential[]): string[] {
  const sections = credentials.flatMap(({ id, title, about, fields }) => [
    `### \`${id}\``,
    '',
    `**${title}**. ${about}`,
    '',
    ...fieldTable(inputSchemaOf(fields)),
  ])
  return sections.length > 0 ? ['## Kinds of credentials', '', ...sections] : []
}
