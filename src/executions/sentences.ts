import type { Database, Storable } from '#db/db.ts'
import type { Tables } from '#db/tables.ts'
import type { Statement } from './run.ts'

/** The statements of the hot path, in SQL: composing each anew would take longer than all else that is done for a short execution. */
export type Sentences = {
  insert(row: Tables['executions']): Statement
  segment(id: string, seq: number, events: string): Statement
  /** Goes on: only if the one who writes still owns it. */
  progress(id: string, epoch: number, to: Progress): Statement
  /** Lets go of it, or ends it. Where a signal came that was not heard, it is due at once. */
  settle(id: string, epoch: number, to: Progress & Settled): Statement
  /** Something waits; an earlier wait of the same place that is over gives way. */
  wait(row: Tables['waits']): Statement
  take(execution: string, id: string): Statement
  /** The parent's wait has an answer. */
  answer(child: string, heard: string, now: number): Statement
  signal(id: string, now: number): Statement
  /** What was started for an execution that has ended, and waited for, is cancelled. */
  orphan(parent: string, by: string, now: number): Statement
  /** A call of a webhook that is taken once; the same call counts again when the last one is older than `since`. */
  once(trigger: string, key: string, execution: string, now: number, since: number): Statement
  /** A line of the ledger; changes nothing where it is there already. */
  fire(row: Tables['fires']): Statement
  /** What happened, for those who listen. */
  happen(row: Tables['happenings']): Statement
  /** The same, for what others may have written already; changes nothing where it is there. */
  known(row: Tables['happenings']): Statement
  /** What happened is over: everybody who listens was started. Changes nothing where that was so. */
  close(happening: string): Statement
  /** What happened, only where the workspace names a workflow for executions that fail. */
  failed(row: Tables['happenings'], workspace: string): Statement
  /** From one planned time of a trigger to the next, for the first who does it. */
  slot(trigger: string, from: number, to: number | null, dueAt: number | null): Statement
  /** What a node has put out, for the next time it is given the same. */
  keep(workspace: string, hash: string, outlet: string, output: string, now: number, until: number): Statement
  value(execution: string, workspace: string, hash: string, bytes: number): Statement
  /** A line of a memory. */
  remember(row: Tables['memories']): Statement
  /** Drops of a memory what is older than its newest lines. */
  forget(workspace: string, place: string, key: string, kept: number): Statement
}

/** How far an execution has come. `seq` is the segment that is written with it; `deaths` is 0 again where something was done. */
type Progress = { seq: number; done: number; atNode: string | null; bytes: number; status: string; deaths: number }

type Settled = { now: number; heard: number; dueAt: number | null; endedAt: number | null; failure: string | null }

const COLUMNS = [
  'id',
  'workspace_id',
  'workflow_id',
  'version_id',
  'version',
  'status',
  'start',
  'trigger_id',
  'node_id',
  'parent_id',
  'parent_path',
  'depth',
  'lane',
  'forked_from',
  'created_at',
  'started_at',
  'ended_at',
  'seq',
  'epoch',
  'owner',
  'lease_until',
  'due_at',
  'signals',
  'deaths',
  'cancelled_by',
  'total',
  'done',
  'at_node',
  'failure',
  'bytes',
  'user_id',
  'key_id',
] as const satisfies (keyof Tables['executions'])[]

const WAITS = [
  'id',
  'workspace_id',
  'execution_id',
  'path',
  'kind',
  'until',
  'token',
  'ask',
  'child_id',
  'created_at',
  'heard_at',
  'heard',
  'taken',
  'remind_at',
  'told',
] as const satisfies (keyof Tables['waits'])[]

const FIRES = [
  'trigger_id',
  'id',
  'at',
  'slot_at',
  'outcome',
  'why',
  'execution_id',
  'call',
  'input',
  'times',
] as const satisfies (keyof Tables['fires'])[]

const HAPPENINGS = [
  'id',
  'workspace_id',
  'name',
  'data',
  'at',
  'depth',
  'cause',
  'open',
] as const satisfies (keyof Tables['happenings'])[]

const MEMORIES = [
  'id',
  'workspace_id',
  'place',
  'key',
  'role',
  'text',
  'execution_id',
  'at',
] as const satisfies (keyof Tables['memories'])[]

/** The statements in the words of a database. */
export function makeSentences(kind: Database['kind']): Sentences {
  const say = (text: string) => {
    let count = 0
    const sql = kind === 'postgres' ? text.replace(/\?/g, () => `$${++count}`) : text
    return (...values: Storable[]): Statement => ({ sql, values })
  }
  const marks = (columns: readonly string[]) => columns.map(() => '?').join(', ')
  const insert = say(`insert into executions (${COLUMNS.join(', ')}) values (${marks(COLUMNS)})`)
  const segment = say('insert into journal (execution_id, seq, events) values (?, ?, ?)')
  const progress = say(
    `update executions set seq = ?, done = ?, at_node = ?, bytes = bytes + ?, status = ?, deaths = ?
    where id = ? and epoch = ? and seq = ?`,
  )
  const settle = say(
    `update executions set seq = ?, done = ?, at_node = ?, bytes = bytes + ?, status = ?, deaths = ?, owner = null, lease_until = null,
    ended_at = ?, failure = ?, due_at = case when signals > ? then cast(? as bigint) else cast(? as bigint) end
    where id = ? and epoch = ? and seq = ?`,
  )
  const wait = say(
    `insert into waits (${WAITS.join(', ')}) values (${marks(WAITS)}) on conflict (id) do update set kind = excluded.kind,
    until = excluded.until, token = excluded.token, ask = excluded.ask, child_id = excluded.child_id, created_at = excluded.created_at,
    heard_at = null, heard = null, taken = 0, remind_at = excluded.remind_at, told = 0 where waits.taken = 1`,
  )
  const take = say('update waits set taken = 1 where execution_id = ? and id = ?')
  const answer = say('update waits set heard_at = ?, heard = ? where child_id = ? and heard_at is null')
  const signal = say(
    `update executions set signals = signals + 1, due_at = case when due_at is null or due_at > ? then ? else due_at end
    where id = ? and ended_at is null`,
  )
  const orphan = say(
    `update executions set signals = signals + 1, cancelled_by = ?, due_at = ?
    where parent_id = ? and parent_path is not null and ended_at is null`,
  )
  const once = say(
    `insert into hook_calls (trigger_id, key_hash, execution_id, at) values (?, ?, ?, ?) on conflict (trigger_id, key_hash)
    do update set execution_id = excluded.execution_id, at = excluded.at where hook_calls.at < ?`,
  )
  const fire = say(`insert into fires (${FIRES.join(', ')}) values (${marks(FIRES)}) on conflict (trigger_id, id) do nothing`)
  const happen = say(`insert into happenings (${HAPPENINGS.join(', ')}) values (${marks(HAPPENINGS)})`)
  const known = say(`insert into happenings (${HAPPENINGS.join(', ')}) values (${marks(HAPPENINGS)}) on conflict (id) do nothing`)
  const close = say('update happenings set open = 0 where id = ? and open = 1')
  const failed = say(
    `insert into happenings (${HAPPENINGS.join(', ')}) select ?, ?, ?, ?, cast(? as bigint), cast(? as bigint), ?, cast(? as bigint)
    from workspaces where id = ? and on_failure is not null`,
  )
  const slot = say('update triggers set slot_at = ?, due_at = ? where id = ? and slot_at = ?')
  const keep = say(
    `insert into kept_outputs (workspace_id, hash, outlet, output, at, until) values (?, ?, ?, ?, ?, ?)
    on conflict (workspace_id, hash) do update set outlet = excluded.outlet, output = excluded.output, at = excluded.at, until = excluded.until`,
  )
  const value = say(
    'insert into held_values (execution_id, workspace_id, hash, bytes) values (?, ?, ?, ?) on conflict (execution_id, hash) do nothing',
  )
  const remember = say(`insert into memories (${MEMORIES.join(', ')}) values (${marks(MEMORIES)})`)
  const forget = say(
    `delete from memories where workspace_id = ? and place = ? and key = ? and id < (select id from memories
    where workspace_id = ? and place = ? and key = ? and role <> 'summary' order by id desc limit 1 offset ?)`,
  )
  return {
    insert: row => insert(...COLUMNS.map(name => row[name])),
    segment,
    progress: (id, epoch, { seq, done, atNode, bytes, status, deaths }) =>
      progress(seq, done, atNode, bytes, status, deaths, id, epoch, seq - 1),
    settle: (id, epoch, { seq, done, atNode, bytes, status, deaths, now, heard, dueAt, endedAt, failure }) =>
      settle(
        seq,
        done,
        atNode,
        bytes,
        status,
        deaths,
        endedAt,
        failure,
        endedAt === null ? heard : 2 ** 50,
        now,
        dueAt,
        id,
        epoch,
        seq - 1,
      ),
    wait: row => wait(...WAITS.map(name => row[name])),
    take: (execution, id) => take(execution, id),
    answer: (child, heard, now) => answer(now, heard, child),
    signal: (id, now) => signal(now, now, id),
    orphan: (parent, by, now) => orphan(by, now, parent),
    once,
    fire: row => fire(...FIRES.map(name => row[name])),
    happen: row => happen(...HAPPENINGS.map(name => row[name])),
    known: row => known(...HAPPENINGS.map(name => row[name])),
    close,
    failed: (row, workspace) => failed(...HAPPENINGS.map(name => row[name]), workspace),
    slot: (trigger, from, to, dueAt) => slot(to, dueAt, trigger, from),
    keep,
    value,
    remember: row => remember(...MEMORIES.map(name => row[name])),
    forget: (workspace, place, key, kept) => forget(workspace, place, key, workspace, place, key, kept - 1),
  }
}
