import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { makeApp } from '#app.ts'
import { commands } from '#cli/all.ts'
import { envExample, readConfig, settings } from '#config.ts'
import { catalogue } from '#errors.ts'
import { startRunner } from '#executions/runner.ts'
import { type Contract, isRaw } from '#http/contract.ts'
import { silent } from '#log.ts'
import { closeWorld, openWorld } from '#open.ts'
import type { Library } from '#sdk/library.ts'
import { blocksPage } from './blocks.ts'
import { cell, page } from './page.ts'

/** Every file that is printed from the source: path -> text. A test compares them with what is on the disk. */
export async function printed(): Promise<Map<string, string>> {
  const { contracts, library } = await served()
  return new Map([
    ['.env.example', envExample()],
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/commands.md', await commandsPage()],
    ['docs/reference/api.md', apiPage(contracts)],
    ['docs/reference/blocks.md', blocksPage(library)],
  ])
}

function settingsPage(): string {
  const rows = Object.entries(settings).map(
    ([name, { about, default: fallback }]) => `| \`${name}\` | ${fallback ? `\`${cell(fallback)}\`` : ''} | ${cell(about)} |`,
  )
  const intro =
    'Environment variables, or lines of a file `.env` in the folder the server is started in. Bad ones are refused at the start, all at once.'
  return page('Settings', '`src/config.ts`', intro, ['| name | default | meaning |', '|---|---|---|', ...rows])
}

function errorsPage(): string {
  const rows = Object.entries(catalogue).map(
    ([code, { status, title, advice }]) => `| \`${code}\` | ${status} | ${cell(title)} | ${cell(advice)} |`,
  )
  const intro =
    'Every failure is `{ "error": "a sentence", "code": "one of these", "details": [ … ] }`. A code is never renamed and never used for anything else.'
  return page('Errors', '`src/errors.ts`', intro, ['| code | status | what it says | what to do |', '|---|---|---|---|', ...rows])
}

async function commandsPage(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map(load => load()))
  const rows = all.map(({ usage, about }) => `| \`promptpilot ${cell(usage)}\` | ${cell(about)} |`)
  const intro =
    'In the folder of the project: `npx promptpilot COMMAND`, or `npm run pilot -- COMMAND`. They read the same settings as the server.'
  return page('Commands', '`src/cli/`', intro, ['| command | what it does |', '|---|---|', ...rows])
}

/** What the server really serves: the routes of an app that is opened in an empty folder. */
async function served(): Promise<{ contracts: readonly Contract[]; library: Library }> {
  const folder = await mkdtemp(join(tmpdir(), 'printed-'))
  try {
    const world = await openWorld(readConfig({ DATA_DIR: folder }), silent)
    const runner = await startRunner(world)
    const { app, contracts } = await makeApp(world, runner)
    await app.close()
    await runner.stop()
    await closeWorld(world)
    return { contracts, library: world.library }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function apiPage(contracts: readonly Contract[]): string {
  const areas = [...new Set(contracts.map(({ area }) => area))].sort()
  const body = areas.flatMap(area => [`## ${area}`, '', ...contracts.filter(one => one.area === area).flatMap(endpoint)])
  const intro =
    'Every endpoint in one page. The schemas of bodies and answers are in `GET /api/openapi.json`, which the running server shows at `/api/docs`.'
  return page('HTTP API', 'the contracts', intro, body)
}

function endpoint(one: Contract): string[] {
  const { method, path, about, fails = [], status = 200, reply } = one
  const takes = [
    one.query && `query ${fields(one.query)}`,
    one.body && `body ${fields(one.body)}`,
    one.upload && 'multipart/form-data with one file',
  ]
  const facts = [
    ...takes.filter(Boolean),
    `answers ${status}${isRaw(reply) ? ` ${reply.type}` : ''}`,
    one.creates && 'takes `Idempotency-Key`',
    one.rate && `${one.rate} calls a minute from one address`,
  ]
  const codes = fails.length > 0 ? [`Fails with ${fails.map(code => `\`${code}\``).join(', ')}.`, ''] : []
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    '',
    about,
    '',
    [who(one), ...facts.filter(Boolean)].join(' · '),
    '',
    ...codes,
  ]
}

function who({ needs, inPerson }: Contract): string {
  const people =
    needs === 'nobody'
      ? 'For anybody'
      : needs === 'person'
        ? 'For a signed-in person'
        : needs === 'owner'
          ? 'For the owner'
          : `For the role ${needs} and higher`
  return inPerson ? `${people}, with a session and not with a key` : people
}

function fields(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const names = Object.keys(properties).map(name => (required.includes(name) ? name : `${name}?`))
  return names.length > 0 ? `\`{ ${names.join(', ')} }\`` : 'JSON'
}
