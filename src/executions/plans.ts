import { compile } from '#engine/compile.ts'
import type { Document } from '#engine/document.ts'
import type { Plan, PlanNode } from '#engine/plan.ts'
import { Fault } from '#errors.ts'
import type { Block } from '#sdk/define.ts'
import { type Filler, prepare } from '#template/fill.ts'
import { parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import type { World } from '#world.ts'

/** A version of a workflow, ready to run. */
export type Ready = {
  id: string
  number: number | null
  workspace: string
  workflowId: string
  drawn: WorkflowDocument
  plan: Plan
  parts: ReadonlyMap<PlanNode, Part>
}

/** What it takes to run one node. */
export type Part = {
  block: Block
  /** Null where no template is to be filled; then `constant` is the input, parsed. */
  filler: Filler | null
  constant: unknown
  /** Fields that are given as they were written. */
  raw: Record<string, unknown>
  /** The fields of a container that are filled at the end of a turn. */
  turn: Filler
  /** Fields that the block fills for each item. */
  later: ReadonlyMap<string, Filler>
  credential: string | null
  timeout: number
  /** For how many milliseconds what it puts out is used again where it is given the same; null for not at all. */
  cache: number | null
}

/** How long a node may take where nobody said. */
const TIMEOUT = 5 * 60_000
const KEPT = 500

/** Versions that were used lately. */
export type Plans = { load(workspace: string, version: string): Promise<Ready> }

/** Loads versions of workflows and makes them ready. */
export function makePlans({ db, library }: Pick<World, 'db' | 'library'>): Plans {
  const kept = new Map<string, Promise<Ready>>()

  async function read(workspace: string, id: string): Promise<Ready> {
    const row = await db
      .selectFrom('workflow_versions')
      .select(['number', 'workflow_id', 'document'])
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw new Fault('version.not_found')
    const drawn = parseDocument(row.document)
    return { id, number: row.number, workspace, workflowId: row.workflow_id, ...makeReady(drawn, library) }
  }

  return {
    load(workspace, id) {
      const known = kept.get(id)
      if (known) return known
      const ready = read(workspace, id)
      kept.set(id, ready)
      ready.catch(() => kept.delete(id))
      const [oldest] = kept.keys()
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
      return ready
    },
  }
}

/** Compiles a workflow and prepares its templates. */
function makeReady(drawn: WorkflowDocument, library: World['library']) {
  const plan = compile(drawn as Document, node => library.traits(node))
  const written = new Map(drawn.nodes.map(node => [node.id, node]))
  const parts = new Map<PlanNode, Part>()
  for (const node of plan.nodes) {
    const block = library.find(node.block, node.version)
    if (!block) continue
    const { credential, timeout, cache } = written.get(node.id) ?? {}
    parts.set(node, {
      ...partOf(block, node.params),
      credential: credential ?? null,
      timeout: timeout ?? TIMEOUT,
      // What must be done once for each execution is not answered from what another one did.
      cache: node.effect === 'once' ? null : (cache?.ttl ?? null),
    })
  }
  return { drawn, plan, parts }
}

function partOf(block: Block, params: unknown): Omit<Part, 'credential' | 'timeout' | 'cache'> {
  const filled: Record<string, unknown> = {}
  const raw: Record<string, unknown> = {}
  const atTurn: Record<string, unknown> = {}
  const later = new Map<string, Filler>()
  for (const [name, value] of Object.entries(Object(params))) {
    if (block.perTurn?.includes(name)) atTurn[name] = value
    if (block.later?.includes(name)) later.set(name, prepare(value))
    if (block.verbatim?.includes(name) || later.has(name) || name in atTurn) raw[name] = value
    else filled[name] = value
  }
  const filler = prepare(filled)
  const constant = filler.constant && block.start === undefined ? block.input.safeParse({ ...filled, ...raw }) : null
  return {
    block,
    filler: constant?.success ? null : filler,
    constant: constant?.data,
    raw,
    turn: prepare(atTurn),
    later,
  }
}
