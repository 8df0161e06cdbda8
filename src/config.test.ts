import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { envExample, readConfig, readEnvFile, settings, surroundings } from './config.ts'
import { Stop } from './errors.ts'

/** The lines of the refusal, without the first and the last. */
function refusal(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof Stop)
    const [first, ...lines] = error.message.split('\n')
    assert.equal(first, 'These settings cannot be used:')
    assert.equal(lines.pop(), 'Every setting is explained in .env.example.')
    return lines.map(line => line.trim())
  }
  return []
}
const fine = (env: NodeJS.ProcessEnv) => assert.deepEqual(refusal(env), [], JSON.stringify(env))
const wrong = (env: NodeJS.ProcessEnv, ...words: RegExp[]) => {
  const lines = refusal(env)
  assert.equal(lines.length, words.length, JSON.stringify([env, lines]))
  for (const [at, one] of words.entries()) assert.match(lines[at] ?? '', one)
}

test('nothing at all is a full set of settings', () => {
  const config = readConfig({})
  assert.deepEqual(
    [config.host, config.port, config.dataDir, config.databaseUrl, config.openSignup, config.rateLimit, config.trustedProxies],
    ['127.0.0.1', 3000, resolve('data'), null, false, true, []],
  )
  assert.equal(Object.keys(config).length, Object.keys(settings).length)
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.trustedProxies))
})

test('yes and no are understood however they are written', () => {
  for (const word of ['true', 'TRUE', 'on', '1', 'yes', ' Yes ']) assert.equal(readConfig({ OPEN_SIGNUP: word }).openSignup, true)
  for (const word of ['false', 'Off', '0', 'no']) assert.equal(readConfig({ RATE_LIMIT: word }).rateLimit, false)
  for (const word of ['maybe', '2', 'yess', 'null']) wrong({ OPEN_SIGNUP: word }, /^OPEN_SIGNUP=.*: must be true or false$/)
})

test('numbers are whole and within their bounds', () => {
  for (const [text, port] of Object.entries({ 0: 0, 65535: 65535, ' 8080\r': 8080, '03000': 3000 }))
    assert.equal(readConfig({ PORT: text }).port, port)
  for (const text of ['-1', '80.5', '3e3', '0x50', 'http', '８０', '1 000']) wrong({ PORT: text }, /must be a whole number/)
  wrong({ PORT: '65536' }, /^PORT=65536: must be from 0 to 65535$/)
  wrong({ DATABASE_POOL: '0' }, /must be from 1 to 200/)
  wrong({ FILE_MAX_BYTES: '9'.repeat(400) }, /must be from 1 to/)
})

test('a choice is one of its words', () => {
  assert.equal(readConfig({ LOG_LEVEL: 'WARN' }).logLevel, 'warn')
  wrong({ LOG_LEVEL: 'loud' }, /^LOG_LEVEL=loud: must be one of debug, info, warn, error, silent$/)
  wrong({ DURABILITY: 'none' }, /must be one of full, relaxed/)
})

test('what is empty, or only spaces, is not set', () => {
  for (const empty of ['', ' ', '\t', '\r\n']) {
    const config = readConfig({
      PORT: empty,
      DATABASE_URL: empty,
      PROMPTPILOT_KEY: empty,
      CORS_ORIGINS: empty,
      FILES_URL: empty,
      HOST: empty,
    })
    assert.deepEqual(
      [config.port, config.databaseUrl, config.promptpilotKey, config.corsOrigins, config.filesUrl, config.host],
      [3000, null, null, [], null, '127.0.0.1'],
    )
  }
})

test('addresses are of the kind that is needed', () => {
  fine({ DATABASE_URL: 'postgres://u:p@h:5432/d?sslmode=require' })
  fine({ DATABASE_URL: 'postgresql://localhost/x' })
  for (const text of ['mysql://h/d', 'postgres', 'postgres:', 'postgres:h', 'h:5432', 'http://h'])
    wrong({ DATABASE_URL: text }, /^DATABASE_URL=•••: must be an address that begins with postgres:\/\/ or postgresql:\/\/$/)
  wrong({ FILES_URL: 's3://bucket' }, /FILES_URL=s3:\/\/bucket: must be a folder/)
})

test('the public address has no path, and is written as browsers write it', () => {
  for (const text of ['https://pilot.example.org', 'https://pilot.example.org/', 'https://Pilot.Example.org:443'])
    assert.equal(readConfig({ PUBLIC_URL: text }).publicUrl, 'https://pilot.example.org')
  assert.equal(readConfig({ PUBLIC_URL: 'http://10.0.0.1:8080' }).publicUrl, 'http://10.0.0.1:8080')
  for (const text of [
    'pilot.example.org',
    'ftp://x',
    'https://x/pilot',
    'https://x?y',
    'https://u:p@x',
    'https://',
    'javascript:alert(1)',
  ])
    wrong({ PUBLIC_URL: text }, /^PUBLIC_URL=.*without a path$/)
})

test('lists are cut at commas, and every wrong entry is named', () => {
  const config = readConfig({
    TRUSTED_PROXIES: ' 10.0.0.0/8, ::1,,2001:db8::/32 ',
    CORS_ORIGINS: 'https://A.example.org/,http://localhost:5173',
  })
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '::1', '2001:db8::/32'])
  assert.deepEqual(config.corsOrigins, ['https://a.example.org', 'http://localhost:5173'])
  wrong(
    { TRUSTED_PROXIES: '999.1.1.1, 10.0.0.0/33, 10.0.0.0/0, ::1/129, proxy, 10.0.0.1' },
    /999\.1\.1\.1 is not.*10\.0\.0\.0\/33 is not.*10\.0\.0\.0\/0 is.*::1\/129 is.*proxy is/,
  )
  const places = ['127.0.0.0/8', 'fd00::/8', '192.168.1.5', 'localhost', 'ollama_1.inner.example']
  assert.deepEqual(readConfig({ OUTBOUND_ALLOW: places.join(', ') }).outboundAllow, places)
  wrong(
    { OUTBOUND_ALLOW: '127.0.0.1:80, 10.0.0, http://a.example, *.example.org, 10.0.0.0/99' },
    /127\.0\.0\.1:80 is.*10\.0\.0 is.*http:\/\/a\.example is.*\*\.example\.org is.*10\.0\.0\.0\/99 is/,
  )
  wrong({ CORS_ORIGINS: '*, https://x/y, https://good.example.org' }, /\* is not an origin.*https:\/\/x\/y is not an origin/)
})

test('a master key is long enough', () => {
  fine({ PROMPTPILOT_KEY: 'k'.repeat(32) })
  wrong({ PROMPTPILOT_KEY: 'hunter2' }, /^PROMPTPILOT_KEY=•••: must have at least 32 characters/)
})

test('settings that need each other are refused when one is missing', () => {
  const site = { PUBLIC_URL: 'https://x.example.org' }
  wrong({ SMTP_URL: 'smtp://h' }, /SMTP_URL needs PUBLIC_URL/)
  fine({ SMTP_URL: 'smtp://h', ...site })
  wrong({ GITHUB_CLIENT_ID: 'a', ...site }, /GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together/)
  wrong({ GOOGLE_CLIENT_SECRET: 'a', ...site }, /GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together/)
  wrong({ GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' }, /needs PUBLIC_URL/)
  wrong({ OIDC_ISSUER: 'https://id.example.org', ...site }, /OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together/)
  fine({ OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b', ...site })
})

test('everything that is wrong is said at once, and nothing that only follows from it', () => {
  const env = { PORT: 'x', PUBLIC_URL: 'y', SMTP_URL: 'smtp://h', GITHUB_CLIENT_ID: 'a', TRUSTED_PROXIES: 'z', LOG_LEVEL: 'q' }
  wrong(env, /^PORT=x/, /^PUBLIC_URL=y/, /^TRUSTED_PROXIES=z/, /^LOG_LEVEL=q/, /^GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET/)
})

test('what is secret is not shown when it is wrong', () => {
  for (const [name, { secret }] of Object.entries(settings)) {
    if (!secret) continue
    const text = refusal({ [name]: 'sup:er-secret' }).join('\n')
    assert.ok(!text.includes('er-secret'), name)
  }
  assert.deepEqual(
    Object.entries(settings).filter(([name, { secret }]) => /SECRET|TOKEN|_KEY|SMTP_URL|DATABASE_URL/.test(name) && !secret),
    [],
  )
})

test('.env.example names every setting with its default and what it means', async () => {
  const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
  assert.equal(text, envExample(), 'run `npm run docs`')
  for (const [name, { default: fallback, about }] of Object.entries(settings)) {
    assert.ok(text.includes(`\n#${name}=${fallback}\n`), name)
    assert.ok(text.includes(`# ${about}\n`) && about.length > 10, name)
    assert.doesNotMatch(about, /\n/)
  }
  assert.ok(Object.keys(settings).length > 20)
})

describe('the file .env', () => {
  const before = process.cwd()
  let folder: string
  const names = ['PORT', 'HOST', 'MAIL_FROM', 'OIDC_NAME', 'DATA_DIR']
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-env-'))
    process.chdir(folder)
  })
  afterEach(async () => {
    process.chdir(before)
    for (const name of names) delete process.env[name]
    await rm(folder, { recursive: true })
  })

  test('is read with comments, quotes, spaces and the line ends of any system', async () => {
    await writeFile(
      '.env',
      '# a comment\r\nPORT=4567\r\nexport HOST = 0.0.0.0 # all\r\nMAIL_FROM="Pilot <a@example.org>"\r\n\r\nOIDC_NAME=\'single # sign-on\'\r\n',
    )
    readEnvFile()
    const config = readConfig()
    assert.deepEqual(
      [config.port, config.host, config.mailFrom, config.oidcName],
      [4567, '0.0.0.0', 'Pilot <a@example.org>', 'single # sign-on'],
    )
  })

  test('does not win over what is set already', async () => {
    await writeFile('.env', 'PORT=4567\n')
    process.env.PORT = '89'
    readEnvFile()
    assert.equal(readConfig().port, 89)
  })

  test('may be missing', () => readEnvFile())

  test('that cannot be read is said so', async () => {
    await mkdir('.env')
    assert.throws(readEnvFile, (error: Error) => error instanceof Stop && /\.env cannot be read/.test(error.message))
  })
})

test('commands are words, with what may be set before them and a star for what may follow', () => {
  const read = (text: string) => readConfig({ MCP_COMMANDS: text }).mcpCommands
  assert.deepEqual(read(''), [])
  assert.deepEqual(read('npx -y some-server /data, uvx other *'), [
    { words: ['npx', '-y', 'some-server', '/data'], more: false, env: {} },
    { words: ['uvx', 'other'], more: true, env: {} },
  ])
  assert.deepEqual(read('TOKEN= MODE=a=b /opt/server --x=1 "/my data,here" say"so much"'), [
    { words: ['/opt/server', '--x=1', '/my data,here', 'sayso much'], more: false, env: { TOKEN: null, MODE: 'a=b' } },
  ])
  assert.deepEqual(read(',, a ,'), [{ words: ['a'], more: false, env: {} }])
  for (const text of ['*', 'TOKEN=', 'a, TOKEN= *']) wrong({ MCP_COMMANDS: text }, /^MCP_COMMANDS=.* names no command$/)
})

test('programs of others see where things are and nothing of our settings', () => {
  assert.deepEqual(
    surroundings({ PATH: '/bin', HOME: '/root', DATABASE_URL: 'postgres://x', PROMPTPILOT_KEY: 'x', NODE_OPTIONS: 'x' }),
    {
      PATH: '/bin',
      HOME: '/root',
    },
  )
})
