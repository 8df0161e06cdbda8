import { posix } from 'node:path'
import {
  code,
  enforce,
  files,
  folderOf,
  imports,
  isCode,
  isProduct,
  isScreen,
  isSupport,
  packageOf,
  type Rule,
  stemOf,
} from '../tools/rules.ts'
import { type Import, importsOf, type Tree } from '../tools/source.ts'

/** Each folder may import only folders before it. This list is the architecture. */
const ORDER = `
  engine template sdk blocks codegen
  db queue feed files mail sandbox http
  audit workspaces accounts vault uploads
  prompts models workflows executions triggers insights mcp
  cli
`
  .trim()
  .split(/\s+/)

/** What may be imported: folders and root files, those of which only types, and packages (any, unless listed). */
type Reach = { any: string[]; types?: string[]; packages?: string[] }

const FRAME: Reach = { any: ['errors', 'heap', 'ids', 'log'] }
const PARSERS = [
  '@modelcontextprotocol/client',
  'croner',
  'csv-parse',
  'csv-stringify',
  'fast-xml-parser',
  'html-to-text',
  'node-html-markdown',
  'node-html-parser',
]
const TIGHT: Record<string, Reach> = {
  engine: { any: [], packages: [] },
  template: { any: ['engine'], packages: ['liquidjs'] },
  sdk: { any: [], types: ['engine'], packages: ['zod'] },
  blocks: { any: ['sdk'], packages: ['zod', ...PARSERS] },
  codegen: { any: ['engine', 'template', 'sdk'], packages: [] },
  db: FRAME,
  queue: FRAME,
  feed: FRAME,
  files: FRAME,
  mail: FRAME,
  sandbox: FRAME,
  http: FRAME,
}

/** The files beside the folders: those that put the whole together, and the others with what they may import. */
const SEES_ALL = ['main', 'open', 'app', 'testing']
const ROOTS: Record<string, Reach> = {
  world: { any: [], types: [...ORDER, 'config', 'errors', 'ids', 'log'] },
  config: { any: ['errors'] },
  errors: { any: [], packages: [] },
  heap: { any: [] },
  ids: { any: [] },
  log: { any: [] },
}

/** What stands behind a port; `open.ts` chooses, nobody else knows. */
const ADAPTERS = [
  'db/sqlite',
  'db/postgres',
  'queue/memory',
  'queue/bullmq',
  'feed/memory',
  'feed/redis',
  'files/disk',
  'files/s3',
  'mail/smtp',
  'mail/print',
]

function reachOf(path: string): Reach | null {
  const here = folderOf(path)
  if (here === null) return SEES_ALL.includes(stemOf(path)) ? null : (ROOTS[stemOf(path)] ?? { any: [] })
  const left = ORDER.slice(0, Math.max(0, ORDER.indexOf(here)))
  const beside = ['errors', 'heap', 'ids', 'log', 'world', ...(here === 'cli' ? ['config', 'open', 'app'] : [])]
  return TIGHT[here] ?? { any: [...left, ...beside], types: ['config'] }
}

function mayImport(path: string, it: Import): boolean {
  const reach = reachOf(path)
  if (reach === null) return true
  if (it.at === null) return reach.packages === undefined || reach.packages.includes(packageOf(it.to))
  const there = folderOf(it.at) ?? stemOf(it.at)
  return there === folderOf(path) || reach.any.includes(there) || (it.types && (reach.types ?? []).includes(there))
}

/** Pure pieces of the SDK that say what a block means, the same on the server and in the browser. */
const SAID_ONCE = ['src/sdk/outlets.ts']

const isContract = (at: string) => at.endsWith('/contract.ts') || at === 'src/http/caller.ts'

function mayShow(it: Import, tree: Tree): boolean {
  if (it.at?.startsWith('web/')) return true
  if (it.at !== null)
    return (
      isContract(it.at) ||
      SAID_ONCE.includes(it.at) ||
      /^src\/(engine|template)\//.test(it.at) ||
      (it.types && it.at.startsWith('src/sdk/'))
    )
  const manifest = JSON.parse(tree.get('package.json') ?? '{}')
  return packageOf(it.to) === 'zod' || packageOf(it.to) in (manifest.devDependencies ?? {})
}

const rules: Rule[] = [
  {
    says: 'a folder imports only from its left',
    wrong: imports(isProduct, (it, path) => !mayImport(path, it) && `${path} may not import ${it.to}`),
    planted: {
      'src/db/open.ts':
        "import { serve } from '#http/serve.ts'\nimport { Stop } from '#errors.ts'\nimport type { World } from '#world.ts'\nimport { Kysely } from 'kysely'\nimport { a } from './sqlite.ts'",
      'src/engine/fold.ts': "import { z } from 'zod'\nimport { plan } from './plan.ts'",
      'src/sdk/define.ts':
        "import type { Plan } from '#engine/plan.ts'\nimport { fold } from '#engine/fold.ts'\nimport { readFile } from 'node:fs/promises'",
      'src/vault/seal.ts':
        "const later = () => import('#cli/start.ts')\nimport { contract } from '#http/contract.ts'\nimport { readConfig } from '#config.ts'\nimport type { Config } from '#config.ts'",
      'src/cli/start.ts': "import { readConfig } from '#config.ts'\nimport { seal } from '#vault/seal.ts'",
      'src/world.ts': "import type { Feed } from './feed/feed.ts'\nimport { memory } from '#feed/memory.ts'",
      'src/main.ts': "import { start } from '#cli/start.ts'",
      'src/db/db.test.ts': "import { app } from '#app.ts'",
    },
    named: [
      'src/db/open.ts may not import #http/serve.ts',
      'src/db/open.ts may not import #world.ts',
      'src/engine/fold.ts may not import zod',
      'src/sdk/define.ts may not import #engine/fold.ts',
      'src/sdk/define.ts may not import node:fs/promises',
      'src/vault/seal.ts may not import #config.ts',
      'src/vault/seal.ts may not import #cli/start.ts',
      'src/world.ts may not import #feed/memory.ts',
    ],
  },
  {
    says: 'every folder is in the list, and so is every file beside the folders',
    wrong: files(
      path => path.startsWith('src/'),
      path => {
        const here = folderOf(path)
        if (here !== null) return ORDER.includes(here) ? [] : [`${path} is in a folder that is not in the list`]
        return isSupport(path) || SEES_ALL.includes(stemOf(path)) || stemOf(path) in ROOTS
          ? []
          : [`${path} stands beside the folders`]
      },
    ),
    planted: { 'src/teams/routes.ts': '', 'src/stuff.ts': '', 'src/http/serve.ts': '', 'src/ids.ts': '', 'src/docs.test.ts': '' },
    named: ['src/teams/routes.ts is in a folder that is not in the list', 'src/stuff.ts stands beside the folders'],
  },
  {
    says: 'the heart awaits nothing, reads no clock and touches nothing outside',
    wrong: code(
      path => isProduct(path) && ['engine', 'template', 'codegen'].includes(folderOf(path) ?? ''),
      /\b(await|async|Promise|process|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|globalThis|performance|crypto|navigator|window|document)\b(?=\s*[\w.([<])|\bDate\.now\b|\bnew Date\b|\bMath\.random\b/g,
    ),
    planted: {
      'src/engine/fold.ts': "// await nothing\nconst now = Date.now()\nconst text = 'await x'\nconst b = new Date(5)",
      'src/codegen/emit.ts': `const emit = async () => {}\nconst out = \`await \${fetch('x')}\`\nconst document = 1`,
      'src/http/serve.ts': 'await fetch("x")',
    },
    named: [
      'src/engine/fold.ts:2 says Date.now',
      'src/engine/fold.ts:4 says new Date',
      'src/codegen/emit.ts:1 says async',
      'src/codegen/emit.ts:2 says fetch',
    ],
  },
  {
    says: 'a contract imports only zod, other contracts and the type of the codes',
    wrong: imports(
      path => path.startsWith('src/') && path.endsWith('/contract.ts'),
      (it, path) =>
        !(it.at === null ? it.to === 'zod' : isContract(it.at) || (it.types && it.at === 'src/errors.ts')) &&
        `${path} may not import ${it.to}`,
    ),
    planted: {
      'src/accounts/contract.ts':
        "import { z } from 'zod'\nimport { ROLES } from '#http/caller.ts'\nimport { contract } from '#http/contract.ts'\nimport type { Row } from './queries.ts'\nimport type { Code } from '#errors.ts'\nimport { Fault } from '#errors.ts'",
      'src/vault/contract.ts': "import { Role } from '#accounts/contract.ts'\nimport { randomBytes } from 'node:crypto'",
    },
    named: [
      'src/accounts/contract.ts may not import ./queries.ts',
      'src/accounts/contract.ts may not import #errors.ts',
      'src/vault/contract.ts may not import node:crypto',
    ],
  },
  {
    says: 'the browser imports nothing of the server',
    wrong: tree => imports(isScreen, (it, path) => !mayShow(it, tree) && `${path} may not import ${it.to}`)(tree),
    planted: {
      'package.json': '{ "dependencies": { "fastify": "1" }, "devDependencies": { "react": "1", "@base-ui/react": "1" } }',
      'web/app.tsx':
        "import { fold } from '#engine/fold.ts'\nimport { login } from '#accounts/contract.ts'\nimport { Fault } from '#errors.ts'\nimport type { Args } from '#http/contract.ts'\nimport { Menu } from './ui/Menu.tsx'",
      'web/forms/Form.tsx':
        "import { Dialog } from '@base-ui/react/dialog'\nimport fastify from 'fastify'\nimport { join } from 'node:path'\nimport type { Field } from '#sdk/fields.ts'\nimport { call } from '#sdk/call.ts'\nimport { z } from 'zod/mini'",
      'web/build.ts': "import { build } from 'vite'",
    },
    named: [
      'web/app.tsx may not import #errors.ts',
      'web/forms/Form.tsx may not import fastify',
      'web/forms/Form.tsx may not import node:path',
      'web/forms/Form.tsx may not import #sdk/call.ts',
    ],
  },
  {
    says: 'an import says what it crosses: ./ inside the folder, # across, never ../; the browser part stays inside itself',
    wrong: imports(
      path => /^(src|web)\//.test(path) && isCode(path),
      (it, path) => {
        const out = path.startsWith('src/') ? it.to.startsWith('../') : it.to.startsWith('.') && !it.at?.startsWith('web/')
        if (out && !(isSupport(path) && it.to.startsWith('../tools/'))) return `${path} climbs out with ${it.to}`
        const beside = it.at !== null && folderOf(path) !== null && posix.dirname(it.at) === posix.dirname(path)
        return beside && it.to.startsWith('#') && `${path} goes around the house with ${it.to}`
      },
    ),
    planted: {
      'web/ui/Menu.tsx': "import { now } from '../clock.ts'\nimport { login } from '../../src/accounts/contract.ts'",
      'src/db/migrations/first.ts': "import type { Migration } from '../migration.ts'\nimport { sql } from '#db/sql.ts'",
      'src/db/open.ts': "import { first } from './migrations/first.ts'\nimport { run } from '#db/migrate.ts'",
    },
    named: [
      'web/ui/Menu.tsx climbs out with ../../src/accounts/contract.ts',
      'src/db/migrations/first.ts climbs out with ../migration.ts',
      'src/db/open.ts goes around the house with #db/migrate.ts',
    ],
  },
  {
    says: 'nothing is passed on from another file',
    wrong: imports(isCode, (it, path) => it.again && `${path} passes on ${it.to}`),
    planted: {
      'src/db/all.ts': "export * from './sqlite.ts'\nexport { a } from './a.ts'\nexport const b = 'from'",
      'web/ui/menu.ts': "export type { M } from './m.ts'",
    },
    named: ['src/db/all.ts passes on ./sqlite.ts', 'src/db/all.ts passes on ./a.ts', 'web/ui/menu.ts passes on ./m.ts'],
  },
  {
    says: 'only open.ts and tests name what stands behind a port',
    wrong: imports(
      path => isProduct(path) && path !== 'src/open.ts',
      (it, path) =>
        it.at !== null &&
        ADAPTERS.includes(it.at.replace(/^src\/|\.ts$/g, '')) &&
        folderOf(it.at) !== folderOf(path) &&
        `${path} names ${it.to}`,
    ),
    planted: {
      'src/open.ts': "import { openSqlite } from '#db/sqlite.ts'",
      'src/cli/backup.ts': "import { openSqlite } from '#db/sqlite.ts'\nimport type { Database } from '#db/db.ts'",
      'src/db/postgres.ts': "import { words } from './sqlite.ts'",
      'src/testing.ts': "import { disk } from '#files/disk.ts'",
    },
    named: ['src/cli/backup.ts names #db/sqlite.ts'],
  },
  {
    says: 'a port with two sides has one suite that both must pass',
    wrong: tree =>
      ['db', 'queue', 'feed', 'files'].flatMap(port => {
        const sides = ADAPTERS.filter(name => name.startsWith(`${port}/`) && tree.has(`src/${name}.ts`))
        const suiteFile = `src/${port}/${port}.contract.ts`
        if (sides.length < 2) return []
        if (!tree.has(suiteFile)) return [`${suiteFile} is missing`]
        const callers = [...tree]
          .filter(([path, text]) => path.endsWith('.test.ts') && importsOf(path, text).some(it => it.at === suiteFile))
          .map(([path]) => path)
        return sides
          .filter(name => !callers.includes(`src/${name}.test.ts`))
          .map(name => `src/${name}.test.ts does not run ${suiteFile}`)
      }),
    planted: {
      'src/db/sqlite.ts': '',
      'src/db/postgres.ts': '',
      'src/db/db.contract.ts': '',
      'src/db/sqlite.test.ts': "import { behaves } from './db.contract.ts'",
      'src/queue/memory.ts': '',
      'src/queue/bullmq.ts': '',
      'src/feed/memory.ts': '',
    },
    named: ['src/db/postgres.test.ts does not run src/db/db.contract.ts', 'src/queue/queue.contract.ts is missing'],
  },
  {
    says: 'a connector knows no other connector',
    wrong: imports(
      path => /^src\/blocks\/[^/]+\//.test(path),
      (it, path) =>
        (it.at?.startsWith('src/blocks/') ?? false) && it.at?.split('/')[2] !== path.split('/')[2] && `${path} knows ${it.to}`,
    ),
    planted: {
      'src/blocks/slack/slack.ts': "import { post } from '#blocks/discord/discord.ts'\nimport { words } from './words.ts'",
    },
    named: ['src/blocks/slack/slack.ts knows #blocks/discord/discord.ts'],
  },
]

await enforce(rules)
