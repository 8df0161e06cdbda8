import { createHash } from 'node:crypto'
import { happeningOf, spread } from '#audit/happen.ts'
import type { Held } from '#engine/events.ts'
import { pathOf } from '#engine/state.ts'
import { iso } from '#http/contract.ts'
import type { Approval, Ending, Pause } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { acceptedRow, segmentOf } from './accept.ts'
import { holdMade } from './hold.ts'
import type { Attempt } from './node.ts'
import type { Run, Statement } from './run.ts'
import { type Settled, traceOf } from './settle.ts'
import type { Shell } from './shell.ts'

/** So deep may workflows start each other; a deeper one is a circle. */
export const DEEPEST = 25

/** A wait is known by where it is, so that what is heard too early finds it. */
export const waitId = (execution: string, path: string): string =>
  `wai_${createHash('sha256').update(`${execution} ${path}`).digest('base64url').slice(0, 26)}`

/** Writes down that a node waits. Of a time nobody else has to know. */
export function pauseFor(shell: Shell, run: Run, it: Attempt, pause: Pause): Settled {
  const event = {
    type: 'suspended' as const,
    ...traceOf(shell, it),
    wait: { kind: pause.kind, until: pause.until === null ? null : Math.round(pause.until) },
  }
  if (pause.kind === 'time') return { event, extra: [] }
  // Whoever is called back may have been faster than we are.
  if (pause.kind === 'callback') run.heard = -1
  const row =
    pause.kind === 'approval'
      ? waitRow(shell, run, it, pause.kind, pause.until, pause.ask, pause.ask.remindAt)
      : waitRow(shell, run, it, pause.kind, pause.until, { note: pause.note })
  const told = pause.kind === 'approval' ? [requested(shell, run, row.id, pause.ask, pause.until)] : []
  return { event, extra: [shell.sentences.wait(row), ...told] }
}

/** Whoever listens hears that a person is asked. */
export function requested(
  { world, sentences }: Shell,
  run: Run,
  approvalId: string,
  { title, assignees }: Approval,
  until: number | null,
): Statement {
  const deadline = until === null ? null : iso(Math.round(until))
  const data = { executionId: run.id, workflowId: run.row.workflow_id, approvalId, title, assignees, deadline }
  spread(world)
  const after = { execution: run.id, depth: run.row.depth }
  return sentences.happen(happeningOf(world, { workspace: run.workspace, name: 'approval.requested', data, after }))
}

/** The row of a wait. */
export function waitRow(
  shell: Shell,
  run: Run,
  { cell }: Attempt,
  kind: string,
  until: number | null,
  ask: unknown,
  remindAt: number | null = null,
) {
  const path = pathOf(cell)
  return {
    id: waitId(run.id, path),
    workspace_id: run.workspace,
    execution_id: run.id,
    path,
    kind,
    until,
    token: null,
    ask: JSON.stringify(ask),
    child_id: null,
    created_at: shell.world.clock.now(),
    heard_at: null,
    heard: null,
    taken: 0,
    remind_at: remindAt,
    told: 0,
  }
}

/** Starts another workflow. Its row, its first event and what we write down stand in the database together or not at all. */
export async function startChild(
  shell: Shell,
  run: Run,
  it: Attempt,
  { workflow, input, wait }: Extract<Ending, { how: 'child' }>,
): Promise<Settled> {
  if (run.row.depth + 1 > DEEPEST)
    throw new Refused('workflow.too_deep', `Workflows start each other ${DEEPEST} deep here. Do they go round in a circle?`)
  const target = await shell.liveVersion(run.workspace, workflow)
  const held = await holdMade(shell, run, input)
  const child = acceptedRow(shell, {
    workspace: run.workspace,
    ready: target,
    start: 'workflow',
    triggerId: null,
    nodeId: shell.startOf(target, ['api', 'manual']),
    lane: run.row.lane,
    parent: { id: run.id, path: wait ? pathOf(it.cell) : null, depth: run.row.depth },
    forkedFrom: null,
    by: { user: run.row.user_id, key: run.row.key_id },
    owned: false,
  })
  const { sentences } = shell
  const rows = [sentences.insert(child), ...segmentOf(shell, child, held, target)]
  run.tell.push(child.id)
  if (!wait) {
    const output: Held = { value: { executionId: child.id, workflowId: target.workflowId } }
    return { event: { type: 'done', ...traceOf(shell, it), outlet: 'main', output }, extra: rows }
  }
  const event = {
    type: 'suspended' as const,
    ...traceOf(shell, it),
    wait: { kind: 'child' as const, until: null, child: child.id },
  }
  return { event, extra: [sentences.wait({ ...waitRow(shell, run, it, 'child', null, {}), child_id: child.id }), ...rows] }
}
