import { Fault } from '#errors.ts'
import { releaseDead } from '#models/budgets/sweep.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import type { World } from '#world.ts'
import { type Accepted, accept, type Wanted } from './accept.ts'
import { earsOf } from './ears.ts'
import { tellEnds } from './ends.ts'
import { drain, makeShell, type Shell, type ShellLimits } from './shell.ts'
import { type Sweeper, startSweeper } from './sweep.ts'

/** Runs executions in this process. */
export type Runner = {
  readonly shell: Shell
  accept(wanted: Wanted, input: unknown): Promise<Accepted>
  /** Does something again and again, until it stops; what is answered makes it do so at once. */
  tend: Sweeper['tend']
  /** Stops taking, lets what runs come to a point where it can be left, and writes everything down. */
  stop(): Promise<void>
}

/** For nodes that are in the middle of something when the server stops. */
const PATIENCE = 6_000
/** How long an owner may be silent before others take over. */
const LEASE = 15_000
/** How often is looked up what workspaces have under way elsewhere. */
const LOAD = 2_000
/** How often is let go of what those have reserved who are not there any more. */
const DEAD = 10_000

/** Starts to run what is in the database and what is accepted from now on. */
export async function startRunner(world: World, limits: ShellLimits = limitsOf(world)): Promise<Runner> {
  const shell = makeShell(world, limits)
  // The lock on the folder says that nobody else runs on the embedded database: who owned something is dead.
  if (world.database.kind === 'sqlite')
    await world.db
      .updateTable('executions')
      .set({ lease_until: 0, due_at: 0 })
      .where('due_at', 'is not', null)
      .where('lease_until', 'is not', null)
      .execute()
  shell.queue.hear(() => drain(shell))
  tellEnds(shell)
  const sweeper = startSweeper(shell)
  sweeper.tend(() => shell.load.look(), LOAD, LOAD / 4)
  sweeper.tend(async () => void (await releaseDead(world)), DEAD, DEAD / 4)
  listenForEars(shell, sweeper)
  return { shell, accept: (wanted, input) => accept(shell, wanted, input), tend: sweeper.tend, stop: () => stop(shell, sweeper) }
}

/** Others publish without our being told; on the embedded database there are no others. */
const LOOKS = { sqlite: 60_000, postgres: 1_000 }

/** Who listens is looked up when something is published here, and else now and then. */
function listenForEars(shell: Shell, { tend }: Sweeper): void {
  const ears = earsOf(shell)
  const every = LOOKS[shell.world.database.kind]
  const look = tend(() => ears.look(), every, every / 4)
  shell.world.feed.listen(TRIGGERS, () => {
    ears.doubt()
    look()
  })
}

const limitsOf = ({ config }: World): ShellLimits => ({
  atOnce: config.executionsAtOnce,
  writes: 20_000,
  backlog: config.executionsBacklog,
  quota: config.executionsPerWorkspace,
  age: config.executionsBacklogMinutes * 60_000,
  lease: LEASE,
})

async function stop(shell: Shell, sweeper: Sweeper): Promise<void> {
  shell.closing = true
  await sweeper.stop()
  for (const run of [...shell.runs.values()]) shell.advance(run)
  const late = shell.world.clock.now() + PATIENCE
  while (shell.runs.size + shell.claiming.size > 0 && shell.world.clock.now() < late) await shell.pause(20)
  const left = [...shell.runs.values()]
  for (const run of left) shell.drop(run, new Fault('server.stopping', { retryAfter: 5 }))
  if (left.length === 0) return
  try {
    await letGo(shell)
  } catch (err) {
    shell.world.log.error({ err }, 'what was left could not be let go of; it is taken over when its time is up')
  }
}

/** What could not be brought to an end is left to whoever comes next, as after a crash. */
async function letGo({ world, owner }: Shell): Promise<void> {
  const now = world.clock.now()
  await world.db
    .updateTable('executions')
    .set(it => ({ lease_until: null, owner: null, due_at: now, epoch: it('epoch', '+', 1) }))
    .where('owner', '=', owner)
    .where('due_at', 'is not', null)
    .execute()
}
