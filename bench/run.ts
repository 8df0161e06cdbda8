import { readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, release, totalmem, type } from 'node:os'
import { stop, temporaryFolder } from '../tools/child.ts'
import type { Piece } from './piece.ts'
import { pieces } from './pieces.ts'

const PAGE = new URL('README.md', import.meta.url)

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !pieces.some(piece => piece.name === name))
if (unknown.length > 0) {
  console.log(
    `There is no bench called ${unknown.join(', ')}. There are ${pieces.map(({ name }) => name).join(', ')}; without a name all of them run.`,
  )
  process.exit(2)
}

async function machine(): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').then(
    text => /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1],
    () => undefined,
  )
  const [first, ...others] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  return `${first?.model.trim() ?? 'unknown processor'}, ${others.length + 1} cores, ${memory}, ${system ?? `${type()} ${release()}`}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
}

function table([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const where = await machine()
console.log(where)
const failed: string[] = []
for (const piece of pieces.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`\n${piece.name}: ${piece.about}`)
  const folder = temporaryFolder('promptpilot-bench')
  try {
    const result = table(await piece.measure(folder))
    console.log(`\n${result}`)
    await put(piece, result)
  } catch (error) {
    console.log(error)
    failed.push(piece.name)
  }
  // Some leave gigabytes behind, which would be in memory when the next is measured.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
if (failed.length > 0) console.log(`\nNot measured: ${failed.join(', ')}`)
await stop()
process.exit(failed.length > 0 ? 1 : 0)

async function put({ name, about }: Piece, result: string): Promise<void> {
  const text = await readFile(PAGE, 'utf8')
  const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- /measured: ${name} -->`]
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`bench/README.md has no place for ${name}`)
  await writeFile(PAGE, `${text.slice(0, before + begin.length)}\n${about}\n\n${result}\n\n${where}\n${text.slice(after)}`)
}
