import { bare, CompatibleFields, compatibleServer } from '#blocks/ai/credentials.ts'
import type { Provider } from './provider.ts'
import { isStrict } from './strict.ts'

/** Models of a server that speaks as OpenAI does. What it has, only it knows. */
export const compatible: Provider = {
  id: 'compatible',
  title: 'OpenAI-compatible server',
  credential: compatibleServer,
  models: [],
  async open(values, fetch) {
    const { baseUrl, apiKey, schema } = CompatibleFields.parse(values)
    const [{ createOpenAICompatible }, { fromVendor }, { listFrom }] = await Promise.all([
      import('@ai-sdk/openai-compatible'),
      import('./vendor.ts'),
      import('./list.ts'),
    ])
    const baseURL = bare(baseUrl)
    const made = createOpenAICompatible({
      name: 'compatible',
      baseURL,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: schema === 'yes',
      ...(apiKey ? { apiKey } : {}),
    })
    return fromVendor({
      secret: apiKey,
      told: schema === 'no',
      options: ask => ({ compatible: { strictJsonSchema: isStrict(ask.schema) } }),
      language: model => made.languageModel(model),
      embedding: model => made.embeddingModel(model),
      image: model => made.imageModel(model),
      list: signal =>
        listFrom(fetch, `${baseURL}/models`, apiKey ? { authorization: `Bearer ${apiKey}` } : {}, 'compatible', signal),
    })
  },
}
