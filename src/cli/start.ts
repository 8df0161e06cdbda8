import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { forgetExpired } from '#accounts/forget.ts'
import { makeApp } from '#app.ts'
import { Stop } from '#errors.ts'
import { type Frame, stopFrame } from '#http/frame.ts'
import { closeWorld } from '#open.ts'
import { sweep } from '#uploads/sweep.ts'
import type { World } from '#world.ts'
import type { Command } from './command.ts'

const HOUR = 3600_000

/** Starts the server. */
export const start: Command = {
  name: 'start',
  usage: 'start',
  about: 'Start the server.',
  async run(_args, at) {
    const world = await at.world()
    const frame = await makeApp(world)
    try {
      shrink()
      await listen(frame, world)
    } catch (error) {
      await closeWorld(world)
      throw error
    }
    world.log.info(
      { address: world.listening.address, database: world.database.kind, pid: process.pid },
      `PromptPilot is ready at ${world.place()}`,
    )
    const chores = setInterval(() => void tidy(world), HOUR).unref()
    void tidy(world)
    await signalled(world)
    clearInterval(chores)
    await stopFrame(frame)
    await closeWorld(world)
    world.log.info({}, 'PromptPilot has stopped')
    return 0
  },
}

/**
 * Gives back what only starting needed, before anybody waits for an answer: 100 ms for some 40 MB. The nursery of new objects
 * has grown to three times 16 MB by then, which an idle server would keep.
 */
function shrink(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

async function listen(frame: Frame, world: World): Promise<void> {
  const { host, port } = world.config
  try {
    const address = await frame.app.listen({ host, port })
    world.listening.address = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE')
      throw new Stop(`Port ${port} on ${host} is taken. Set PORT to another one, or to 0 for any that is free.`)
    if (code === 'EACCES') throw new Stop(`Port ${port} on ${host} may not be opened by this user. Choose one above 1023.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new Stop(`HOST=${host} is not an address of this machine.`)
    throw error
  }
}

async function tidy(world: World): Promise<void> {
  try {
    await forgetExpired(world)
    await sweep(world)
  } catch (error) {
    world.log.error({ err: error }, 'tidying up failed; it is tried again in an hour')
  }
}

/** Waits for the signal to stop; a second one ends the process at once. */
function signalled({ log }: World): Promise<void> {
  return new Promise(resolve => {
    let first = true
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!first) process.exit(1)
        first = false
        log.info({ signal }, 'stopping')
        void sleep(10_000, undefined, { ref: false }).then(() => process.exit(1))
        resolve()
      })
    }
  })
}
