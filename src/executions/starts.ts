import type { FastifyReply } from 'fastify'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { makeWindow, type Window } from '#http/window.ts'
import { type Starter, starterOf } from './accept.ts'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

const MINUTE = 60_000
/** What runs now may be over in so many seconds. */
const LATER = 5

/** What somebody may start: executions in a minute, and how many of them may be queued or running at once; null for as many as they like. */
type Allowed = { who: string; subject: string; perMinute: number | null; atOnce: number | null; of: Partial<Starter> }

type Counted = { window: Window; turns: Map<string, Promise<unknown>> }
const known = new WeakMap<Shell, Counted>()

function countedIn(shell: Shell): Counted {
  const counted = known.get(shell) ?? { window: makeWindow(MINUTE, shell.world.clock), turns: new Map() }
  known.set(shell, counted)
  return counted
}

/** Who asks to start something, and the answer that says how much is left, where there is one that can. */
type Asking = { caller: Member; reply: FastifyReply | null }

/**
 * Starts something for a person or a program, if they may: every process counts the minute for itself; what is under way is looked up.
 * Where that is limited, the starts of one go one after the other, so that many at once do not all find room.
 */
export async function startFor<T>(shell: Shell, { caller, reply }: Asking, start: () => Promise<T>): Promise<T> {
  let go = start
  for (const one of allowedOf(shell, caller)) {
    if (one.perMinute !== null) refuseSoon(shell, one, one.perMinute, reply)
    if (one.atOnce !== null) go = inTurn(shell, caller.workspace, one, one.atOnce, go)
  }
  return go()
}

function allowedOf({ world }: Shell, caller: Member): Allowed[] {
  const { memberStartsPerMinute, memberAtOnce, keyStartsPerMinute, keyAtOnce } = world.config
  const { user, key } = starterOf(caller)
  const some = (count: number) => (count === 0 ? null : count)
  const member = {
    who: 'A member',
    subject: `${caller.workspace} ${user}`,
    perMinute: some(memberStartsPerMinute),
    atOnce: some(memberAtOnce),
    of: { user },
  }
  if (key === null) return [member]
  const { perMinute = null, atOnce = null } = caller.starts ?? {}
  return [
    member,
    {
      who: 'The API key',
      subject: key,
      perMinute: perMinute ?? some(keyStartsPerMinute),
      atOnce: atOnce ?? some(keyAtOnce),
      of: { key },
    },
  ]
}

function refuseSoon(shell: Shell, { who, subject }: Allowed, most: number, reply: FastifyReply | null): void {
  const { used, left } = countedIn(shell).window.count(subject)
  const seconds = Math.max(1, Math.ceil(left / 1000))
  reply
    ?.header('ratelimit-limit', most)
    .header('ratelimit-remaining', Math.max(0, most - used))
    .header('ratelimit-reset', seconds)
  if (used > most)
    throw new Fault('request.too_many', {
      message: `${who} may start ${most} executions in a minute. Try again in ${seconds} s.`,
      retryAfter: seconds,
    })
}

function inTurn<T>(shell: Shell, workspace: string, one: Allowed, most: number, start: () => Promise<T>): () => Promise<T> {
  const { turns } = countedIn(shell)
  return async () => {
    const before = turns.get(one.subject)
    const going = (before ?? Promise.resolve()).then(async () => {
      const many = await underWay(shell, workspace, one.of)
      if (many >= most)
        throw new Fault('execution.at_once', {
          message: `${one.who} may have ${most} executions under way, and has ${many}.`,
          retryAfter: LATER,
        })
      return start()
    })
    const over = going.catch(() => {})
    turns.set(one.subject, over)
    void over.then(() => turns.get(one.subject) === over && turns.delete(one.subject))
    return going
  }
}

/** What this process runs is known to it; what waits, and what others run, stands in the database. */
async function underWay({ world, runs, owner }: Shell, workspace: string, { user, key }: Partial<Starter>): Promise<number> {
  const isTheirs = ({ row }: Run) =>
    row.workspace_id === workspace && (key === undefined ? row.user_id === user : row.key_id === key)
  let many = 0
  for (const run of runs.values()) if (isTheirs(run)) many += 1
  const { count } = await world.db
    .selectFrom('executions')
    .select(it => it.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspace)
    .where('status', 'in', ['queued', 'running'])
    .where('ended_at', 'is', null)
    .where(key === undefined ? 'user_id' : 'key_id', '=', (key === undefined ? user : key) ?? '')
    .where(it => it.or([it('owner', 'is', null), it('owner', '!=', owner)]))
    .executeTakeFirstOrThrow()
  return many + Number(count)
}
