import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { messageOf, Stop } from './errors.ts'

const YES = ['true', 'on', '1', 'yes']
const NO = ['false', 'off', '0', 'no']
const flag = z
  .string()
  .transform(word => word.toLowerCase())
  .refine(word => YES.includes(word) || NO.includes(word), 'must be true or false')
  .transform(word => YES.includes(word))
const one = <const T extends string[]>(...words: T) =>
  z
    .string()
    .transform(word => word.toLowerCase())
    .pipe(z.enum(words, `must be one of ${words.join(', ')}`))
const list = z.string().transform(text =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== ''),
)
/** Every entry is looked at, and all that are wrong are named. */
const listOf = (fits: (entry: string) => boolean, otherwise: string) =>
  list.superRefine((entries, context) => {
    for (const entry of entries) if (!fits(entry)) context.addIssue(`${entry} ${otherwise}`)
  })
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine(value => value >= min && value <= max, `must be from ${min} to ${max}`)
const optional = z.string().transform(text => text || null)
const origin = optional
  .refine(text => text === null || isOrigin(text), 'must be an address such as https://pilot.example.org, without a path')
  .transform(text => text && new URL(text).origin)
const url = (...schemes: string[]) =>
  optional.refine(
    text => text === null || schemes.some(scheme => text.startsWith(`${scheme}://`) && URL.canParse(text)),
    `must be an address that begins with ${schemes.map(scheme => `${scheme}://`).join(' or ')}`,
  )

const folder = z
  .string()
  .refine(text => !/^\w{2,}:/.test(text), 'must be a folder')
  .transform(text => (text === '' ? null : resolve(text)))

/** `NAME= npx -y a-server`: the words of a command, before it variables, at its end `*` where any further words may follow. */
const commands = z.string().transform((text, context) =>
  entriesOf(text).map(words => {
    const from = words.findIndex(word => !/^\w+=/.test(word))
    const named = words.slice(0, from < 0 ? words.length : from).map(word => word.split('='))
    const rest = words.slice(named.length)
    const more = rest.at(-1) === '*'
    if (rest.length - (more ? 1 : 0) === 0) context.addIssue(`${words.join(' ').slice(0, 100)} names no command`)
    return {
      words: more ? rest.slice(0, -1) : rest,
      more,
      env: Object.fromEntries(named.map(([name = '', ...value]) => [name, value.join('=') || null])),
    }
  }),
)

/** Words, entry by entry; in double quotes stand words with blanks and commas. */
function entriesOf(text: string): string[][] {
  const entries: string[][] = [[]]
  for (const [part] of text.matchAll(/,|(?:[^\s,"]|"[^"]*")+/g)) {
    if (part === ',') entries.push([])
    else entries.at(-1)?.push(part.replaceAll('"', ''))
  }
  return entries.filter(words => words.length > 0)
}

type Setting = { read: z.ZodType<unknown, string>; default: string; about: string; secret?: boolean }
const setting = <T extends z.ZodType<unknown, string>>(read: T, fallback: string, about: string, secret = false) =>
  ({ read, default: fallback, about, secret }) satisfies Setting

/** Every setting, once: its name, how it is read, its default and what it means. `.env.example` is printed from here. */
export const settings = {
  HOST: setting(z.string().min(1), '127.0.0.1', 'The address to listen on; 0.0.0.0 for all.'),
  PORT: setting(whole(0, 65535), '3000', 'The port to listen on; 0 picks a free one and prints it.'),
  DATA_DIR: setting(
    z
      .string()
      .min(1)
      .transform(path => resolve(path)),
    './data',
    'The folder of the embedded database, the files and the key file.',
  ),
  PUBLIC_URL: setting(
    origin,
    '',
    'What links and webhook addresses start with; by default the address of the request. Required with SMTP_URL.',
  ),
  DATABASE_URL: setting(
    url('postgres', 'postgresql'),
    '',
    'postgres://user:password@host/database; by default the embedded database in DATA_DIR.',
    true,
  ),
  DATABASE_POOL: setting(whole(1, 200), '10', 'The most connections to PostgreSQL.'),
  DURABILITY: setting(
    one('full', 'relaxed'),
    'full',
    'full: what was acknowledged survives a power cut. relaxed: the last moments before one may be lost.',
  ),
  FILES_URL: setting(folder, '', 'The folder of uploaded and generated files; by default DATA_DIR/files.'),
  FILE_MAX_BYTES: setting(whole(1, 10 * 2 ** 30), String(100 * 2 ** 20), 'The most bytes one file may have.'),
  PROMPTPILOT_KEY: setting(
    z
      .string()
      .transform(text => text || null)
      .refine(
        text => text === null || text.length >= 32,
        'must have at least 32 characters; make one with: openssl rand -base64 32',
      ),
    '',
    'The master key of the credentials; by default a key file in DATA_DIR that is made at the first start.',
    true,
  ),
  PROMPTPILOT_KEY_PREVIOUS: setting(
    list,
    '',
    'Older master keys that may still be read, separated by commas; needed only until `promptpilot rotate-key` has run.',
    true,
  ),
  OPEN_SIGNUP: setting(flag, 'false', 'May strangers register after the first account?'),
  SMTP_URL: setting(
    url('smtp', 'smtps'),
    '',
    'smtp://user:password@host:587 for mail; without it links are printed in the log.',
    true,
  ),
  MAIL_FROM: setting(
    z.string(),
    '',
    'The sender of mails, such as PromptPilot <pilot@example.org>; by default promptpilot@ the host of PUBLIC_URL.',
  ),
  GITHUB_CLIENT_ID: setting(optional, '', 'Sign-in with GitHub; callback address: PUBLIC_URL/api/auth/callback/github.'),
  GITHUB_CLIENT_SECRET: setting(optional, '', 'The secret that belongs to GITHUB_CLIENT_ID.', true),
  GOOGLE_CLIENT_ID: setting(optional, '', 'Sign-in with Google; callback address: PUBLIC_URL/api/auth/callback/google.'),
  GOOGLE_CLIENT_SECRET: setting(optional, '', 'The secret that belongs to GOOGLE_CLIENT_ID.', true),
  OIDC_ISSUER: setting(
    url('https', 'http'),
    '',
    'Sign-in with any OpenID Connect provider; callback address: PUBLIC_URL/api/auth/callback/oidc.',
  ),
  OIDC_CLIENT_ID: setting(optional, '', 'The client id at OIDC_ISSUER.'),
  OIDC_CLIENT_SECRET: setting(optional, '', 'The secret that belongs to OIDC_CLIENT_ID.', true),
  OIDC_NAME: setting(z.string().min(1), 'single sign-on', 'What the sign-in button calls the provider.'),
  TRUSTED_PROXIES: setting(
    listOf(isRange, 'is not an address or a CIDR range'),
    '',
    'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-* headers are believed, separated by commas.',
  ),
  EXECUTIONS_AT_ONCE: setting(
    whole(1, 10_000),
    '200',
    'How many executions this process works on at the same time; others wait.',
  ),
  EXECUTIONS_BACKLOG: setting(
    whole(1, 10_000_000),
    '100000',
    'How many executions may wait for their turn; beyond that new ones are refused with 503.',
  ),
  EXECUTIONS_PER_WORKSPACE: setting(
    whole(1, 10_000_000),
    '25000',
    'How many executions of one workspace may be queued or running; beyond that it may start no new ones (429). An admin may set another number for a workspace.',
  ),
  EXECUTIONS_BACKLOG_MINUTES: setting(
    whole(1, 100_000),
    '60',
    'How long executions of a workspace may wait for their turn; while some have waited longer, it may start no new ones (503).',
  ),
  MEMBER_STARTS_PER_MINUTE: setting(
    whole(0, 1_000_000),
    '0',
    'How many executions a member of a workspace may start in a minute, with keys or without; 0 for as many as they like.',
  ),
  MEMBER_AT_ONCE: setting(
    whole(0, 1_000_000),
    '0',
    'How many executions a member has started may be queued or running; 0 for as many as they like.',
  ),
  KEY_STARTS_PER_MINUTE: setting(
    whole(0, 1_000_000),
    '0',
    'How many executions an API key may start in a minute, where the key itself does not say; 0 for as many as it likes.',
  ),
  KEY_AT_ONCE: setting(
    whole(0, 1_000_000),
    '0',
    'How many executions an API key has started may be queued or running, where the key itself does not say; 0 for as many as it likes.',
  ),
  OUTBOUND_ALLOW: setting(
    listOf(isPlace, 'is not an address, a CIDR range or a host name'),
    '',
    'Addresses (CIDR ranges or hosts) that outbound calls may reach although they are not public, e.g. 127.0.0.0/8.',
  ),
  MCP_COMMANDS: setting(
    commands,
    '',
    'Programs that workflows may start as MCP servers, word for word, separated by commas: npx -y some-server /data. A * at the end allows further words; TOKEN= before it lets workflows set this variable.',
  ),
  CORS_ORIGINS: setting(
    listOf(isOrigin, 'is not an origin such as https://app.example.org').transform(sites =>
      sites.map(site => new URL(site).origin),
    ),
    '',
    'Other sites whose pages may call the API from a browser, separated by commas.',
  ),
  MCP_HOSTS: setting(
    list,
    '',
    'Names beside that of PUBLIC_URL under which MCP clients may call /mcp, separated by commas; addresses and names without a dot always may.',
  ),
  RATE_LIMIT: setting(flag, 'on', 'off for benches and closed networks.'),
  METRICS_TOKEN: setting(
    optional,
    '',
    'The bearer token that GET /metrics asks for; without it only this machine is answered.',
    true,
  ),
  LOG_LEVEL: setting(one('debug', 'info', 'warn', 'error', 'silent'), 'info', 'How much is logged.'),
  LOG_FORMAT: setting(
    one('auto', 'json', 'text'),
    'auto',
    'json lines, or text for a person; auto: text at a terminal, json elsewhere.',
  ),
} satisfies Record<string, Setting>

type Name = keyof typeof settings
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<S>

/** What the settings say, read once; frozen. */
export type Config = { readonly [K in Name as Camel<K>]: z.output<(typeof settings)[K]['read']> }

/** Takes what the file `.env` of the working folder adds to the environment; what is set already wins. */
export function readEnvFile(): void {
  if (!existsSync('.env')) return
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    throw new Stop(`The file ${resolve('.env')} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** What programs of others are told of the environment: where things are, in which language, and nothing else. */
export const surroundings = (env: NodeJS.ProcessEnv = process.env): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'].flatMap(name => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** Reads the environment; refuses it with one list of everything that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong: string[] = []
  const unread = new Set<string>()
  const out: Record<string, unknown> = {}
  for (const [name, { read, default: fallback, secret }] of Object.entries(settings)) {
    const given = env[name]?.trim() || fallback
    const parsed = read.safeParse(given)
    if (parsed.success) out[camel(name)] = Array.isArray(parsed.data) ? Object.freeze(parsed.data) : parsed.data
    else {
      unread.add(name)
      const shown = secret ? '•••' : given.slice(0, 200)
      wrong.push(`  ${name}=${shown}: ${parsed.error.issues.map(issue => issue.message).join('; ')}`)
    }
  }
  for (const { of, words } of conflicts(out as Config)) if (!of.some(name => unread.has(name))) wrong.push(`  ${words}`)
  if (wrong.length > 0)
    throw new Stop(`These settings cannot be used:\n${wrong.join('\n')}\nEvery setting is explained in .env.example.`)
  return Object.freeze(out) as Config
}

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = Object.entries(settings).map(([name, { about, default: fallback }]) => `# ${about}\n#${name}=${fallback}\n`)
  return `# Every setting of PromptPilot with its default. Copy to .env and take the # away where you want another value.\n# Printed from src/config.ts by \`npm run docs\`.\n\n${lines.join('\n')}`
}

/** What does not go together. Of a setting that could not be read nothing is known, so what it is part of is not told. */
function conflicts(config: Config): { of: Name[]; words: string }[] {
  const found: { of: Name[]; words: string }[] = []
  const refuse = (words: string, ...of: Name[]) => void found.push({ of, words })
  if (config.smtpUrl && !config.publicUrl)
    refuse('SMTP_URL needs PUBLIC_URL: links in mails must not be taken from a request.', 'SMTP_URL', 'PUBLIC_URL')
  if (!config.githubClientId !== !config.githubClientSecret)
    refuse('GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together.', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET')
  if (!config.googleClientId !== !config.googleClientSecret)
    refuse('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together.', 'GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET')
  const oidc = [config.oidcIssuer, config.oidcClientId, config.oidcClientSecret]
  if (oidc.some(Boolean) && !oidc.every(Boolean))
    refuse(
      'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together.',
      'OIDC_ISSUER',
      'OIDC_CLIENT_ID',
      'OIDC_CLIENT_SECRET',
    )
  const providers = config.githubClientId || config.googleClientId || config.oidcIssuer
  if (providers && !config.publicUrl)
    refuse('Sign-in at an outside provider needs PUBLIC_URL: it sends people back there.', 'PUBLIC_URL')
  return found
}

const camel = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, pathname, search, hash, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && pathname === '/' && search + hash + username + password === ''
}

/** A host name has letters, so that a mistyped address is none. */
function isPlace(text: string): boolean {
  return isRange(text) || /^(?=.*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text)
}

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0
  const size = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : 0
  return most > 0 && more.length === 0 && size > 0 && size <= most
}
