import type { Given, RawAnswer } from '#http/serve.ts'
import type { Library } from '#sdk/library.ts'
import { disposition } from '#uploads/name.ts'
import { calledIn, NAMED, workflowsIn } from '#workflows/check/links.ts'
import { loadVersion, parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import { demandWorkflow, make } from '#workflows/drafts/workflows.ts'
import { credentialsOf } from '#workflows/queries.ts'
import { problemsOf } from '#workflows/validate.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { type Found, fromFile, type Names, toFile, wantedOf } from './file.ts'

type Db = World['db']

/** The draft or a version as a file. */
export async function exportWorkflow(
  { db, library }: World,
  { caller, params, query }: Given<typeof contract.exportWorkflow>,
): Promise<RawAnswer> {
  const row = await demandWorkflow(db, caller.workspace, params.id)
  const document =
    query.version === 'draft'
      ? parseDocument(row.draft)
      : (await loadVersion(db, caller.workspace, row.id, query.version)).document
  const text = toFile(document, library, await namesFor(db, caller.workspace, document, library))
  return {
    stream: text,
    headers: { 'content-disposition': disposition('attachment', `${document.name}.workflow.json`) },
  }
}

/** Makes a workflow of a file or of a bare document. */
export async function importWorkflow(world: World, { caller, query, body }: Given<typeof contract.importWorkflow>) {
  const { db, library } = world
  const drawn = fromFile(body, library, await foundFor(db, caller.workspace, body, library))
  const made = await make(world, caller, drawn, query.folderId ?? null, 'workflow.imported')
  const row = await demandWorkflow(db, caller.workspace, made.id)
  return { ...made, problems: await problemsOf(db, library, caller.workspace, made.id, parseDocument(row.draft)) }
}

async function namesFor(db: Db, workspace: string, document: WorkflowDocument, library: Library): Promise<Names> {
  const ids = [...new Set(document.nodes.flatMap(node => node.credential ?? []))]
  const called = [...new Set(workflowsIn(document, library))]
  const credentials = ids.length === 0 ? [] : await credentialsOf(db, workspace, ids)
  const workflows = called.length === 0 ? [] : await workflowsWhere(db, workspace, 'id', called)
  return {
    credentials: new Map(credentials.map(({ id, kind, name }) => [id, { kind, name }])),
    workflows: new Map(workflows.map(({ id, name }) => [id, name])),
  }
}

async function foundFor(
  db: Db,
  workspace: string,
  { nodes, settings }: Given<typeof contract.importWorkflow>['body'],
  library: Library,
): Promise<Found> {
  const wanted = nodes.flatMap(({ credential }) => (typeof credential === 'string' ? wantedOf(credential) : credential) ?? [])
  const names = [...new Set(wanted.map(({ name }) => name))]
  const inNodes = nodes.flatMap(({ credential: _credential, ...node }) => calledIn(node, library)).map(({ value }) => value)
  const called = [...inNodes, settings.onFailure ?? ''].flatMap(value =>
    value.startsWith(NAMED) ? [value.slice(NAMED.length)] : [],
  )
  const credentials = names.length === 0 ? [] : await credentialsNamed(db, workspace, names)
  const workflows = called.length === 0 ? [] : await workflowsWhere(db, workspace, 'name', [...new Set(called)])
  return {
    credential: ({ kind, name }) => credentials.find(one => one.kind === kind && one.name === name)?.id ?? null,
    workflow: name => workflows.find(one => one.name === name)?.id ?? null,
  }
}

/** The oldest first: of two with one name, every import takes the same. */
const credentialsNamed = (db: Db, workspace: string, names: string[]) =>
  db
    .selectFrom('credentials')
    .select(['id', 'kind', 'name'])
    .where('workspace_id', '=', workspace)
    .where('name', 'in', names)
    .orderBy('id')
    .execute()

const workflowsWhere = (db: Db, workspace: string, column: 'id' | 'name', values: string[]) =>
  db
    .selectFrom('workflows')
    .select(['id', 'name'])
    .where('workspace_id', '=', workspace)
    .where(column, 'in', values)
    .orderBy('id')
    .execute()
