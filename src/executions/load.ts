import { Fault } from '#errors.ts'
import type { World } from '#world.ts'
import type { Run } from './run.ts'

/** How many executions may be in memory, and of one workspace be queued or running, and for how many milliseconds they may wait there. */
export type LoadLimits = { atOnce: number; quota: number; age: number }

/**
 * How much each workspace has under way: what is queued or runs. What only waits for a time or a person takes no room, and does
 * not count. Exact for what this process runs; what waits and what others run is looked up now and then, so with several
 * processes a workspace may come by as many too far as they start between two looks.
 */
export type Load = {
  /** The executions in the memory of this process; who comes and goes is counted. */
  readonly runs: Map<string, Run>
  /** Refuses what a workspace starts above its quota; a promise where nobody has looked yet what it has. */
  demand(workspace: string): undefined | Promise<void>
  /** An execution waits for its turn from now on. */
  queued(workspace: string): void
  /** May one more of the workspace be in memory, beside so many? */
  fits(workspace: string, taken: number): boolean
  /** Looks up what this process cannot know, of the workspaces that are busy. */
  look(): Promise<void>
}

type Seen = {
  mine: number
  elsewhere: number
  /** Looked up at least once. */
  known: boolean
  /** Something was started since the last look. */
  busy: boolean
  quota: number
  /** Since when its oldest waits. */
  since: number | null
}

/** Of what may be in memory, so much more is for workspaces that have less than their share there while others fill it. */
const RESERVE = 10
/** What was refused may be tried again after so many seconds. */
const LATER = 5

class Runs extends Map<string, Run> {
  readonly #seen: (workspace: string) => Seen

  constructor(seen: (workspace: string) => Seen) {
    super()
    this.#seen = seen
  }

  override set(id: string, run: Run): this {
    const it = this.#seen(run.workspace)
    if (!this.has(id)) it.mine += 1
    if (run.fresh) it.busy = true
    else if (it.elsewhere > 0) it.elsewhere -= 1
    return super.set(id, run)
  }

  override delete(id: string): boolean {
    const run = this.get(id)
    if (run) this.#seen(run.workspace).mine -= 1
    return super.delete(id)
  }
}

/** Begins to count for a process. */
export function makeLoad({ db, clock }: Pick<World, 'db' | 'clock'>, owner: string, limits: LoadLimits): Load {
  const all = new Map<string, Seen>()
  const begun = clock.now()
  const reserve = Math.ceil(limits.atOnce / RESERVE)

  function seen(workspace: string): Seen {
    const before = all.get(workspace)
    if (before) return before
    const it = { mine: 0, elsewhere: 0, known: false, busy: false, quota: limits.quota, since: null }
    all.set(workspace, it)
    return it
  }

  async function lookAt(workspace: string, it: Seen): Promise<void> {
    it.busy = false
    const before = it.elsewhere
    const [own, oldest] = await Promise.all([
      db.selectFrom('workspaces').select('quota').where('id', '=', workspace).executeTakeFirst(),
      db
        .selectFrom('executions')
        .select('due_at')
        .where('workspace_id', '=', workspace)
        .where('status', '=', 'queued')
        .where('ended_at', 'is', null)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst(),
    ])
    it.quota = own?.quota ?? limits.quota
    it.since = oldest?.due_at ?? null
    const { count } = await db
      .selectFrom(from =>
        from
          .selectFrom('executions')
          .select('id')
          .where('workspace_id', '=', workspace)
          .where('status', 'in', ['queued', 'running'])
          .where('ended_at', 'is', null)
          .where(on => on.or([on('owner', 'is', null), on('owner', '!=', owner)]))
          .limit(it.quota + 1)
          .as('there'),
      )
      .select(from => from.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    // What came to wait during the look may not be in what it found.
    it.elsewhere = Number(count) + Math.max(0, it.elsewhere - before)
    it.known = true
  }

  function refuse(it: Seen): void {
    const many = it.mine + it.elsewhere
    if (many >= it.quota)
      throw new Fault('execution.quota', {
        message: `The workspace has ${many} executions that are queued or running, and may have ${it.quota}.`,
        retryAfter: LATER,
      })
    // Nobody could work on it while there was no server.
    const since = it.since === null ? null : Math.max(it.since, begun)
    if (since !== null && clock.now() - since > limits.age)
      throw new Fault('execution.backlog', {
        message: `Executions of the workspace have waited for their turn for ${Math.round((clock.now() - since) / 60_000)} minutes.`,
        retryAfter: LATER,
      })
  }

  return {
    runs: new Runs(seen),
    demand(workspace) {
      const it = seen(workspace)
      if (it.known) return void refuse(it)
      return lookAt(workspace, it).then(() => refuse(it))
    },
    queued(workspace) {
      const it = seen(workspace)
      it.elsewhere += 1
      it.busy = true
    },
    fits(workspace, taken) {
      if (taken < limits.atOnce) return true
      if (taken >= limits.atOnce + reserve) return false
      const mine = all.get(workspace)?.mine ?? 0
      let many = mine > 0 ? 0 : 1
      for (const one of all.values()) if (one.mine > 0) many += 1
      return many > 1 && mine < limits.atOnce / many
    },
    async look() {
      for (const [workspace, it] of all) {
        if (it.busy || it.elsewhere > 0) await lookAt(workspace, it)
        else if (it.mine === 0) all.delete(workspace)
      }
    },
  }
}
