import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage, until } from '#executions/testing.ts'
import { cameOf, prepareOn, runOn } from './testing.ts'

const PACKAGE = import.meta.resolve('@modelcontextprotocol/server')
const STDIO = import.meta.resolve('@modelcontextprotocol/server/stdio')

/** A real server that is a program: says what it was started with. */
const SERVER = `
  import { writeFileSync } from 'node:fs'
  import { McpServer } from '${PACKAGE}'
  import { StdioServerTransport } from '${STDIO}'
  const server = new McpServer({ name: 'program', version: '1.0.0' })
  console.error('I am here.')
  const [mark] = process.argv.slice(2)
  if (mark) writeFileSync(mark, String(process.pid))
  server.registerTool('env', { description: 'Shows its environment.' }, () => ({ content: [{ type: 'text', text: JSON.stringify(process.env) }] }))
  server.registerTool('crash', { description: 'Ends.' }, () => { console.error('out of beads'); process.exit(7) })
  server.registerTool('wait', { description: 'Never answers.' }, () => new Promise(() => {}))
  await server.connect(new StdioServerTransport())
`

let stage: Stage
let folder: string
let file: string
let odd: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptpilot-mcp-'))
  file = join(folder, 'server.mjs')
  odd = join(folder, 'odd.mjs')
  await writeFile(file, SERVER)
  await writeFile(odd, 'console.log("Listening on stdio"); process.stdin.on("data", () => console.log("x".repeat(200_000)))')
  const [kind] = databases()
  assert.ok(kind)
  const allowed = [`TOKEN= PLAIN= "${process.execPath}" "${file}" *`, `"${process.execPath}" "${odd}"`]
  stage = await setStage(await kind.place(), { RATE_LIMIT: 'off', MCP_COMMANDS: allowed.join(', ') })
})
after(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const place = (...args: string[]) => ({ via: 'program', command: process.execPath, args: [file, ...args] })

const isThere = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a server that is a program is used: its words about itself stand in the log, and it ends with the node', async () => {
  const mark = join(folder, 'used')
  const { output, lines, error } = await runOn(stage, 'mcp.tools', place(mark))
  assert.deepEqual(
    output?.tools.map((tool: { name: string }) => tool.name),
    ['env', 'crash', 'wait'],
    JSON.stringify(error),
  )
  assert.deepEqual(lines, ['I am here.'])
  const pid = Number(await readFile(mark, 'utf8'))
  await until('it has ended', () => !isThere(pid))
})

test('secrets reach it in its environment, and nothing of ours does; what it shows of them is masked', async () => {
  const credential = { kind: 'mcp.env', values: { name: 'TOKEN', value: 'secret-value-7' } }
  const { output, error } = await runOn(stage, 'mcp.call', { ...place(), tool: 'env', env: { PLAIN: 'yes' } }, { credential })
  assert.ok(output, JSON.stringify(error))
  const known = /^(PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR)$/
  const rest = Object.entries(JSON.parse(output.text)).filter(([name]) => !known.test(name))
  assert.deepEqual(Object.fromEntries(rest), { '•••': '•••', PLAIN: 'yes' })
})

test('a program that is not allowed is not started, and the message says what to set', async () => {
  for (const params of [
    { via: 'program', command: 'npx', args: ['-y', 'some-server'] },
    { via: 'program', command: process.execPath, args: ['-e', 'process.exit()'] },
    { ...place(), env: { NODE_OPTIONS: '--inspect' } },
  ]) {
    const { status, error } = await runOn(stage, 'mcp.tools', params)
    assert.deepEqual([status, error.code], ['failed', 'program.not_allowed'])
    assert.match(error.message, /MCP_COMMANDS: /)
  }
  const none = await runOn(stage, 'mcp.tools', { via: 'program' })
  assert.equal(none.error.code, 'mcp.no_server')
  const wrong = await runOn(stage, 'mcp.tools', place(), { credential: { kind: 'mcp.bearer', values: { token: 'secret-1' } } })
  assert.equal(wrong.error.code, 'credential.wrong_kind')
})

test('a program that ends in the middle says how, with its last words', async () => {
  const { error } = await runOn(stage, 'mcp.call', { ...place(), tool: 'crash' })
  assert.equal(error.code, 'program.ended')
  assert.match(error.message, /ended with code 7; it said: out of beads/)
})

test('a program whose node is cancelled is ended', async () => {
  const mark = join(folder, 'cancelled')
  const id = await prepareOn(stage, 'mcp.call', { ...place(mark), tool: 'wait' })
  const execution = await stage.start(id)
  let pid = 0
  await until('it runs', async () => {
    pid = Number(await readFile(mark, 'utf8').catch(() => 0))
    return pid > 0
  })
  await stage.post(`/api/executions/${execution}/cancel`)
  assert.equal((await cameOf(stage, await stage.until(execution, 'cancelled'))).status, 'cancelled')
  await until('it has ended', () => !isThere(pid))
})

test('a program that takes too long is given up, and ended', async () => {
  const mark = join(folder, 'late')
  const { error } = await runOn(stage, 'mcp.call', { ...place(mark), tool: 'wait', timeout: 3_000 })
  assert.equal(error.code, 'mcp.timeout')
  const pid = Number(await readFile(mark, 'utf8'))
  await until('it has ended', () => !isThere(pid))
})

test('what a program says beside the protocol is left, and lines without end are not taken', async () => {
  const { error } = await runOn(stage, 'mcp.tools', { via: 'program', command: process.execPath, args: [odd], maxBytes: 100_000 })
  assert.equal(error.code, 'mcp.too_large')
})
