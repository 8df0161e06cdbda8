import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { stampOf } from './stamp.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'web/dist')
/** Beside everything else that is installed: on the same disk, so that a rename is enough, and out of the way of git. */
const SHED = join(ROOT, 'node_modules/.cache/web')
const STAMP = '.stamp'
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Builds the browser part, where it is missing or was made of other sources. */
async function main(onlyIfStale: boolean): Promise<number> {
  const there = existsSync(join(DIST, 'index.html'))
  if (there && !existsSync(join(ROOT, 'web/main.tsx')))
    return done('web: uses the build that came along, its sources are not here')
  const stamp = stampOf(ROOT)
  if (there && onlyIfStale && read(join(DIST, STAMP)) === stamp) return done('web: the build is up to date')
  const vite = await import('vite').catch(error => {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  })
  if (!vite && there)
    return done('web: uses the build that is there; it may be older than its sources, but Vite is not installed')
  if (!vite) {
    process.stderr.write('web: there is no build, and Vite is not installed to make one. Run: npm ci && npm run build\n')
    return 1
  }
  const began = performance.now()
  const folder = join(SHED, String(process.pid))
  try {
    clear()
    await vite.build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } })
    await compressAll(folder)
    writeFileSync(join(folder, STAMP), stamp)
    putInPlace(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return done(`web: built in ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

function done(line: string): number {
  say(line)
  return 0
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** Takes away what interrupted builds have left; those of processes that still run are theirs. */
function clear(): void {
  mkdirSync(SHED, { recursive: true })
  for (const name of readdirSync(SHED))
    if (!isAlive(Number(name.split('.')[0]))) rmSync(join(SHED, name), { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Writes a smaller copy beside each file, where it is smaller, so that the server has nothing to compress. */
async function compressAll(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
  await Promise.all(files.filter(path => COMPRESSIBLE.has(extname(path)) && statSync(path).isFile()).map(compress))
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function compress(path: string): Promise<void> {
  const bytes = readFileSync(path)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const smaller = { br: await brotli(bytes, { params }), gz: await zip(bytes, { level: 9 }) }
  for (const [ending, packed] of Object.entries(smaller))
    if (packed.length < bytes.length) writeFileSync(`${path}.${ending}`, packed)
}

/** Another build may do the same at this moment: whoever comes second takes away what the first has put there. */
function putInPlace(folder: string): void {
  const old = `${folder}.old`
  for (let tries = 1; ; tries += 1) {
    try {
      if (existsSync(DIST)) renameSync(DIST, old)
      renameSync(folder, DIST)
      return
    } catch (error) {
      if (tries === 20) throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

process.exitCode = await main(process.argv.includes('--if-stale'))
