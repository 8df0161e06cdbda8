import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Library } from '#sdk/library.ts'
import type { World } from '#world.ts'
import { type GivenDocument, WorkflowDocument as Stored } from './contract.ts'
import { findVersion, findWorkflow } from './queries.ts'
import { keepSnapshot } from './versions/snapshot.ts'

/** A workflow as it is stored: every default filled in. A superset of what the engine reads. */
export type WorkflowDocument = z.output<typeof Stored>

/** A workflow as it is sent: versions of blocks and ids of edges may be missing. */
export type Drawn = z.output<typeof GivenDocument>

/** Reads what is stored in a draft or a version. */
export const parseDocument = (text: string): WorkflowDocument => Stored.parse(JSON.parse(text))

/** Fills what was left open: the newest version of each block, and ids of edges. A block that is not there becomes version 1. */
export function settle(drawn: Drawn, library: Library): WorkflowDocument {
  const taken = new Set(drawn.edges.map(edge => edge.id))
  let count = 0
  const free = () => {
    do count += 1
    while (taken.has(`e${count}`))
    return `e${count}`
  }
  return {
    ...drawn,
    nodes: drawn.nodes.map(node => ({ ...node, version: node.version ?? library.newest(node.block)?.version ?? 1 })),
    edges: drawn.edges.map(edge => ({ ...edge, id: edge.id ?? free() })),
  }
}

/** A version of a workflow. Fails with `version.not_found`. */
export async function loadVersion(db: Kysely<Tables>, workspace: string, workflowId: string, number: number) {
  const row = await findVersion(db, workspace, workflowId, number)
  if (!row) throw new Fault('version.not_found')
  return { ...row, document: parseDocument(row.document) }
}

/** Keeps the draft so that it can be run, and answers with the id of its row in `workflow_versions`. Fails with `workflow.not_found`. */
export async function snapshotDraft(
  db: Kysely<Tables>,
  { ids, clock }: Pick<World, 'ids' | 'clock'>,
  workspace: string,
  workflowId: string,
): Promise<string> {
  const row = await findWorkflow(db, workspace, workflowId)
  if (!row) throw new Fault('workflow.not_found')
  return keepSnapshot({ db, ids, clock }, workspace, workflowId, parseDocument(row.draft))
}
