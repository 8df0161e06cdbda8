import type { Runner } from '#executions/runner.ts'
import type { Shell } from '#executions/shell.ts'
import { makeWords, type Words } from './words.ts'

/** What the parts of this folder share in one process. */
export type Watch = {
  readonly shell: Shell
  readonly words: Words
  /** Triggers whose starts wait for an end, as far as this process knows. */
  readonly queued: Set<string>
  /** Triggers of which an execution has failed just now. */
  readonly failing: Set<string>
  /** The kinds of start that come from triggers that know their times. */
  readonly kinds: ReadonlySet<string>
}

/** Makes it for a process. */
export function makeWatch({ shell }: Pick<Runner, 'shell'>): Watch {
  const { library, database } = shell.world
  const starts = library.blocks.flatMap(({ start }) => (start?.by === 'time' ? [start.kind] : []))
  return { shell, words: makeWords(database.kind), queued: new Set(), failing: new Set(), kinds: new Set(starts) }
}
