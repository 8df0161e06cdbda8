import type { Problem } from '#engine/check.ts'
import type { Block } from '#sdk/define.ts'
import type { WorkflowDocument } from '#workflows/document.ts'

/** A node as it is stored. */
export type Node = WorkflowDocument['nodes'][number]

/** A node with its block. */
export type Placed = { node: Node; block: Block }

/** Makes a problem of a node, or with null of the whole workflow. */
export const spot = (
  node: Pick<Node, 'id'> | null,
  field: string | null,
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem => ({ node: node?.id ?? null, field, code, message, severity })

/** A path as people write it: `rows[0].name`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  )

/** Does a text have something to be filled? */
export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && (value.includes('{{') || value.includes('{%'))

/** Names in quotation marks, with how many more there are. */
export function named(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map(name => `“${name}”`)
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ')
}
