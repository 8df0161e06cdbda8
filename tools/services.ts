import { run } from './child.ts'
import { chromium } from './chromium.ts'
import { faketime } from './faketime.ts'
import { onPath } from './machine.ts'
import { postgres } from './postgres.ts'

/** A real thing that tests need. They learn where it is from an environment variable, and skip themselves where that is not set. */
export type Service = {
  name: string
  variable: string
  /** The parts of the test run that need it. */
  parts: string[]
  /** The packages of Debian and Ubuntu that bring it. */
  packages: string[]
  /** Looks for one that runs already, then for one that can be started; null where there is none. */
  find: (folder: string) => Promise<string | null>
}

/** Everything that tests need; another service is another entry. */
const services: Service[] = [postgres, chromium, faketime]

/** Finds or provides the services that these parts need, and answers with the environment that names them. */
export async function provide(parts: string[], folder: string): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = {}
  for (const service of services.filter(it => it.parts.some(part => parts.includes(part)))) {
    const { name, variable } = service
    const given = process.env[variable]
    const found = given || (await service.find(folder)) || ((await install(service)) ? await service.find(folder) : null)
    if (found) env[variable] = found
    console.log(
      found ? `  ${name}: ${given ? `${variable} is set` : found}` : `  ${name}: not found; set ${variable} or install it`,
    )
  }
  return env
}

async function install({ name, packages }: Service): Promise<boolean> {
  const apt = process.getuid?.() === 0 ? await onPath('apt-get') : null
  if (apt === null) return false
  console.log(`  ${name}: installing ${packages.join(', ')} with apt-get …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const { code, out } = await run(apt, args, { env })
    if (code !== 0)
      console.log(
        `  apt-get ${args[0]} ended with ${code}:\n${out.trim().split('\n').slice(-5).join('\n').replaceAll(/^/gm, '    ')}`,
      )
    if (code !== 0 && args[0] === 'install') return false
  }
  return true
}
