import { createServer } from 'vite'
import { root, start } from './child.ts'
import { freePort } from './machine.ts'

const PASSED_ON = ['/api', '/hooks', '/metrics']

const port = await freePort()
const env = { HOST: '127.0.0.1', PORT: String(port), LOG_FORMAT: process.env.LOG_FORMAT ?? 'text' }
start(process.execPath, ['--watch', '--watch-preserve-output', 'bin/promptpilot.js', 'start'], {
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
})

const proxy = Object.fromEntries(PASSED_ON.map(path => [path, { target: `http://127.0.0.1:${port}` }]))
const vite = await createServer({ configFile: `${root}vite.config.ts`, server: { host: '127.0.0.1', proxy } })
await vite.listen()
vite.printUrls()
