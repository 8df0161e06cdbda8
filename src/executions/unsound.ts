import { refuseErrors } from '#workflows/check/refuse.ts'
import { parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import { problemsOf } from '#workflows/validate.ts'
import type { World } from '#world.ts'

/** Refuses a workflow that could not be published either. */
export async function refuseUnsound(
  world: World,
  workspace: string,
  workflowId: string,
  text: string | WorkflowDocument,
): Promise<void> {
  const document = typeof text === 'string' ? parseDocument(text) : text
  refuseErrors(await problemsOf(world.db, world.library, workspace, workflowId, document), document, 'cannot run')
}
