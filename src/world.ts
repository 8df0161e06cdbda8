import type { Kysely } from 'kysely'
import type { Config } from './config.ts'
import type { Database } from './db/db.ts'
import type { Tables } from './db/tables.ts'
import type { Feed } from './feed/feed.ts'
import type { Files } from './files/files.ts'
import type { Metrics } from './http/metrics.ts'
import type { Outbound } from './http/outbound.ts'
import type { Clock, Ids } from './ids.ts'
import type { Log } from './log.ts'
import type { Mail } from './mail/mail.ts'
import type { Models } from './models/models.ts'
import type { Queue } from './queue/queue.ts'
import type { Apart } from './sandbox/apart.ts'
import type { Programs } from './sandbox/program.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Library } from './sdk/library.ts'
import type { Vault } from './vault/vault.ts'

/** The few impure things, made once in `main.ts` and passed by hand. */
export type World = {
  config: Config
  db: Kysely<Tables>
  database: Database
  queue: Queue
  feed: Feed
  files: Files
  mail: Mail
  vault: Vault
  library: Library
  outbound: Outbound
  models: Models
  sandbox: Sandbox
  apart: Apart
  programs: Programs
  metrics: Metrics
  clock: Clock
  ids: Ids
  log: Log
  /** The address people reach us by, where a request must not be trusted to say it. */
  place: () => string
  /** Where this process listens; set when it does. */
  listening: { address: string }
}
