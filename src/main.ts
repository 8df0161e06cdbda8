import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Before anything else is imported: with compiled code at hand a start takes half the time and the type stripper is never loaded.
// Not in the folder for temporary files, where another user could leave code for us. Where it cannot be written, nothing is lost.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/promptpilot', import.meta.url)))

const { run } = await import('./cli/run.ts')
process.exitCode = await run(process.argv.slice(2))
