import type { Listed, Provider } from '#models/provider.ts'

const MODELS: readonly Listed[] = [
  {
    name: 'writer',
    title: 'Writer (demo, not an AI)',
    abilities: ['text', 'images', 'files', 'tools', 'schema'],
    context: 32_000,
  },
  { name: 'painter', title: 'Painter (demo, not an AI)', abilities: ['draws'], context: null },
  { name: 'meaning', title: 'Meaning (demo, not an AI)', abilities: ['embeds'], context: null },
]

/** Rules and lists of words that answer as a model would be asked to: so that everything can be tried without a key, a network or a bill. */
export const demo: Provider = {
  id: 'demo',
  title: 'Demo (not an AI)',
  credential: null,
  models: MODELS,
  open: async () => (await import('./opened.ts')).opened,
}
