import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answerStore } from './accounts/answers.ts'
import { makeAuth } from './accounts/auth.ts'
import { makeIdentify } from './accounts/identify.ts'
import { routes as accounts } from './accounts/routes.ts'
import { routes as audit } from './audit/routes.ts'
import { Fault } from './errors.ts'
import { routes as memories } from './executions/memories/routes.ts'
import { routes as executions } from './executions/routes.ts'
import type { Runner } from './executions/runner.ts'
import { makeOnce } from './http/answers.ts'
import { type Frame, makeFrame } from './http/frame.ts'
import { serveHealth } from './http/health.ts'
import { serveOpenApi } from './http/openapi.ts'
import { serveStatic } from './http/static.ts'
import { routes as insights } from './insights/routes.ts'
import { routes as mcp } from './mcp/routes.ts'
import { routes as models } from './models/routes.ts'
import { routes as triggers } from './triggers/routes.ts'
import { routes as uploads } from './uploads/routes.ts'
import { routes as vault } from './vault/routes.ts'
import { routes as workflows } from './workflows/routes.ts'
import { atLeast } from './workspaces/roles.ts'
import { routes as workspaces } from './workspaces/routes.ts'
import type { World } from './world.ts'

/** The version of this program. */
const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

const PAGES = fileURLToPath(new URL('../web/dist', import.meta.url))

/** Before this the clock is certainly wrong, and sessions and schedules with it. */
const BUILT = Date.parse('2026-11-01')

/** The whole product on one frame: every folder that has routes, one line each. */
export async function makeApp(world: World, runner: Runner): Promise<Frame> {
  const { config, clock, ids, log, metrics } = world
  const frame = await makeFrame({
    identify: makeIdentify(world),
    permits: atLeast,
    once: makeOnce(answerStore(world), world.vault.secret('answers')),
    clock,
    ids,
    log,
    metrics,
    rateLimit: config.rateLimit,
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    fileMaxBytes: config.fileMaxBytes,
  })
  serveHealth(frame, { version: VERSION, metricsToken: config.metricsToken, probes: probes(world) })
  accounts(frame, world, makeAuth(world, world.vault.secret('sessions')))
  workspaces(frame, world)
  audit(frame, world)
  vault(frame, world)
  uploads(frame, world)
  models(frame, world)
  workflows(frame, world)
  executions(frame, runner.shell)
  memories(frame, world)
  insights(frame, world)
  await triggers(frame, world, runner)
  await mcp(frame, world, runner, VERSION)
  serveOpenApi(frame, VERSION)
  await serveStatic(frame, PAGES)
  return frame
}

const probes = ({ database, files, clock }: World) => [
  { name: 'database', check: () => database.check() },
  { name: 'files', check: () => files.check() },
  {
    name: 'clock',
    check: async () => {
      if (clock.now() < BUILT)
        throw new Fault('server.fault', { message: 'The clock of the machine is behind the day this program was made.' })
    },
  },
]
