import { access, constants, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Config } from '#config.ts'
import { messageOf } from '#errors.ts'
import { iso } from '#http/contract.ts'
import { type Clock, systemClock } from '#ids.ts'
import { closeWorld } from '#open.ts'
import type { World } from '#world.ts'
import type { At, Command } from './command.ts'

/** What was found about one thing: all is well, it wants attention, or it does not work. */
type Finding = { state: 'good' | 'look' | 'bad'; about: string; text: string }

const good = (about: string, text: string): Finding => ({ state: 'good', about, text })
const look = (about: string, text: string): Finding => ({ state: 'look', about, text })
const bad = (about: string, text: string): Finding => ({ state: 'bad', about, text })

const SIGN = { good: '✓', look: '!', bad: '✗' }
const GIB = 2 ** 30
const MINUTE = 60_000
/** Before this a clock is certainly wrong. */
const BUILT = Date.parse('2026-11-01')

/** Says what is wrong, in words. */
export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  about: 'Say what is wrong: disk, clock, key, database, permissions, mail.',
  async run(_args, at) {
    const { config } = at
    const findings = [node(), ...(await folder(config)), ...(await opened(at)), ...(await mail(config)), address(config)]
    for (const { state, about, text } of findings) at.say(`${SIGN[state]} ${about.padEnd(12)} ${text}`)
    const count = findings.filter(one => one.state === 'bad').length
    at.say(count === 0 ? '\nNothing is broken.' : `\n${count} ${count === 1 ? 'thing is' : 'things are'} broken.`)
    return count === 0 ? 0 : 1
  },
}

function node(): Finding {
  return good('Node', `${process.version} on ${process.platform} ${process.arch}.`)
}

async function folder({ dataDir }: Config): Promise<Finding[]> {
  const found = await stat(dataDir).catch(() => null)
  if (!found) return [look('data folder', `${dataDir} does not exist yet; the first start makes it.`)]
  if (!found.isDirectory()) return [bad('data folder', `${dataDir} is not a folder. Set DATA_DIR to one.`)]
  const findings: Finding[] = []
  const writable = await access(dataDir, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  findings.push(
    writable
      ? good('data folder', `${dataDir} can be written.`)
      : bad(
          'data folder',
          `${dataDir} cannot be written by this user (id ${process.getuid?.()}). Run: chown -R ${process.getuid?.()} ${dataDir}`,
        ),
  )
  if ((found.mode & 0o077) !== 0)
    findings.push(look('permissions', `${dataDir} can be read by other users of this machine. Run: chmod 700 ${dataDir}`))
  const key = await stat(join(dataDir, 'key')).catch(() => null)
  if (key && (key.mode & 0o077) !== 0)
    findings.push(bad('permissions', `The key file can be read by other users. Run: chmod 600 ${join(dataDir, 'key')}`))
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const text = `${(free / GIB).toFixed(1)} GiB are free.`
  findings.push(
    free < GIB / 10
      ? bad('disk', `${text} Writing will fail soon; free some space.`)
      : free < GIB
        ? look('disk', `${text} That is little.`)
        : good('disk', text),
  )
  return findings
}

/** The key, the database, the files and the clock, as the server itself would open them; beside one that runs. */
async function opened(at: At): Promise<Finding[]> {
  const { databaseUrl, dataDir } = at.config
  const isNew = databaseUrl === null && (await stat(join(dataDir, 'database.sqlite')).catch(() => null)) === null
  if (isNew) return [look('database', 'There is none yet; the first start makes it.'), sane(systemClock)]
  let world: World
  try {
    world = await at.world({ share: true })
  } catch (error) {
    return [bad('opening', messageOf(error).replaceAll('\n', '\n               '))]
  }
  try {
    const findings = [
      await attempt(
        'database',
        `${world.database.kind === 'sqlite' ? 'the embedded one' : 'PostgreSQL'}; it answers and can be written.`,
        () => world.database.check(),
      ),
    ]
    findings.push(good('key', `${world.vault.ring.from}; every credential can be read.`))
    findings.push(await attempt('files', 'can be written and read back.', () => world.files.check()))
    findings.push(await clock(world))
    return findings
  } finally {
    await closeWorld(world)
  }
}

async function attempt(about: string, text: string, check: () => Promise<void>): Promise<Finding> {
  try {
    await check()
    return good(about, text)
  } catch (error) {
    return bad(about, messageOf(error))
  }
}

async function clock({ db, clock: it }: World): Promise<Finding> {
  const row = await db
    .selectFrom('audit')
    .select(query => query.fn.max('at').as('last'))
    .executeTakeFirst()
  const last = Number(row?.last ?? 0)
  if (last > it.now() + MINUTE)
    return bad(
      'clock',
      `It says ${iso(it.now())}, but something happened at ${iso(last)}: it was put back. Check the time service.`,
    )
  return sane(it)
}

function sane({ now }: Clock): Finding {
  const said = iso(now())
  return now() < BUILT
    ? bad('clock', `It says ${said}, which is before this program was made. Set it right, or sessions and schedules go wrong.`)
    : good('clock', `${said}.`)
}

async function mail({ smtpUrl }: Config): Promise<Finding[]> {
  if (!smtpUrl) return [look('mail', 'SMTP_URL is not set: invitations and password links are printed in the log.')]
  const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000 })
  const found = await attempt(
    'mail',
    'the mail server answers and accepts the login.',
    async () => void (await transport.verify()),
  )
  transport.close()
  return [found]
}

function address({ publicUrl, host, trustedProxies }: Config): Finding {
  if (publicUrl?.startsWith('https:') && trustedProxies.length === 0)
    return look('address', `${publicUrl}; set TRUSTED_PROXIES to the proxy that speaks HTTPS, or every visitor has its address.`)
  if (!publicUrl && !['127.0.0.1', 'localhost', '::1'].includes(host))
    return look('address', 'PUBLIC_URL is not set: links start with whatever a request was sent to.')
  return good('address', publicUrl ?? `http://${host}`)
}
