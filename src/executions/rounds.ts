import type { Cell } from '#engine/state.ts'
import type { Round } from '#sdk/context.ts'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

/** What a container that calls has said, and what came of it. */
export async function roundsOf(shell: Shell, run: Run, { turns }: Cell): Promise<Round[]> {
  const rounds: Round[] = []
  for (const [at, { said, before }] of (turns?.rounds ?? []).entries()) {
    const held = turns?.results.slice(before, turns.rounds[at + 1]?.before ?? turns.begun) ?? []
    const results: unknown[] = []
    for (const one of held) results.push(one === null ? null : await shell.values.read(run.workspace, one))
    rounds.push({ said: await shell.values.read(run.workspace, said), results })
  }
  return rounds
}
