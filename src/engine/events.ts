/** A value as it stands in the journal: itself, where it is kept when it is large, or the results of a container's turns. */
export type Held = { value: unknown } | { ref: string; bytes: number } | { list: Held[] }

/** Why something failed, for a person and for a program; that of an execution says where. */
export type Failure = { code: string; message: string; path?: Path; details?: unknown }

/** What a waiting activation waits for; of a child, which execution. */
export type Wait = { kind: 'time' | 'approval' | 'callback' | 'child' | 'permission'; until: number | null; child?: string }

/** What a call of a model took. Money in millionths of a dollar; null where the price is not known. */
export type Usage = {
  model: string
  inputTokens: number
  outputTokens: number
  /** Of the input, what the provider had in its cache; of the output, what it only thought. */
  cachedTokens?: number
  reasoningTokens?: number
  cost: number | null
  /** What it was asked for; an answer unless said. */
  kind?: 'embed' | 'draw' | 'moderate'
}

/** What an attempt leaves besides its result: when it began, the lines it logged, what it used, and of an answer that broke off what had come. */
type Trace = { from: number; lines?: string[]; usage?: Usage[]; partial?: string }

/** What a person is asked after a crash: it happened and this came of it, do it again, or count it as failed. */
export type Answer = 'happened' | 'repeat' | 'fail'

/** A node inside a container that is to run, and what it is given as `item`. */
export type Call = { node: string; item: Held }

/** Where an execution runs: in a loop, `each[3].post` is the node `post` of the fourth turn of `each`. */
export type Path = string

/**
 * Everything that can happen to an execution, in the past tense. Events are forever: a type never changes its meaning, it gets
 * a successor, and `fold` keeps both.
 */
export type Event =
  | { type: 'accepted'; at: number; trigger: string; input: Held; deadline: number | null }
  /** Somebody goes on with it after nobody did for a while; that while does not count as work. */
  | { type: 'resumed'; at: number }
  /** Only for what must not be repeated: it is on disk before the node starts. */
  | { type: 'started'; at: number; path: Path; attempt: number }
  /** `also`: more outlets that are left by at the same time. `cached`: nothing was run, because the same had been put out for the same before. */
  | ({
      type: 'done'
      at: number
      path: Path
      attempt: number
      outlet: string
      also?: string[]
      output: Held
      reply?: Held
      stop?: Stop
      cached?: true
    } & Trace)
  | ({ type: 'failed'; at: number; path: Path; attempt: number; failure: Failure; retryAt: number | null } & Trace)
  | ({ type: 'suspended'; at: number; path: Path; attempt: number; wait: Wait } & Trace)
  /** A container knows its turns: how many, how many at once, and what a failing one means. */
  | { type: 'opened'; at: number; path: Path; list: Held; most: number; atOnce: number; onItemError: 'stop' | 'skip' | 'collect' }
  /** A turn has ended with its result; `again` asks for one more. */
  | { type: 'turned'; at: number; path: Path; result: Held; again: boolean }
  /** A container wants these of its nodes to run, and to be run again with what came of them; `said` is what it wants to know then. */
  | ({ type: 'called'; at: number; path: Path; attempt: number; said: Held; calls: Call[]; atOnce: number } & Trace)
  /** A person has allowed what was asked for before it began. */
  | { type: 'allowed'; at: number; path: Path; by: string }
  /** After a crash nobody knows whether it happened, so a person is asked. */
  | { type: 'asked'; at: number; path: Path }
  | { type: 'answered'; at: number; path: Path; answer: Answer; by: string }
  /** The failed nodes may try again; from here on with another version of the workflow, if one is named. */
  | { type: 'revived'; at: number; by: string; version?: string }
  | { type: 'finished'; at: number; outcome: Outcome; failure: Failure | null }

/** How an execution ends. */
export type Outcome = 'completed' | 'failed' | 'cancelled'

/** A node may end the whole execution. */
export type Stop = { outcome: 'completed' | 'failed'; message: string }
