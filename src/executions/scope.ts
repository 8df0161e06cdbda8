import type { Held } from '#engine/events.ts'
import { cellSeen, type Frame, type Turns } from '#engine/state.ts'
import type { Ready } from './plans.ts'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

/** What the templates of a node see: of everything that is there, what they name. */
export type Scope = Record<string, unknown>

/** An execution, as far as its templates see it. */
export type Seen = Pick<Run, 'id' | 'workspace' | 'row' | 'state'> & { readonly ready: Ready }

/** Gathers what these names mean in a frame. A promise only where a large value has to be read. */
export function scopeOf(
  shell: Shell,
  run: Seen,
  frame: Frame,
  names: ReadonlySet<string>,
  now: number,
  extra: Scope = {},
): Scope | Promise<Scope> {
  const scope: Scope = {}
  const reading: Promise<void>[] = []
  for (const name of names) {
    const value = name in extra ? extra[name] : meaningOf(shell, run, frame, name, now)
    if (value instanceof Promise)
      reading.push(
        value.then(read => {
          scope[name] = read
        }),
      )
    else scope[name] = value
  }
  return reading.length > 0 ? Promise.all(reading).then(() => scope) : scope
}

function meaningOf(shell: Shell, run: Seen, frame: Frame, name: string, now: number): unknown {
  const read = (held: Held) => shell.values.read(run.workspace, held)
  switch (name) {
    case 'trigger':
      return read(run.state.input)
    case 'vars':
      return run.ready.drawn.variables
    case 'now':
      return new Date(now).toISOString()
    case 'item':
      return itemOf(frame, read)
    case 'index':
      return loopAround(frame)?.turn ?? null
    case 'execution':
      return executionOf(shell, run, frame)
    case 'workflow':
      return { id: run.ready.workflowId, name: run.ready.drawn.name, version: run.ready.number }
    default: {
      const cell = cellSeen(run.state, frame, name)
      return cell ? read(cell.output) : null
    }
  }
}

function loopAround(from: Frame): Frame | null {
  for (let frame: Frame | null = from; frame; frame = frame.container?.frame ?? null)
    if (frame.container && frame.container.node.loop !== 'once') return frame
  return null
}

/** Lists that were stored apart, read once for all turns. */
const lists = new WeakMap<Turns, Promise<unknown[]>>()

function itemOf(frame: Frame, read: (held: Held) => unknown): unknown {
  const loop = loopAround(frame)
  const turns = loop?.container?.turns
  if (!loop || !turns) return null
  if ('list' in turns.list) return turns.list.list[loop.turn] ? read(turns.list.list[loop.turn] ?? { value: null }) : null
  if ('value' in turns.list) return Array.isArray(turns.list.value) ? turns.list.value[loop.turn] : null
  const list = lists.get(turns) ?? Promise.resolve(read(turns.list)).then(value => (Array.isArray(value) ? value : []))
  lists.set(turns, list)
  return list.then(entries => entries[loop.turn] ?? null)
}

function executionOf(shell: Shell, run: Seen, frame: Frame): Scope {
  const callbacks: Scope = {}
  for (const at of run.state.plan.scopes[frame.scope]?.nodes ?? []) {
    const node = run.state.plan.nodes[at]
    // Made when they are asked for: most templates only want the id.
    if (node)
      Object.defineProperty(callbacks, node.key, {
        enumerable: true,
        get: () => shell.callbackUrl(run.id, frame.path === '' ? node.key : `${frame.path}.${node.key}`),
      })
  }
  return {
    id: run.id,
    startedAt: new Date(run.row.created_at).toISOString(),
    start: run.row.start,
    url: `${shell.world.place()}/execution/${run.id}`,
    callbacks,
  }
}
