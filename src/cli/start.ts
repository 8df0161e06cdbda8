import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { forgetExpired } from '#accounts/forget.ts'
import { makeApp } from '#app.ts'
import type { Config } from '#config.ts'
import { Stop } from '#errors.ts'
import { forgetExecutions } from '#executions/retention.ts'
import { startRunner } from '#executions/runner.ts'
import { sweepHeap } from '#heap.ts'
import { type Frame, stopFrame } from '#http/frame.ts'
import type { Log } from '#log.ts'
import { closeWorld } from '#open.ts'
import { forgetFires } from '#triggers/ledger.ts'
import { sweep } from '#uploads/sweep.ts'
import type { World } from '#world.ts'
import type { Command } from './command.ts'

const HOUR = 3600_000

/** Whoever runs us kills us after ten seconds, as a rule. */
const PATIENCE = 9_800

/** Starts the server. */
export const start: Command = {
  name: 'start',
  usage: 'start',
  about: 'Start the server.',
  async run(_args, at) {
    const stopped = signalled(at.log)
    await tryPort(at.config)
    const world = await at.world()
    const runner = await startRunner(world)
    const frame = await makeApp(world, runner)
    try {
      shrink()
      await listen(frame, world)
    } catch (error) {
      await runner.stop()
      await closeWorld(world)
      throw error
    }
    const { address } = world.listening
    const words = `PromptPilot is ready at ${world.place()}`
    if (['debug', 'info'].includes(at.config.logLevel))
      world.log.info({ address, database: world.database.kind, pid: process.pid }, words)
    // Whoever wants no such lines in the log must still be told the address.
    else at.say(world.place() === address ? words : `${words}, listening on ${address}`)
    let chore = tidy(world)
    const chores = setInterval(() => {
      chore = tidy(world)
    }, HOUR)
    await stopped
    clearInterval(chores)
    // What asks for the end of an execution is answered by it, so both go on together to their ends.
    await Promise.all([stopFrame(frame), runner.stop()])
    await chore
    await closeWorld(world)
    world.log.info({}, 'PromptPilot has stopped')
    return 0
  },
}

/** Under load the heap may grow by half over what is alive before it is swept; V8's own fourfold takes 140 MB more for a tenth more speed. */
const GROWTH = 50

/**
 * Gives back what only starting needed, before anybody waits for an answer: 100 ms for some 40 MB. The nursery of new objects
 * has grown to three times 16 MB by then, which an idle server would keep.
 */
function shrink(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
  sweepHeap()
}

/** Before anything is opened: a server that cannot listen should not have touched the database. */
async function tryPort({ host, port }: Config): Promise<void> {
  const server = createServer()
  await explained(host, port, async () => {
    server.listen({ host: addressFor(host), port })
    await once(server, 'listening')
  })
  server.close()
  await once(server, 'close')
}

async function listen({ app }: Frame, { config: { host, port }, listening }: World): Promise<void> {
  const address = await explained(host, port, () => app.listen({ host: addressFor(host), port }))
  listening.address = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost')
}

/** By its name Fastify would listen twice, and the second server would know nothing of our limits and of stopping. */
const addressFor = (host: string) => (host === 'localhost' ? '127.0.0.1' : host)

async function explained<T>(host: string, port: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE')
      throw new Stop(`Port ${port} on ${host} is taken. Set PORT to another one, or to 0 for any that is free.`)
    if (code === 'EACCES') throw new Stop(`Port ${port} on ${host} may not be opened by this user. Choose one above 1023.`)
    if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL'].includes(code))
      throw new Stop(`HOST=${host} is not an address of this machine.`)
    throw error
  }
}

async function tidy(world: World): Promise<void> {
  try {
    await forgetExpired(world)
    await forgetExecutions(world)
    await forgetFires(world)
    await sweep(world)
  } catch (error) {
    world.log.error({ err: error }, 'tidying up failed; it is tried again in an hour')
  }
}

/** Waits for the signal to stop, from the first moment on; a second one ends the process at once. */
function signalled(log: Log): Promise<void> {
  return new Promise(resolve => {
    let first = true
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!first) process.exit(1)
        first = false
        log.info({ signal }, 'stopping')
        void sleep(PATIENCE, undefined, { ref: false }).then(() => process.exit(1))
        resolve()
      })
    }
  })
}
