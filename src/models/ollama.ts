import type { Provider } from './provider.ts'
import { isStrict } from './strict.ts'

/** Where Ollama listens unless it was told otherwise. The address is fixed, so that nobody can point it elsewhere. */
const BASE = 'http://127.0.0.1:11434/v1'

/** An Ollama on the machine of the server: it is found by itself. One elsewhere is a credential of a compatible server. */
export const ollama: Provider = {
  id: 'ollama',
  title: 'Ollama',
  credential: null,
  models: [],
  async open(_values, fetch) {
    const [{ createOpenAICompatible }, { fromVendor }, { listFrom }] = await Promise.all([
      import('@ai-sdk/openai-compatible'),
      import('./vendor.ts'),
      import('./list.ts'),
    ])
    const made = createOpenAICompatible({
      name: 'ollama',
      baseURL: BASE,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
    })
    return fromVendor({
      options: ask => ({ ollama: { strictJsonSchema: isStrict(ask.schema) } }),
      language: model => made.languageModel(model),
      embedding: model => made.embeddingModel(model),
      list: signal => listFrom(fetch, `${BASE}/models`, {}, 'ollama', signal),
    })
  },
}
