import type { Approval } from '#sdk/ending.ts'
import type { Attempt } from './node.ts'
import { requested, waitRow } from './pause.ts'
import type { Run } from './run.ts'
import { type Settled, traceOf } from './settle.ts'
import type { Shell } from './shell.ts'

/** More of what a node would do is not shown to the one who is asked. */
const LONGEST = 8_000

/** What cannot go on before a person has allowed it. */
export class Unallowed extends Error {
  override readonly name = 'Unallowed'
  readonly ask: Pick<Approval, 'title' | 'message'>

  constructor(ask: Pick<Approval, 'title' | 'message'>) {
    super(ask.title)
    this.ask = ask
  }
}

/** Asks whether a node may run, and shows with what. */
export async function askFirst(shell: Shell, run: Run, it: Attempt, input: Promise<unknown>): Promise<Settled> {
  const { node } = it.cell
  const name = run.ready.drawn.nodes.find(one => one.id === node.id)?.name || node.key
  const given = JSON.stringify(await input, null, 2)
  const shown = given.length > LONGEST ? `${given.slice(0, LONGEST)} …` : given
  return waitForPermission(shell, run, it, { title: `May “${name}” run?`, message: `${it.part.block.title}, with\n\n${shown}` })
}

/** Writes down that a node waits for a person to allow it. */
export function waitForPermission(shell: Shell, run: Run, it: Attempt, ask: Unallowed['ask']): Settled {
  const approval: Approval = { ...ask, assignees: [], fields: [], remindAt: null }
  // Each question is another one: an answer that was given to the one before must not count.
  const row = { ...waitRow(shell, run, it, 'permission', null, approval), id: shell.world.ids.next('wai') }
  return {
    event: { type: 'suspended', ...traceOf(shell, it), wait: { kind: 'permission', until: null } },
    extra: [shell.sentences.wait(row), requested(shell, run, row.id, approval, null)],
  }
}
