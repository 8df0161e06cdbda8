import type { World } from '#world.ts'
import { PROVIDERS } from './models.ts'
import { offered } from './shown.ts'

/** The model that is asked where nobody has chosen any and no real one can be reached. */
const DEMO = 'demo/writer'

/** Names of models that write no texts, of servers that do not say what a model can do. */
const OTHERS = /embed|whisper|tts|dall-e|image|audio|realtime|moderation|transcri|rerank|babbage|davinci|clip|diffusion/i

/** Models of a workspace that can write, the best guess first: those whose abilities are known, in the order of our list. The demo is the last. */
export async function writers(world: World, workspace: string): Promise<{ id: string; context: number | null }[]> {
  const { items } = await offered(world, workspace)
  const texts = items.filter(one => one.abilities.includes('text') && (one.demo || !OTHERS.test(one.id)))
  const ours = PROVIDERS.flatMap(provider => provider.models.map(model => `${provider.id}/${model.name}`))
  const place = (id: string) => (ours.includes(id) ? ours.indexOf(id) : ours.length)
  const provider = (id: string) => PROVIDERS.findIndex(one => id.startsWith(`${one.id}/`))
  const sorted = texts.toSorted((one, other) => provider(one.id) - provider(other.id) || place(one.id) - place(other.id))
  const unique = [...new Map(sorted.map(({ id, context }) => [id, { id, context }])).values()]
  return unique.length > 0 ? unique : [{ id: DEMO, context: null }]
}
