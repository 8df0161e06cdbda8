import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { suite, test } from 'node:test'
import { bare, type Import, importsOf, readTree, type Tree } from './source.ts'

/** A rule of the house that a program can check. */
export type Rule = {
  says: string
  /** What breaks the rule, in words; nothing where it is kept. */
  wrong: (tree: Tree) => string[]
  /** Files that break the rule, among some that keep it, and what it must say about them. */
  planted: Record<string, string>
  named: string[]
}

/** Is it TypeScript? */
export const isCode = (path: string) => /\.tsx?$/.test(path)

/** Is it a test, a suite for the two sides of a port, or what tests stand on? */
export const isSupport = (path: string) =>
  /\.(test|contract|spec)\.tsx?$/.test(path) || (path.endsWith('/testing.ts') && !path.startsWith('src/sdk/'))

/** Does it run on the server? */
export const isProduct = (path: string) => path.startsWith('src/') && isCode(path) && !isSupport(path)

/** Does it run in the browser? What builds it does not. */
export const isScreen = (path: string) =>
  path.startsWith('web/') && isCode(path) && !isSupport(path) && !/^web\/(build|stamp)\.ts$/.test(path)

/** The folder of `src` a file is in; null for the files beside the folders. */
export const folderOf = (path: string) => path.match(/^src\/([^/]+)\//)?.[1] ?? null

/** The name of a file without its ending. */
export const stemOf = (path: string) => posix.basename(path).replace(/\.\w+$/, '')

/** The package an import names. */
export const packageOf = (to: string) => to.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? to

/** How many lines a text has. */
export const linesOf = (text: string) => text.replace(/\n$/, '').split('\n').length

type Chosen = (path: string) => boolean

/** Asks every chosen file, in order, what is wrong with it. */
export const files = (chosen: Chosen, ask: (path: string, text: string) => string[]) => (tree: Tree) =>
  [...tree].flatMap(([path, text]) => (chosen(path) ? ask(path, text) : []))

/** Asks every import of every chosen file. */
export const imports = (chosen: Chosen, ask: (it: Import, path: string) => string | false) =>
  files(chosen, (path, text) => importsOf(path, text).flatMap(it => ask(it, path) || []))

/** Finds a pattern in the code of every chosen file, leaving comments and quoted words out. */
export const code = (chosen: Chosen, pattern: RegExp) =>
  files(chosen, (path, text) =>
    [...bare(text).matchAll(pattern)].map(match => `${path}:${linesOf(text.slice(0, match.index + 1))} says ${match[0]}`),
  )

/** Tests that the project keeps the rules, and that each of them sees what was planted for it. */
export async function enforce(rules: Rule[]): Promise<void> {
  const house = await readTree()
  suite('the house keeps the rule', () => {
    for (const { says, wrong } of rules) test(says, () => assert.deepEqual(wrong(house), []))
  })
  suite('the rule sees what breaks it', () => {
    for (const { says, wrong, planted, named } of rules)
      test(says, () => assert.deepEqual(wrong(new Map(Object.entries(planted))), named))
  })
}
