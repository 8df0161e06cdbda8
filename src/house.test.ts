import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import { code, enforce, files, imports, isCode, isProduct, isScreen, isSupport, linesOf, type Rule } from '../tools/rules.ts'
import { bare, importsOf, readTree, type Tree } from '../tools/source.ts'

/** Files that use chance themselves, each with the reason: salts and nonces belong beside the cipher that needs them. */
const CHANCE: Record<string, string> = {
  'src/vault/seal.ts': 'data keys and nonces',
  'src/vault/key.ts': 'makes the master key at the first start',
  'src/accounts/password.ts': 'the salt of a password',
  'src/http/answers.ts': 'the nonce of a sealed answer',
}

/** Queries that do not begin with a workspace, each with the reason. */
const PEOPLE: Record<string, string> = {
  'accounts/queries: loadUser': 'a person is not of a workspace',
  'workspaces/queries: workspacesOf': 'asks which workspaces a person has',
}

/** Files with statements across workspaces, each with the reason. */
const ACROSS: Record<string, string> = {
  'src/accounts/erase.ts': 'exports and erases everything of a person, wherever it is',
  'src/accounts/identify.ts': 'marks the key that was just found by its hash as used',
  'src/accounts/policy.ts': 'looks for an invitation by e-mail address, before there is a member',
  'src/workspaces/invitations.ts': 'accepts the invitation that was just found by the hash of its token',
  'src/vault/check.ts': 'the operator asks which credentials cannot be read',
  'src/vault/forget.ts': 'the operator gives up what no key can read',
  'src/vault/rotate.ts': 'the operator changes the master key for all',
  'src/uploads/sweep.ts': 'tidies up after all of them, once a day',
  'src/executions/own.ts': 'claims what is due, whosever it is',
  'src/executions/sweep.ts': 'looks for what is due, whosever it is',
  'src/executions/runner.ts': 'takes over at the start and lets go at the end, whosever it is',
  'src/executions/notice.ts': 'looks for questions that nobody was told of, whosever they are',
  'src/executions/retention.ts': 'tidies up after all of them',
  'src/executions/callback.ts': 'its address is the proof, and names the execution',
  'src/triggers/origin.ts': 'finds what an address, a time or an event starts, whosever it is',
  'src/executions/ears.ts': 'who listens to the ends of executions, whosever they are',
  'src/models/budgets/sweep.ts': 'lets go of what the dead have reserved, whosever they are',
  'src/triggers/events/dispatch.ts': 'looks for what happened, whosever it is',
  'src/triggers/events/events.ts': 'tidies up after all of them',
  'src/triggers/ledger.ts': 'tidies up after all of them',
  'src/triggers/schedules/schedules.ts': 'waits for what is due next, whosever it is',
  'src/triggers/schedules/sweep.ts': 'looks for times that have come, whosever they are',
  'src/triggers/hooks/rehearsed.ts': 'the address of a test call is the proof',
  'src/db/backup.ts': 'a backup is of everything',
  'src/cli/doctor.ts': 'the operator asks about the installation',
}

/** Files that talk a check out of its work, each with the reason. */
const TALKED: Record<string, string> = {
  'src/testing.ts': 'a test reads whatever was answered, and fails where it is not there',
}

/** Files over 250 lines, each with the reason why they are one thing. */
const LONG: Record<string, string> = {
  'web/app.tsx': 'every screen with its address and what its address may hold, in one list',
  'src/config.ts': 'a table: one entry for each setting',
  'src/engine/fold.ts': 'the one reducer: everything that can happen, read from the top',
  'src/errors.ts': 'a table: one line for each thing that can go wrong',
  'src/db/tables.ts': 'a table: one line for each column',
  'src/executions/contract.ts': 'a table: one entry for each endpoint',
  'src/accounts/contract.ts': 'a table: one entry for each endpoint',
  'src/workspaces/contract.ts': 'a table: one entry for each endpoint',
  'web/words/de/settings.ts': 'a table: one line for each sentence of the settings',
}

const FORBIDDEN = 'utils util helpers helper common misc manager service handler types interfaces enums index'.split(' ')

/** An export has its sentence on the line above, or is the next line of one that has. */
function isTold(lines: string[], at: number): boolean {
  const above = lines[at - 1]?.trim() ?? ''
  return above.endsWith('*/') || (/^export (const|type) .*[^{(]$/.test(above) && isTold(lines, at - 1))
}

function dependenciesOf(tree: Tree): string[] {
  const manifest = JSON.parse(tree.get('package.json') ?? '{}')
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(kind => Object.keys(manifest[kind] ?? {}))
}

const arguedIn = (tree: Tree) =>
  [...(tree.get('docs/decisions/dependencies.md') ?? '').matchAll(/^\| `([^`]+)` \| [^|]{10,} \|/gm)].map(match => match[1] ?? '')

const rules: Rule[] = [
  {
    says: 'files are small: 400 lines, tests 600, and past 250 the reason is written down',
    wrong: files(isCode, (path, text) => {
      const lines = linesOf(text)
      if (lines > (isSupport(path) ? 600 : 400)) return [`${path} has ${lines} lines`]
      return lines > 250 && !isSupport(path) && !(path in LONG) ? [`${path} has ${lines} lines and no reason`] : []
    }),
    planted: {
      'src/a.ts': 'x\n'.repeat(401),
      'src/b.ts': 'x\n'.repeat(251),
      'src/c.test.ts': 'x\n'.repeat(601),
      'src/d.ts': 'x\n'.repeat(250),
      'src/e.test.ts': 'x\n'.repeat(600),
    },
    named: ['src/a.ts has 401 lines', 'src/b.ts has 251 lines and no reason', 'src/c.test.ts has 601 lines'],
  },
  {
    says: 'a file is called after its one thing: one word, and not a word for everything',
    wrong: files(isCode, path => {
      const parts = path.split('/').flatMap(part => part.replace(/\.tsx?$/, '').split(/[.-]/))
      const vague = parts.filter(part => FORBIDDEN.includes(part.toLowerCase())).map(part => `${path} is called ${part}`)
      const wordy =
        path.startsWith('src/') &&
        !/^([a-z][a-z0-9]*)(\.[a-z]+)*\.ts$/.test(posix.basename(path)) &&
        !/^src\/(db\/migrations\/\d{4}-[a-z]+|cli\/[a-z]+-[a-z]+(\.test)?)\.ts$/.test(path)
      return wordy ? [...vague, `${path} is more than one word`] : vague
    }),
    planted: {
      'src/http/utils.ts': '',
      'src/types/flow.ts': '',
      'web/ui/index.tsx': '',
      'src/http/json-body.ts': '',
      'src/cli/rotate-key.ts': '',
      'src/http/service.test.ts': '',
      'src/db/migrations/0001-house.ts': '',
      'src/db/db.contract.ts': '',
      'web/ui/DataTable.tsx': '',
    },
    named: [
      'src/http/utils.ts is called utils',
      'src/types/flow.ts is called types',
      'web/ui/index.tsx is called index',
      'src/http/json-body.ts is more than one word',
      'src/http/service.test.ts is called service',
    ],
  },
  {
    says: 'only config.ts reads the environment',
    wrong: tree => [
      ...code(path => (isProduct(path) && path !== 'src/config.ts') || isScreen(path), /\bprocess\s*\.\s*env\b/g)(tree),
      ...imports(isProduct, (it, path) => /^(node:)?process$/.test(it.to) && `${path} may not import ${it.to}`)(tree),
    ],
    planted: {
      'src/config.ts': 'process.env',
      'src/http/serve.ts': "import { env } from 'node:process'\n// process.env\nconst port = process.env.PORT",
      'src/http/serve.test.ts': 'process.env.CI',
      'web/api.ts': 'process.env',
    },
    named: [
      'src/http/serve.ts:3 says process.env',
      'web/api.ts:1 says process.env',
      'src/http/serve.ts may not import node:process',
    ],
  },
  {
    says: 'nobody writes to the console',
    wrong: code(path => isProduct(path) || isScreen(path), /\bconsole\b\s*(?=[.[])/g),
    planted: {
      'src/http/serve.ts': "// console.log\nconst a = 'console.log'\n// biome-ignore lint: no\nconsole.log(a)",
      'src/http/serve.test.ts': 'console.log(1)',
    },
    named: ['src/http/serve.ts:4 says console'],
  },
  {
    says: 'time and chance come from ids.ts',
    wrong: code(
      path => isProduct(path) && path !== 'src/ids.ts',
      /\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^)\s])|(?<![\w.]|new )Date\(\s*\)|\bMath\.random\b|\bperformance\.\w+|\bprocess\.hrtime\b|\bTemporal\.Now\b/g,
    ),
    planted: {
      'src/http/serve.ts':
        'const a = new Date()\nconst b = new Date(a)\nconst c = Date.now\nconst d = Math.random()\nconst e = new Date',
      'src/ids.ts': 'Date.now()',
      'src/http/serve.test.ts': 'Date.now()',
    },
    named: [
      'src/http/serve.ts:1 says new Date',
      'src/http/serve.ts:3 says Date.now',
      'src/http/serve.ts:4 says Math.random',
      'src/http/serve.ts:5 says new Date',
    ],
  },
  {
    says: 'secrets are made in ids.ts and beside the ciphers',
    wrong: code(
      path => isProduct(path) && path !== 'src/ids.ts' && !(path in CHANCE),
      /\b(random(UUID|Bytes|Int|Fill|FillSync)|getRandomValues)\b/g,
    ),
    planted: {
      'src/accounts/keys.ts': "import { randomBytes } from 'node:crypto'",
      'src/vault/seal.ts': 'randomBytes(12)',
      'src/ids.ts': 'randomBytes(10)',
    },
    named: ['src/accounts/keys.ts:1 says randomBytes'],
  },
  {
    says: 'nothing talks the compiler or a check out of its work',
    wrong: files(
      path => isCode(path) && path !== 'src/house.test.ts' && !(path in TALKED),
      (path, text) => {
        const said = [
          ...text.matchAll(
            /@ts-(?:ignore|nocheck|expect-error)|biome-ignore(?:-all)? lint\/(?:suspicious\/(?:noExplicitAny|noConsole)|style\/noNonNullAssertion)\b|biome-ignore[^\n:]*:? *$/gm,
          ),
        ]
        const done = [
          ...bare(text).matchAll(/\bas unknown as\b|\bas any\b|\b(?:test|suite|it|describe)\.only\b|\bmock\.module\b/g),
        ]
        return [...said, ...done].map(match => `${path} says ${match[0]}`)
      },
    ),
    planted: {
      'src/http/serve.ts':
        '// @ts-expect-error\nconst a = b as unknown as string\n// biome-ignore lint/style/noNonNullAssertion: it is there\n// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them',
      'src/http/serve.test.ts': "test.only('x', () => {})\nmock.module('./a.ts')",
    },
    named: [
      'src/http/serve.ts says @ts-expect-error',
      'src/http/serve.ts says biome-ignore lint/style/noNonNullAssertion',
      'src/http/serve.ts says as unknown as',
      'src/http/serve.test.ts says test.only',
      'src/http/serve.test.ts says mock.module',
    ],
  },
  {
    says: 'every query takes the workspace first',
    wrong: files(
      path => isProduct(path) && posix.basename(path) === 'queries.ts',
      (path, text) => {
        const found = [
          ...bare(text).matchAll(/^export (?:async )?(?:function\*? (\w+)|const (\w+) =(?: async)?)\s*(?:<[^(]*>)?\(([^)]*)/gm),
        ]
        return found.flatMap(([, first, second, taken = '']) => {
          const name = `${path.slice(4, -3)}: ${first ?? second}`
          return /^\s*(?:db|trx): [^,]+,\s*workspace: string\b/.test(taken) || name in PEOPLE
            ? []
            : [`${name} does not begin with (db, workspace)`]
        })
      },
    ),
    planted: {
      'src/vault/queries.ts':
        'export const list = (db: Kysely<Tables>, workspace: string, page: Page) => 1\nexport async function find(\n  db: Db,\n  workspace: string,\n  id: string,\n) {}\nexport const all = async (db: Db) => 2\nexport function one(db: Db, id: string, workspace: string) {}\nexport type Row = (db: Db) => 1',
    },
    named: ['vault/queries: all does not begin with (db, workspace)', 'vault/queries: one does not begin with (db, workspace)'],
  },
  {
    says: 'a statement on a table of a workspace names the workspace, a person or the hash of a secret',
    wrong: tree => {
      const owned = [...(tree.get('src/db/tables.ts') ?? '').matchAll(/^ {2}(\w+): \{(.*\}$|[\s\S]*?^ {2}\})/gm)]
      const names = owned.flatMap(([, name = '', columns = '']) =>
        /\bworkspace_id\b/.test(columns) && name !== 'sessions' ? [name] : [],
      )
      const asked = new RegExp(
        `\\.(?:selectFrom|updateTable|deleteFrom)\\(\\s*'(?:${names.join('|')})(?: as \\w+)?'[\\s\\S]*?(?:\\.execute|\\.stream|\\n\\n|$)`,
        'g',
      )
      return files(
        path => isProduct(path) && !(path in ACROSS),
        (path, text) => {
          const loose = [...text.matchAll(asked)].filter(
            ([said]) => !/(?:where|onRef|on)\(\s*'(?:\w+\.)?(?:workspace_id|user_id|token_hash|hash)'/.test(said),
          )
          return loose.map(match => `${path}:${linesOf(text.slice(0, match.index + 1))} asks all workspaces`)
        },
      )(tree)
    },
    planted: {
      'src/db/tables.ts':
        'type Tables = {\n  users: { id: string }\n  files: {\n    id: string\n    workspace_id: string\n  }\n  sessions: { workspace_id: string }\n}',
      'src/uploads/queries.ts':
        "db.selectFrom('files').where('workspace_id', '=', workspace).execute()\ndb.deleteFrom('files').where('id', '=', id).execute()\ndb.selectFrom('users').execute()\ndb\n  .selectFrom('files as f')\n  .select('f.workspace_id')\n  .execute()",
    },
    named: ['src/uploads/queries.ts:2 asks all workspaces', 'src/uploads/queries.ts:5 asks all workspaces'],
  },
  {
    says: 'every dependency is argued for, and nothing is argued for that is not there',
    wrong: tree => {
      const [there, argued] = [dependenciesOf(tree), arguedIn(tree)]
      const twice = argued.filter((name, at) => argued.indexOf(name) !== at)
      return [
        ...there.filter(name => !argued.includes(name)).map(name => `${name} has no line in docs/decisions/dependencies.md`),
        ...argued.filter(name => !there.includes(name)).map(name => `${name} is argued for and not there`),
        ...twice.map(name => `${name} is argued for twice`),
      ]
    },
    planted: {
      'package.json':
        '{ "dependencies": { "zod": "1", "left-pad": "1" }, "devDependencies": { "@types/pg": "1" }, "optionalDependencies": { "node-x": "1" } }',
      'docs/decisions/dependencies.md':
        '| `zod` | one schema for everything | other |\n| `@types/pg` | types of the driver |  |\n| `gone` | was once needed here | |\n| `node-x` | |',
    },
    named: [
      'left-pad has no line in docs/decisions/dependencies.md',
      'node-x has no line in docs/decisions/dependencies.md',
      'gone is argued for and not there',
    ],
  },
  {
    says: 'versions are pinned exactly',
    wrong: tree => {
      const manifest = JSON.parse(tree.get('package.json') ?? '{}')
      const all = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].flatMap(kind =>
        Object.entries(manifest[kind] ?? {}),
      )
      return all
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))
        .map(([name, version]) => `${name} is ${version}`)
    },
    planted: { 'package.json': '{ "dependencies": { "a": "^1.0.0", "b": "1.0.0" }, "devDependencies": { "c": "latest" } }' },
    named: ['a is ^1.0.0', 'c is latest'],
  },
  {
    says: 'one sentence stands over each export',
    wrong: files(
      path => isCode(path) && !isSupport(path) && !path.startsWith('e2e/') && !path.endsWith('.config.ts'),
      (path, text) => {
        const lines = text.split('\n')
        const exported = bare(text)
          .split('\n')
          .map((line, at) => ({
            at,
            name: line.match(
              /^export (?:default )?(?:async )?(?:const|let|function\*?|class|type|interface|abstract class) ?(\w+)/,
            )?.[1],
          }))
        return exported
          .filter(({ name, at }) => name !== undefined && !isTold(lines, at))
          .map(({ name }) => `${path} does not say what ${name} is`)
      },
    ),
    planted: {
      'src/http/roles.ts':
        '/** The roles. */\nexport const ROLES = []\nexport type Role = string\n\nexport const rank = () => 1\n\n/**\n * Two lines.\n */\nexport function compare() {}\nexport class Other {}',
    },
    named: ['src/http/roles.ts does not say what rank is', 'src/http/roles.ts does not say what Other is'],
  },
]

await enforce(rules)

test('no exception is kept that nobody needs', async () => {
  const house = await readTree()
  const lists = { CHANCE, PEOPLE, ACROSS, TALKED, LONG }
  for (const [list, exceptions] of Object.entries(lists))
    for (const name of Object.keys(exceptions)) {
      const reason = exceptions[name]
      delete exceptions[name]
      const named = rules.flatMap(({ wrong }) => wrong(house)).some(it => it.startsWith(name))
      exceptions[name] = reason ?? ''
      assert.ok(named, `${list} has ${name}, which keeps the rule`)
    }
})

test('what is read is the whole house, and of a file only the code', async () => {
  const parts = new Set([...(await readTree()).keys()].map(path => path.split('/')[0]))
  for (const part of ['src', 'tools', 'package.json']) assert.ok(parts.has(part), `${part} was not read`)

  const text = `a = \`x \${b ? \`\${{ c: 'd' }}\` : /[/'"]/g} y\` // import 'e'`
  assert.equal(bare(text).replace(/ +/g, ' '), `a = \` \${b ? \`\${{ c: ' ' }}\` : / g} \` `)
  assert.deepEqual(
    importsOf('src/a/b.ts', `// import '1'\nconst x = "import '2'"\nexport const from = '3'\nimport '4'`).map(it => it.to),
    ['4'],
  )
})
