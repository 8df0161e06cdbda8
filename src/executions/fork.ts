import { record } from '#audit/record.ts'
import type { Event } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { type PlanNode, reachable } from '#engine/plan.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { keepSnapshot } from '#workflows/versions/snapshot.ts'
import { accept, acceptedRow, starterOf } from './accept.ts'
import type * as contract from './contract.ts'
import type { Ready } from './plans.ts'
import { misfitOf } from './retry.ts'
import type { Shell } from './shell.ts'
import { demandExecution, history, type Row } from './show.ts'
import { startFor } from './starts.ts'
import { refuseUnsound } from './unsound.ts'
import { refsIn } from './values.ts'

type Changes = Given<typeof contract.fork>['body']['changes']

/** Makes a second execution that has what the first did before a node, and goes another way from there. */
export const fork = (shell: Shell, given: Given<typeof contract.fork>) => startFor(shell, given, () => forked(shell, given))

async function forked(shell: Shell, { caller, params, body }: Given<typeof contract.fork>) {
  const row = await demandExecution(shell, caller.workspace, params.id)
  const { events, ready, state } = await history(shell, row)
  const from = ready.plan.nodes.findIndex(node => node.id === body.from || node.key === body.from)
  const node = ready.plan.nodes[from]
  if (!node) throw new Fault('node.not_found', { message: `There is no node “${body.from}” in the version that ran.` })
  if (node.scope !== 0)
    throw new Fault('execution.does_not_fit', {
      message: `“${node.key}” stands in a container; go another way from the container on.`,
    })
  const by = starterOf(caller)
  const target = await changed(shell, row, ready, node, body.changes)
  if (node.id === row.node_id || body.changes.input !== undefined) {
    const input = body.changes.input ?? (await shell.values.read(row.workspace_id, state.input))
    const accepted = await accept(shell, { ...wantedOf(row, target), forkedFrom: row.id, by }, input)
    return { executionId: accepted.id }
  }
  const kept = before(ready, from, events)
  const misfit = misfitOf(target.plan, kept)
  if (misfit) throw new Fault('execution.does_not_fit', { message: misfit })
  const copy = acceptedRow(shell, { ...wantedOf(row, target), forkedFrom: row.id, by, owned: false })
  await store(shell, copy, kept)
  await record(
    shell.world.db,
    shell.world,
    caller,
    'execution.forked',
    { id: copy.id, name: row.workflow_id },
    { of: row.id, from: node.key },
  )
  shell.hint(copy.id, copy.lane, copy.workspace_id)
  return { executionId: copy.id }
}

const wantedOf = (row: Row, ready: Ready) => ({
  workspace: row.workspace_id,
  ready,
  start: 'fork',
  triggerId: row.trigger_id,
  nodeId: row.node_id,
  lane: row.lane,
  parent: null,
})

/** What happened apart from the node and everything behind it. */
function before({ plan }: Ready, from: number, events: readonly Event[]): Event[] {
  const undone = new Set([...reachable(plan, [from])].map(at => plan.nodes[at]?.key))
  const over = new Set<string>()
  for (const event of events) if (event.type === 'done') over.add(event.path)
  const state = blank(plan)
  return events.flatMap((event): Event[] => {
    const failure = state.failure
    fold(state, event)
    // What ended it is tried anew; a failure that was routed, collected or skipped is a result like any other.
    const fatal = event.type === 'failed' && state.failure !== failure
    if (event.type === 'accepted') return [event]
    if (event.type === 'finished' || event.type === 'revived' || event.type === 'resumed') return []
    const top = event.path.split(/[.[]/, 1)[0] ?? ''
    if (undone.has(top)) return []
    // What was waiting beside it waits anew, and what had failed is tried anew.
    if (!('path' in event) || event.type === 'suspended' || event.type === 'asked') return over.has(event.path) ? [event] : []
    return fatal ? [] : [event]
  })
}

async function changed(shell: Shell, row: Row, ready: Ready, node: PlanNode, changes: Changes): Promise<Ready> {
  const nodes = { ...changes.nodes, ...(changes.params ? { [node.key]: { params: changes.params } } : {}) }
  if (Object.keys(nodes).length === 0) return ready
  const drawn: WorkflowDocument = {
    ...ready.drawn,
    nodes: ready.drawn.nodes.map(one => {
      const change = nodes[one.key] ?? nodes[one.id]
      return change ? { ...one, params: { ...one.params, ...change.params } } : one
    }),
  }
  await refuseUnsound(shell.world, row.workspace_id, row.workflow_id, drawn)
  const id = await keepSnapshot(shell.world, row.workspace_id, row.workflow_id, drawn)
  return shell.plans.load(row.workspace_id, id)
}

async function store(shell: Shell, row: Row, events: readonly Event[]): Promise<void> {
  const { sentences, journal } = shell
  const outcome = await journal.write([
    sentences.insert(row),
    sentences.segment(row.id, 1, JSON.stringify(events)),
    ...[...refsIn(events)].map(([hash, bytes]) => sentences.value(row.id, row.workspace_id, hash, bytes)),
  ])
  if (outcome instanceof Error) throw outcome
}
