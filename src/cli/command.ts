import type { Config } from '#config.ts'
import type { Log } from '#log.ts'
import type { World } from '#world.ts'

/** What a command is given. `world()` opens everything the server has, without listening; with `share`, beside a running server. */
export type At = {
  config: Config
  log: Log
  say: (line: string) => void
  world: (options?: { share?: boolean }) => Promise<World>
}

/** One command of `promptpilot`; answers with the exit code. */
export type Command = { name: string; usage: string; about: string; run: (args: string[], at: At) => Promise<number> }
