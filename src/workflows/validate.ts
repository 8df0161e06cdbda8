import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { check, type Problem } from '#engine/check.ts'
import type { Library } from '#sdk/library.ts'
import { checkExpressions } from './check/expressions.ts'
import { checkChildren, checkCredential, checkFailure, type Facts, gatherFacts } from './check/links.ts'
import { checkParams } from './check/params.ts'
import { checkNode, checkSettings } from './check/sane.ts'
import { checkTool } from './check/tool.ts'
import type { WorkflowDocument } from './document.ts'

/** Everything that is wrong with a workflow, given what is there in its workspace. */
export function validate(document: WorkflowDocument, library: Library, facts: Facts): Problem[] {
  const routed = new Set(document.edges.filter(edge => edge.sourceHandle === 'error').map(edge => edge.source))
  return [
    ...checkSettings(document),
    ...checkFailure(document, facts),
    ...checkTool(document, library, facts),
    ...check(document, node => library.traits(node)),
    ...document.nodes.flatMap(node => {
      const block = library.find(node.block, node.version)
      if (!block) return []
      const placed = { node, block }
      return [
        ...checkNode(node, library.traits(node), routed.has(node.id)),
        ...checkParams(placed),
        ...checkCredential(placed, library, facts),
        ...checkChildren(placed, library, facts),
      ]
    }),
    ...checkExpressions(document, library),
  ]
}

/** Everything that is wrong with a workflow of a workspace; `workflow` is its id, or null before it has one. */
export async function problemsOf(
  db: Kysely<Tables>,
  library: Library,
  workspace: string,
  workflow: string | null,
  document: WorkflowDocument,
): Promise<Problem[]> {
  return validate(document, library, await gatherFacts(db, library, workspace, workflow, document))
}
