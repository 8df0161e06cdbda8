import { Fault } from '#errors.ts'
import { errorOf } from './failure.ts'
import type { Link } from './link.ts'
import type { Outcome, Statement } from './thread.ts'

/** A transaction that holds the writer until it ends. */
export type Held = {
  run(statement: Statement): Promise<Outcome>
  commit(): Promise<void>
  /** Undoes what is not committed, and lets the next one write. */
  undo(): Promise<void>
}

/** The one that writes. Whoever wants to stands in line, in the order of asking. */
export type Writer = {
  /** One statement that is its own transaction. With `together` it may share its commit with neighbours in the line. */
  run(statement: Statement, together: boolean): Promise<Outcome>
  /** Groups with one commit for all of them; one outcome for each. */
  groups(statements: Statement[]): Promise<Outcome[]>
  begin(): Promise<Held>
}

/** A place in the line; without a job it is a transaction's. */
type Turn = {
  job: { statements: Statement[]; task: 'alone' | 'together' | 'groups' } | null
  give: (outcomes: Outcome[]) => void
  fail: (error: Error) => void
  timer: NodeJS.Timeout | undefined
}

/** A crowd of statements shares one fsync, but must not keep a transaction waiting for long. */
const MOST_TOGETHER = 100
const DONE: Outcome = { rows: [], changes: undefined }

/** Puts a line before the writing thread. `patience` is how long one may stand in it, in milliseconds. */
export function makeWriter(link: Link, patience = 30_000): Writer {
  const line: Turn[] = []
  let busy = false

  const turn = (job: Turn['job']) =>
    new Promise<Outcome[]>((give, fail) => {
      const leave = () => {
        line.splice(line.indexOf(it), 1)
        fail(tired(patience))
      }
      const it: Turn = { job, give, fail, timer: busy ? setTimeout(leave, patience) : undefined }
      line.push(it)
      next()
    })

  function next(): void {
    const crowd = busy ? [] : line.splice(0, together(line))
    for (const { timer } of crowd) clearTimeout(timer)
    const [head] = crowd
    if (head === undefined) return
    busy = true
    if (head.job === null) head.give([])
    else void write(crowd)
  }

  async function write(crowd: Turn[]): Promise<void> {
    try {
      const [head] = crowd
      if (head?.job?.task === 'groups') {
        head.give(await link.ask('groups', head.job.statements))
        return
      }
      const statements = crowd.flatMap(({ job }) => job?.statements ?? [])
      const outcomes = await link.ask(crowd.length > 1 ? 'together' : 'alone', statements)
      for (const [at, { give }] of crowd.entries()) give([outcomes[at] ?? DONE])
    } catch (error) {
      for (const { fail } of crowd) fail(error instanceof Error ? error : new Error(String(error)))
    } finally {
      release()
    }
  }

  function release(): void {
    busy = false
    next()
  }

  return {
    async run(statement, together) {
      const [outcome = DONE] = await turn({ statements: [statement], task: together ? 'together' : 'alone' })
      return outcome
    },
    groups: statements => turn({ statements, task: 'groups' }),
    async begin() {
      await turn(null)
      return hold(link, release)
    },
  }
}

/** How many at the head of the line may go at once. */
function together(line: Turn[]): number {
  const count = line.slice(0, MOST_TOGETHER).findIndex(({ job }) => job?.task !== 'together')
  return count === -1 ? Math.min(line.length, MOST_TOGETHER) : Math.max(count, 1)
}

async function hold(link: Link, release: () => void): Promise<Held> {
  const ask = async (task: 'begin' | 'inside' | 'commit' | 'undo', statements: Statement[] = []) => {
    const [outcome = DONE] = await link.ask(task, statements)
    return outcome
  }
  const done = (outcome: Outcome) => {
    if ('failure' in outcome) throw errorOf(outcome.failure)
  }
  const undo = async () => {
    try {
      done(await ask('undo'))
    } finally {
      release()
    }
  }
  try {
    done(await ask('begin'))
  } catch (error) {
    release()
    throw error
  }
  return {
    run: statement => ask('inside', [statement]),
    async commit() {
      done(await ask('commit'))
      release()
    },
    undo,
  }
}

const tired = (patience: number) =>
  new Fault('server.busy', {
    retryAfter: 1,
    cause: new Error(
      `Nothing could be written for ${patience / 1_000} s: a transaction holds the database. Either it does slow work that belongs ` +
        'before or after it, or it called the plain `db` instead of its own `trx`, and so waits for itself.',
    ),
  })
