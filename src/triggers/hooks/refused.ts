import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import { measure } from '#executions/pieces.ts'
import type { Runner } from '#executions/runner.ts'
import type { Shell } from '#executions/shell.ts'
import type { Knock } from '#http/door.ts'
import type { Frame } from '#http/serve.ts'
import { type Line, note } from '#triggers/ledger.ts'
import { shownCall, Unfit } from './call.ts'
import { type Door, findDoor, lastDoor } from './doors.ts'

/** Of what is refused for the same reason the first is written down at once; what follows becomes one line for so many milliseconds. */
const TOGETHER = 10_000
/** How often is looked for what has been gathered long enough. */
const EVERY = 1_000
/** A larger body is not kept: whoever sends it again has it. */
const KEPT = 64 * 1024
/** Words of a sender's body may stand in the reason. */
const LONGEST = 300

type Gathered = { since: number; times: number; line: Line }
type Heap = Map<string, Gathered>

const heaps = new WeakMap<Shell, Heap>()

function heapOf(shell: Shell): Heap {
  const heap = heaps.get(shell) ?? new Map<string, Gathered>()
  heaps.set(shell, heap)
  return heap
}

/** Writes down that a call was refused, so that nobody fills the disk with calls that are: at most one line for each trigger, reason and ten seconds. */
export async function noteRefused({ shell }: Pick<Runner, 'shell'>, door: Door, knock: Knock, fault: Fault): Promise<void> {
  const heap = heapOf(shell)
  const name = `${door.id} ${fault.code}`
  const line = await lineOf(shell, door, knock, fault)
  const before = heap.get(name)
  // What is refused because too much is to be written is not written at once.
  const now = fault.status < 500 && before === undefined
  heap.set(name, { since: before?.since ?? shell.world.clock.now(), times: (before?.times ?? 0) + (now ? 0 : 1), line })
  if (now) await put(shell, [line])
}

async function lineOf({ values }: Shell, { id, workspace }: Door, knock: Knock, fault: Fault): Promise<Line> {
  const { code, message } = fault
  const why = { code, message: message.slice(0, LONGEST) }
  const line = { trigger: id, outcome: 'refused' as const, why, call: shownCall(knock) }
  if (!(fault instanceof Unfit) || measure(fault.input, KEPT) < 0) return line
  const input: Held = await values.hold(workspace, fault.input)
  return { ...line, input }
}

/** The caller is told what was refused, whether or not that could be written down. */
async function put(shell: Shell, lines: readonly Line[]): Promise<void> {
  try {
    await note(shell, lines)
  } catch (err) {
    shell.world.log.warn({ err, lines: lines.length }, 'calls that were refused could not be written down')
  }
}

/** Writes what has been gathered long enough, or all of it. */
async function settle(shell: Shell, all: boolean): Promise<void> {
  const now = shell.world.clock.now()
  const lines: Line[] = []
  const heap = heapOf(shell)
  for (const [name, { since, times, line }] of heap) {
    if (!all && now - since < TOGETHER && now >= since) continue
    heap.delete(name)
    if (times === 0) continue
    lines.push({ ...line, times })
    heap.set(name, { since: now, times: 0, line })
  }
  await put(shell, lines)
}

/** Writes down again and again what was refused, and a last time when the server stops. */
export function watchRefused({ app }: Frame, { shell, tend }: Runner): void {
  tend(() => settle(shell, false), EVERY)
  app.addHook('onClose', () => settle(shell, true))
}

/** Writes down what was refused before it was known what it is. */
export async function noteUnheard(runner: Runner, knock: Knock, fault: Fault): Promise<void> {
  const key = knock.params.key ?? ''
  try {
    // Whoever comes too often makes no work for the database.
    const door = await (fault.code === 'request.too_many' ? lastDoor(runner.shell, key) : findDoor(runner.shell, key))
    if (door) await noteRefused(runner, door, knock, fault)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'hook.not_found') throw error
  }
}
