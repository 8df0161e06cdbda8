import type { Shell } from '#executions/shell.ts'
import type { Member } from '#http/caller.ts'
import type { News } from './news.ts'
import type { ListPrompts } from './prompts.ts'

/** What every call works with. */
export type Desk = {
  shell: Shell
  version: string
  news: News
  prompts: ListPrompts
  /** The server is stopping: whoever is cut off now has not hung up. */
  stopping: AbortSignal
  /** The calls of tools that are not answered. */
  calls: Set<Promise<unknown>>
}

/** Who asks now. In a session the role may change from one question to the next. */
export type Who = { caller: Member }

/** Where a person sees an execution. */
export const executionUrl = ({ shell }: Pick<Desk, 'shell'>, id: string): string => `${shell.world.place()}/execution/${id}`

/** Where a person decides. */
export const approvalUrl = ({ shell }: Pick<Desk, 'shell'>, id: string): string => `${shell.world.place()}/approvals/${id}`
