import { messageOf } from '#errors.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { priceOf } from './known.ts'
import { PROVIDERS } from './models.ts'
import type { Listed, Provider } from './provider.ts'
import { credentialsOf, pricesOf } from './queries.ts'

/** A server that does not answer must not hold up the list of the others. */
const PATIENCE = 5_000
/** A list is asked for anew after this long. */
const FRESH = 60_000

type Found = { models: readonly Listed[]; problem: string | null }
type Seen = { at: number; found: Promise<Found> }
const seen = new WeakMap<World, Map<string, Seen>>()

/** The models that can be asked now. */
export const models = (world: World, { caller }: Given<typeof contract.models>) => offered(world, caller.workspace)

/** The models that a workspace can ask now. */
export async function offered(world: World, workspace: string) {
  const kinds = PROVIDERS.flatMap(({ credential }) => credential?.id ?? [])
  const [held, prices] = await Promise.all([credentialsOf(world.db, workspace, kinds), pricesOf(world.db, workspace)])
  const own = new Map(prices.map(row => [row.model, row]))
  const reached = PROVIDERS.flatMap((provider): { provider: Provider; id: string | null }[] =>
    provider.credential === null
      ? [{ provider, id: null }]
      : held.filter(({ kind }) => kind === provider.credential?.id).map(({ id }) => ({ provider, id })),
  )
  const found = await Promise.all(reached.map(async one => ({ ...one, ...(await look(world, workspace, one.provider, one.id)) })))
  const price = (provider: Provider, name: string) => {
    const set = own.get(`${provider.id}/${name}`)
    if (set) return { input: set.input, output: set.output, cached: set.cached, asOf: iso(set.as_of), own: true }
    if (provider.id === 'demo') return { input: 0, output: 0, cached: null, asOf: iso(0), own: false }
    const ours = priceOf(provider.id, name)
    return ours && { ...ours, asOf: iso(ours.asOf), own: false }
  }
  return {
    items: found.flatMap(({ provider, id, models: listed }) =>
      listed.map(({ name, title, abilities, context }) => ({
        id: `${provider.id}/${name}`,
        provider: provider.id,
        name: title,
        abilities: [...abilities],
        context,
        price: price(provider, name),
        demo: provider.id === 'demo',
        credentialId: id,
      })),
    ),
    next: null,
    problems: found.flatMap(({ provider, id, problem }) =>
      // That there is no Ollama here is nothing to mend.
      problem === null || provider.credential === null ? [] : [{ provider: provider.id, credentialId: id, message: problem }],
    ),
  }
}

/** What a server has, or what is known of its provider where it does not say. */
function look(world: World, workspace: string, provider: Provider, credential: string | null): Promise<Found> {
  const lists = seen.get(world) ?? new Map<string, Seen>()
  seen.set(world, lists)
  const name = `${workspace} ${provider.id} ${credential}`
  const now = world.clock.now()
  const before = lists.get(name)
  if (before && now - before.at < FRESH && now >= before.at) return before.found
  const found = ask(world, workspace, provider, credential)
  lists.set(name, { at: now, found })
  void found.then(({ problem }) => (problem === null ? null : lists.delete(name)))
  const [oldest] = lists.keys()
  if (lists.size > 1_000 && oldest !== undefined) lists.delete(oldest)
  return found
}

async function ask(world: World, workspace: string, provider: Provider, credential: string | null): Promise<Found> {
  try {
    const opened = await world.models.open(workspace, provider, credential)
    if (!opened.list) return { models: provider.models, problem: null }
    return { models: await opened.list(AbortSignal.timeout(PATIENCE)), problem: null }
  } catch (error) {
    return { models: provider.models, problem: messageOf(error) }
  }
}
