import { glob, readFile } from 'node:fs/promises'
import { posix } from 'node:path'

/** Files of the project: path from its root -> text. */
export type Tree = ReadonlyMap<string, string>

/** One import or re-export: what it names, where that is in the tree (null for a package), and whether only types cross. */
export type Import = { to: string; at: string | null; types: boolean; again: boolean }

const root = new URL('../', import.meta.url)
const EVERYTHING = [
  '{src,web,tools,bench,e2e}/**/*.{ts,tsx}',
  '*.ts',
  'bin/*.js',
  'package.json',
  'docs/decisions/dependencies.md',
]
const BUILT = /^(web\/dist|e2e\/results)\//

/** Reads every source of the project, in the order of the names. */
export async function readTree(): Promise<Tree> {
  const paths: string[] = []
  for await (const path of glob(EVERYTHING, { cwd: root })) paths.push(path.replaceAll('\\', '/'))
  const kept = paths.filter(path => !BUILT.test(path)).sort()
  return new Map(await Promise.all(kept.map(async path => [path, await readFile(new URL(path, root), 'utf8')] as const)))
}

const IMPORT = /^[ \t]*(import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s*)?(['"])( *)\3/dgm
const LATER = /\bimport\s*\(\s*(['"])( *)\1/dg

/** Everything a file imports, from its text. */
export function importsOf(path: string, text: string): Import[] {
  const code = bare(text)
  const named = [...code.matchAll(IMPORT)].map(match => ({
    match,
    hole: 4,
    types: match[2] !== undefined,
    again: match[1] === 'export',
  }))
  const later = [...code.matchAll(LATER)].map(match => ({ match, hole: 2, types: false, again: false }))
  return [...named, ...later].map(({ match, hole, types, again }) => {
    const [start, end] = match.indices?.[hole] ?? [0, 0]
    const to = text.slice(start, end)
    return { to, at: whereIs(path, to), types, again }
  })
}

function whereIs(from: string, to: string): string | null {
  if (to.startsWith('#')) return `src/${to.slice(1)}`
  return to.startsWith('.') ? posix.join(posix.dirname(from), to) : null
}

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*|\w+|\s+|[\s\S]/y
const WORDS = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{;+*%~^>-]| (?:return|typeof|case|in|of))$/

const blank = (text: string) => text.replace(/[^\n]/g, ' ')
const known = new Map<string, string>()

/** The code without comments and without the words in strings, templates and patterns; every place stays where it was. */
export function bare(text: string): string {
  const seen = known.get(text) ?? scan(text)
  known.set(text, seen)
  return seen
}

function scan(text: string): string {
  const holes: number[] = []
  let out = ''
  let before = ''
  let depth = 0

  const take = (pattern: RegExp) => {
    pattern.lastIndex = out.length
    return pattern.exec(text)?.[0] ?? ''
  }
  const words = () => {
    out += blank(take(WORDS))
    const hole = text.startsWith('${', out.length)
    if (hole) holes.push(depth)
    out += hole ? '${' : text.slice(out.length, out.length + 1)
  }

  while (out.length < text.length) {
    let token = take(TOKEN)
    const comment = /^\/[*/]/.test(token)
    if (token.startsWith('/') && !comment && !BEFORE_PATTERN.test(before)) token = '/'
    const quoted = token.length > 1 && /^['"/]/.test(token) && !comment
    out += comment ? blank(token) : quoted ? token.charAt(0) + blank(token.slice(1, -1)) + token.slice(-1) : token
    if (token === '{') depth += 1
    if (token === '`') words()
    else if (token === '}' && holes.at(-1) === depth) {
      holes.pop()
      words()
    } else if (token === '}') depth -= 1
    if (!comment && token.trim() !== '') before = `${before.slice(-12)} ${token}`
  }
  return out
}
