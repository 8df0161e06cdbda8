import { readdir } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { type Config, surroundings } from './config.ts'
import { openDatabase } from './db/db.ts'
import { memoryFeed } from './feed/memory.ts'
import { diskFiles } from './files/disk.ts'
import { makeMetrics } from './http/metrics.ts'
import { makeOutbound } from './http/outbound.ts'
import { type Clock, sortableIds, systemClock } from './ids.ts'
import type { Log } from './log.ts'
import type { Mail } from './mail/mail.ts'
import { printMail } from './mail/print.ts'
import { makeModels } from './models/models.ts'
import { memoryQueue } from './queue/memory.ts'
import { makeApart } from './sandbox/apart.ts'
import { makePrograms } from './sandbox/program.ts'
import { makeSandbox } from './sandbox/sandbox.ts'
import type { Connector } from './sdk/define.ts'
import { type Library, makeLibrary } from './sdk/library.ts'
import { openVault } from './vault/vault.ts'
import type { World } from './world.ts'

/** Opens everything the settings name; the only place that knows which of two worlds each thing is. */
export async function openWorld(
  config: Config,
  log: Log,
  { share = false, clock = systemClock }: { share?: boolean; clock?: Clock } = {},
): Promise<World> {
  const database = await openDatabase({
    url: config.databaseUrl,
    dir: config.dataDir,
    pool: config.databasePool,
    durability: config.durability,
    log,
    clock,
    share,
  })
  try {
    const { db } = database
    const host = isIPv6(config.host) ? `[${config.host}]` : config.host
    const listening = { address: `http://${host}:${config.port}` }
    const vault = await openVault({ db, config, log })
    const outbound = makeOutbound({ allow: config.outboundAllow, log })
    // Only for the one address of an Ollama on this machine, which nobody can change.
    const near = makeOutbound({ allow: ['127.0.0.1'], log })
    return {
      config,
      db,
      database,
      clock,
      log,
      listening,
      ids: sortableIds(clock),
      queue: memoryQueue(),
      feed: memoryFeed(),
      files: await diskFiles({
        root: config.filesUrl ?? join(config.dataDir, 'files'),
        clock,
        log,
        durability: config.durability,
      }),
      mail: await openMail(config, log, listening.address),
      vault,
      library: await loadLibrary(),
      outbound,
      models: makeModels({ db, vault, outbound, near }),
      sandbox: makeSandbox({ log, clock }),
      apart: makeApart(),
      programs: makePrograms({ allowed: config.mcpCommands, env: surroundings() }),
      metrics: makeMetrics(),
      place: () => config.publicUrl?.replace(/\/$/, '') ?? listening.address,
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Closes what was opened, in the order that loses nothing. */
export async function closeWorld(world: World): Promise<void> {
  await world.queue.close()
  await world.feed.close()
  await world.mail.close()
  await world.programs.close()
  await world.sandbox.close()
  await world.apart.close()
  await world.outbound.close()
  await world.models.close()
  await world.database.close()
}

async function openMail({ smtpUrl, mailFrom, publicUrl }: Config, log: Log, address: string): Promise<Mail> {
  if (!smtpUrl) return printMail(log)
  const { smtpMail } = await import('./mail/smtp.ts')
  return smtpMail(smtpUrl, mailFrom || `PromptPilot <promptpilot@${new URL(publicUrl ?? address).hostname}>`)
}

/** The folder is the registry: `blocks/<name>/<name>.ts` adds a connector. */
export async function loadLibrary(): Promise<Library> {
  const here = new URL('./blocks/', import.meta.url)
  const folders = (await readdir(here, { withFileTypes: true })).filter(entry => entry.isDirectory())
  const names = folders.map(({ name }) => name).toSorted()
  const modules = await Promise.all(
    names.map((name): Promise<{ default: Connector }> => import(String(new URL(`${name}/${name}.ts`, here)))),
  )
  return makeLibrary(modules.map(it => it.default))
}
