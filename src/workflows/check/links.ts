import { type Kysely, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Problem } from '#engine/check.ts'
import type { Block } from '#sdk/define.ts'
import type { Library } from '#sdk/library.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { credentialsOf, holderOf } from '#workflows/queries.ts'
import { hinted } from './schema.ts'
import { isTemplate, named, type Placed, pathText, spot } from './spot.ts'
import { toolName } from './tool.ts'

/** What a workflow refers to in its workspace. */
export type Facts = {
  /** The id of the workflow that is checked; null before it has one. */
  workflow: string | null
  /** Kinds of credentials by their ids. */
  credentials: ReadonlyMap<string, string>
  workflows: ReadonlyMap<string, { name: string; live: number | null; callsBack: boolean }>
  /** The other workflow that has the name of this one as a tool. */
  toolHolder: string | null
}

/** Looks up what a workflow refers to. */
export async function gatherFacts(
  db: Kysely<Tables>,
  library: Library,
  workspace: string,
  workflow: string | null,
  document: WorkflowDocument,
): Promise<Facts> {
  const used = [...new Set(document.nodes.flatMap(({ credential }) => credential ?? []))]
  const credentials = used.length === 0 ? [] : await credentialsOf(db, workspace, used)
  const called = [...new Set(workflowsIn(document, library))]
  const workflows = called.length === 0 ? [] : await calledBy(db, workspace, called, workflow ?? '')
  const tool = toolName(document)
  return {
    workflow,
    toolHolder: tool === null ? null : await holderOf(db, workspace, tool, workflow),
    credentials: new Map(credentials.map(({ id, kind }) => [id, kind])),
    workflows: new Map(workflows.map(({ id, name, live, back }) => [id, { name, live, callsBack: Number(back) === 1 }])),
  }
}

function calledBy(db: Kysely<Tables>, workspace: string, ids: string[], caller: string) {
  return db
    .selectFrom('workflows')
    .leftJoin('workflow_versions', join =>
      join.onRef('workflow_versions.workflow_id', '=', 'workflows.id').onRef('workflow_versions.number', '=', 'workflows.live'),
    )
    .select(['workflows.id', 'workflows.name', 'workflows.live'])
    .select(
      sql<number>`case when workflow_versions.document like ${`%"${caller.replace(/[%_\\]/g, '\\$&')}"%`} escape '\\' then 1 else 0 end`.as(
        'back',
      ),
    )
    .where('workflows.workspace_id', '=', workspace)
    .where('workflows.id', 'in', ids)
    .execute()
}

/** A node as far as it takes to read its parameters; without a version it is of the newest of its block. */
type Written = { block: string; version?: number | undefined; params: Record<string, unknown> }

/** The block of a node. */
export const blockOf = ({ block, version }: Written, library: Library) =>
  version === undefined ? library.newest(block) : library.find(block, version)

/** Where a node names another workflow; those that are only known when it runs are not among them. */
export function calledIn(node: Written, library: Library): { path: (string | number)[]; value: string }[] {
  const block = blockOf(node, library)
  return (block ? hinted(block, node.params, 'workflow') : []).flatMap(({ path, value }) =>
    typeof value === 'string' && value !== '' && !isTemplate(value) ? [{ path, value }] : [],
  )
}

const isNeeded = (needed: Block['credentialNeeded'], params: unknown) =>
  typeof needed === 'function' ? needed(params) : needed === true

/** Every workflow that a workflow names: in its nodes, and for when it fails. */
export const workflowsIn = ({ nodes, settings }: WorkflowDocument, library: Library): string[] => [
  ...nodes.flatMap(node => calledIn(node, library).map(({ value }) => value)),
  ...(settings.onFailure === undefined ? [] : [settings.onFailure]),
]

/** What is wrong with the workflow that is to be started when this one fails. Nothing of it keeps this one from running. */
export function checkFailure({ settings }: WorkflowDocument, { workflow, workflows }: Facts): Problem[] {
  const id = settings.onFailure
  if (id === undefined) return []
  const say = (code: string, message: string) => [spot(null, 'settings.onFailure', code, message, 'warning')]
  if (id === workflow) return say('failure.itself', 'When it fails, it starts itself. Let another workflow tell of it.')
  const found = workflows.get(id)
  if (!found) {
    const name = id.startsWith(NAMED) ? `the workflow “${id.slice(NAMED.length)}”` : 'a workflow'
    return say('failure.unknown', `When it fails, it starts ${name} that is not here. Choose another.`)
  }
  return found.live === null
    ? say('failure.unpublished', `When it fails, it starts “${found.name}”, which was never published. Publish that.`)
    : []
}

/** What is wrong with the credential of a node. */
export function checkCredential({ node, block }: Placed, library: Library, { credentials }: Facts): Problem[] {
  const kinds = (block.credentials ?? []).map(({ id }) => id)
  const titles = named((block.credentials ?? []).map(({ title }) => title))
  const say = (code: string, message: string, severity?: 'warning') => [spot(node, 'credential', code, message, severity)]
  if (!node.credential)
    return isNeeded(block.credentialNeeded, node.params)
      ? say('credential.missing', `It needs a credential: ${titles}. Choose one or add one.`)
      : []
  if (kinds.length === 0) return say('credential.unused', `“${block.title}” uses no credential. Take it away.`, 'warning')
  const kind = credentials.get(node.credential)
  if (kind === undefined) {
    const [wanted = '', name] = node.credential.split(/:(.*)/s)
    const title = library.credentials.get(wanted)?.title ?? wanted
    return name === undefined
      ? say('credential.unknown', 'Its credential is not there any more. Choose another.')
      : say(
          'credential.unknown',
          `It was made with the credential “${name}” (${title}), which is not here. Add it, or choose another.`,
        )
  }
  return kinds.includes(kind)
    ? []
    : say(
        'credential.wrong_kind',
        `Its credential is of the kind ${library.credentials.get(kind)?.title ?? kind}; it takes ${titles}.`,
      )
}

/** What is wrong with the workflows that a node calls. */
export function checkChildren({ node }: Placed, library: Library, { workflow, workflows }: Facts): Problem[] {
  return calledIn(node, library).flatMap(({ value: id, path }) => {
    const field = `params.${pathText(path)}`
    if (id === workflow)
      return [spot(node, field, 'child.circle', 'It starts its own workflow. Make sure that this ends.', 'warning')]
    const child = workflows.get(id)
    if (!child) {
      const name = id.startsWith(NAMED) ? `the workflow “${id.slice(NAMED.length)}”` : 'a workflow'
      return [spot(node, field, 'child.unknown', `It starts ${name} that is not here. Choose another.`)]
    }
    if (child.live === null)
      return [spot(node, field, 'child.unpublished', `It starts “${child.name}”, which was never published. Publish that first.`)]
    return child.callsBack
      ? [
          spot(
            node,
            field,
            'child.circle',
            `It starts “${child.name}”, which starts this one. Make sure that this ends.`,
            'warning',
          ),
        ]
      : []
  })
}

/** What files write before the name of another workflow, in the place of its id. */
export const NAMED = 'name:'
