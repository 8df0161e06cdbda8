import type { Problem } from '#engine/check.ts'
import { Fault } from '#errors.ts'
import type { WorkflowDocument } from '#workflows/document.ts'

/** A list for a person: more would not be read. */
const SHOWN = 100

/** Refuses a workflow that has errors, and says which. */
export function refuseErrors(problems: readonly Problem[], document: WorkflowDocument, so: string): void {
  const errors = problems.filter(one => one.severity === 'error')
  if (errors.length === 0) return
  const nameOf = new Map(document.nodes.map(node => [node.id, node.name || node.key]))
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`
  const details = errors.slice(0, SHOWN).map(({ node, field, message }) => ({
    path: [...(node === null ? [] : ['nodes', node]), ...(field === null ? [] : [field])].join('.') || 'nodes',
    message: node === null ? message : `${nameOf.get(node) ?? node}: ${message}`,
  }))
  throw new Fault('workflow.invalid', { message: `The workflow has ${count} and ${so}. ${details[0]?.message}`, details })
}
