import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '#ids.ts'
import { address } from './address.ts'
import { explain, talk } from './explain.ts'
import { program } from './guest.ts'
import { LIMITS, LONGEST, MB, MEMORY } from './limits.ts'
import { chance, copy, rest, words } from './parts.ts'
import { prelude } from './prelude.ts'

/** A page of WebAssembly. */
const PAGE = 65_536
/** QuickJS begins with this much; its module asks for no less. */
const BEGIN = 16 * MB
/** Some 1,600 calls deep. With the stack that Node has by default, 256 KiB already end in V8 before QuickJS notices; it may use half of the usual 8 MiB. */
const STACK = { quickjs: 256 * 1024, node: 3_900 }
/** Megabytes that input and code may take before the code itself begins. */
const INPUT = 96
/** Megabytes for the JavaScript of the child itself, which holds code, input and output as text. */
const HEAP = 128
/** A QuickJS that has served as many runs is made anew, at 3 ms: nothing that went wrong in its memory lives on for long. */
const RUNS = 500

const QUICKJS = '@jitl/quickjs-ng-wasmfile-release-sync'

/** What a child is started with. Node's permission model lets it read QuickJS and nothing else: no other files, no processes, no threads, no addons. */
export function launch(): string[] {
  const core = found('quickjs-emscripten-core', import.meta.url)
  const variant = found(QUICKJS, import.meta.url)
  const text = program(
    {
      core: moduleOf('quickjs-emscripten-core'),
      variant: moduleOf(QUICKJS),
      wasm: found(`${QUICKJS}/wasm`, import.meta.url),
      prelude: String(prelude),
      parts: texts({ talk, explain, words, address, copy, rest, chance }),
      begin: BEGIN,
      stack: STACK.quickjs,
      runs: RUNS,
      lines: LIMITS.lines,
      letters: LIMITS.letters,
      output: LIMITS.output,
      watch: LONGEST + 10_000,
    },
    String(systemClock.now),
  )
  const readable = [core, variant, found('@jitl/quickjs-ffi-types', core)].map(path => dirname(dirname(path)))
  return [
    '--permission',
    ...readable.map(folder => `--allow-fs-read=${folder}`),
    `--wasm-max-mem-pages=${((MEMORY.most + INPUT) * MB) / PAGE}`,
    `--stack-size=${STACK.node}`,
    `--max-old-space-size=${HEAP}`,
    '--expose-gc',
    '--no-warnings',
    '--input-type=module',
    '--eval',
    text,
  ]
}

/** The real place of a package: the permission model does not look through links. */
const found = (name: string, from: string) => realpathSync(createRequire(from).resolve(name))
const moduleOf = (name: string) => pathToFileURL(realpathSync(new URL(import.meta.resolve(name)))).href

const texts = (parts: Record<string, (...given: never[]) => unknown>) =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, String(part)]))
