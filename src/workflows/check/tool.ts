import type { Problem } from '#engine/check.ts'
import { Fault } from '#errors.ts'
import type { Library } from '#sdk/library.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import type { Facts } from './links.ts'
import { spot } from './spot.ts'

/** Clients put the name of the server before it and stop at 64. */
const LONGEST = 48
const NAME = new RegExp(`^[a-zA-Z0-9_-]{1,${LONGEST}}$`)

/** So begin the names of the tools that are always there. */
export const OWN = 'promptpilot_'

/** What a workflow is called as a tool; null where it is none. */
export function toolName({ name, settings: { tool } }: Pick<WorkflowDocument, 'name' | 'settings'>): string | null {
  return tool ? (tool.name ?? slug(name)) : null
}

const slug = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, LONGEST)
    .replace(/^_+|_+$/g, '')

/** The kinds of start that a tool can use, the first one first: a program calls it. */
export const TOOL_STARTS = ['api', 'manual']

/** What keeps a workflow from being offered as a tool. */
export function checkTool(document: WorkflowDocument, library: Library, { toolHolder }: Facts): Problem[] {
  const name = toolName(document)
  if (name === null) return []
  const say = (field: string, code: string, message: string, severity?: 'warning') => [
    spot(null, `settings.tool${field}`, code, message, severity),
  ]
  return [
    ...(NAME.test(name)
      ? []
      : say('.name', 'tool.bad_name', `A tool needs a name of 1 to ${LONGEST} letters a to z, digits, _ and -. Write one.`)),
    ...(name.startsWith(OWN) ? say('.name', 'tool.bad_name', `Names that begin with ${OWN} are taken. Choose another.`) : []),
    ...(toolHolder === null ? [] : say('.name', 'tool.name_taken', taken(name, toolHolder))),
    ...((document.settings.tool?.description ?? document.description).trim() === ''
      ? say(
          '.description',
          'tool.no_description',
          'Those who call the tool choose by its description. Say what it does.',
          'warning',
        )
      : []),
    ...checkStart(document, library),
  ]
}

function checkStart({ nodes }: WorkflowDocument, library: Library): Problem[] {
  const starts = nodes.flatMap(node => {
    const start = library.find(node.block, node.version)?.start
    return start && !node.disabled ? [{ node, kind: start.kind }] : []
  })
  const first = TOOL_STARTS.flatMap(kind => starts.filter(one => one.kind === kind))[0]
  if (!first)
    return [
      spot(
        null,
        'settings.tool',
        'tool.no_start',
        'A tool is started by hand or over the API. Add such a start, or offer no tool.',
      ),
    ]
  const type: unknown = Reflect.get(Object(first.node.params.schema), 'type')
  return type === undefined || type === 'object'
    ? []
    : [spot(first.node, 'params.schema', 'tool.bad_schema', 'A tool takes an object: the schema must have the type “object”.')]
}

const taken = (name: string, holder: string) => `The tool “${holder}” is called “${name}” already. Choose another name.`

/** Two were published, or brought back, at the same moment, or one that was put away. */
export const toolTaken = (cause: unknown): Fault =>
  new Fault('workflow.invalid', {
    message: 'Another workflow is a tool of the same name. Change one of the names.',
    details: [{ path: 'settings.tool.name', message: 'Another workflow is a tool of the same name.' }],
    cause,
  })
