import {
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server'
import type { Held } from '#engine/events.ts'
import { lastOf } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import { findExecution } from '#executions/queries.ts'
import { demandExecution, history, outputOf, type Row, summary } from '#executions/show.ts'
import { pageOf } from '#http/contract.ts'
import { isObject } from '#sdk/given.ts'
import { findFile, listFiles } from '#uploads/queries.ts'
import { bytesOf, fileUri, isText } from './content.ts'
import { type Desk, executionUrl } from './desk.ts'
import { outputUri } from './result.ts'

const PAGE = 100

/** So many bytes of a file or an output are read at once; in base64, as JSON, they take twice as much. */
const LARGEST = 8 * 2 ** 20

const FILE = 'promptpilot://files/{id}'
const EXECUTION = 'promptpilot://executions/{id}'

/** The patterns of what can be read. */
export const TEMPLATES: readonly ResourceTemplateType[] = [
  { uriTemplate: FILE, name: 'file', title: 'A file', description: 'A file of the workspace, by its id.' },
  {
    uriTemplate: EXECUTION,
    name: 'execution',
    title: 'An execution',
    description: 'How an execution of a workflow stands. It can be subscribed to.',
    mimeType: 'application/json',
  },
  {
    uriTemplate: `${EXECUTION}/output`,
    name: 'output',
    title: 'The output of an execution',
    description: 'All that an execution has put out.',
    mimeType: 'application/json',
  },
]

/** A page of the files of a workspace, newest first. */
export async function resources(
  { shell }: Desk,
  workspace: string,
  cursor: string | undefined,
): Promise<{ resources: Resource[]; next: string | null }> {
  const { items, next } = pageOf(await listFiles(shell.world.db, workspace, { limit: PAGE, cursor }), PAGE)
  return {
    resources: items.map(({ id, name, type, size }) => ({ uri: fileUri(id), name, mimeType: type, size })),
    next,
  }
}

type Named = { kind: 'file' | 'execution' | 'output'; id: string }

/** What an address names, or null. */
export function named(uri: string): Named | null {
  const [, of, id = '', output] = /^promptpilot:\/\/(files|executions)\/([\w-]{1,64})(\/output)?$/.exec(uri) ?? []
  if (of === 'files') return output ? null : { kind: 'file', id }
  return of === 'executions' ? { kind: output ? 'output' : 'execution', id } : null
}

/** Is it there, in this workspace? */
export async function exists({ shell }: Desk, workspace: string, uri: string): Promise<boolean> {
  const it = named(uri)
  if (!it) return false
  const { db } = shell.world
  return (await (it.kind === 'file' ? findFile(db, workspace, it.id) : findExecution(db, workspace, it.id))) !== undefined
}

/** Reads a file, or what became of an execution. */
export async function readResource(desk: Desk, workspace: string, uri: string): Promise<ReadResourceResult> {
  const it = named(uri)
  if (!it) throw new ResourceNotFoundError(uri)
  if (it.kind === 'file') return readFile(desk, workspace, uri, it.id)
  const row = await findExecution(desk.shell.world.db, workspace, it.id)
  if (!row) throw new ResourceNotFoundError(uri)
  const value = it.kind === 'output' ? await wholeOutput(desk, row) : await standing(desk, row)
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value ?? null, null, 2) }] }
}

async function readFile({ shell }: Desk, workspace: string, uri: string, id: string): Promise<ReadResourceResult> {
  const { world } = shell
  const row = await findFile(world.db, workspace, id)
  if (!row) throw new ResourceNotFoundError(uri)
  if (row.size > LARGEST) throw tooLarge(`The file ${row.name} has ${row.size} bytes`, `${world.place()}/api/files/${id}`)
  const bytes = await bytesOf(world, row)
  const shown = isText(row.type) ? { text: bytes.toString() } : { blob: bytes.toString('base64') }
  return { contents: [{ uri, mimeType: row.type, ...shown }] }
}

const tooLarge = (what: string, url: string) =>
  new Fault('mcp.too_large', { message: `${what}, more than the ${LARGEST} that are read at once. All of it is at ${url}` })

async function standing(desk: Desk, row: Row) {
  const { state } = await history(desk.shell, row)
  const output = await outputOf(desk.shell, row, state)
  const apart = isLarge(output)
  return {
    ...summary(row),
    url: executionUrl(desk, row.id),
    output: apart ? null : output,
    ...(apart ? { outputUri: outputUri(row.id) } : {}),
  }
}

/** What the API gives an address of its own. */
const isLarge = (output: unknown) => isObject(output) && isObject(output.$large)

async function wholeOutput(desk: Desk, { id, workspace_id }: Row): Promise<unknown> {
  const row = await demandExecution(desk.shell, workspace_id, id)
  const { state } = await history(desk.shell, row)
  const { status, reply } = state
  if (!reply && status !== 'completed') return null
  const held = reply ?? lastOf(state, state.frames.get(''))
  const bytes = sizeOf(held)
  if (bytes > LARGEST) throw tooLarge(`The output has ${bytes} bytes`, `${desk.shell.world.place()}/api/executions/${id}`)
  const value: unknown = await desk.shell.values.read(workspace_id, held)
  return reply ? Reflect.get(Object(value), 'body') : value
}

/** The bytes of what is kept apart from the journal; the rest is small. */
function sizeOf(held: Held): number {
  if ('ref' in held) return held.bytes
  return 'list' in held ? held.list.reduce((sum, one) => sum + sizeOf(one), 0) : 0
}
