import { bare, OpenaiFields, openaiKey } from '#blocks/ai/credentials.ts'
import { modelsOf } from './known.ts'
import type { Provider } from './provider.ts'
import { isStrict } from './strict.ts'

const BASE = 'https://api.openai.com/v1'

/** Models of OpenAI. */
export const openai: Provider = {
  id: 'openai',
  title: 'OpenAI',
  credential: openaiKey,
  models: modelsOf('openai'),
  async open(values, fetch) {
    const { apiKey, baseUrl = BASE, organization, project } = OpenaiFields.parse(values)
    const [{ createOpenAI }, { fromVendor }, { listFrom }, { moderateAt }] = await Promise.all([
      import('@ai-sdk/openai'),
      import('./vendor.ts'),
      import('./list.ts'),
      import('./moderate.ts'),
    ])
    const base = bare(baseUrl)
    const made = createOpenAI({
      apiKey,
      baseURL: base,
      fetch,
      ...(organization === undefined ? {} : { organization }),
      ...(project === undefined ? {} : { project }),
    })
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
      ...(project === undefined ? {} : { 'openai-project': project }),
    }
    return fromVendor({
      secret: apiKey,
      language: model => made.responses(model),
      // Without this OpenAI keeps every question and answer for 30 days. Of a model that thinks, what it thought then comes with the
      // answer, sealed for OpenAI alone, and goes back with the next question; that is the whole price of keeping nothing there.
      // The package would ask for summaries of the thoughts, which OpenAI refuses to organizations that have not shown a passport.
      options: ({ schema }) => ({ openai: { store: false, reasoningSummary: null, strictJsonSchema: isStrict(schema) } }),
      embedding: model => made.embeddingModel(model),
      moderate: async (model, parts, signal) =>
        model.includes('moderation') ? moderateAt(fetch, `${base}/moderations`, headers, { model, parts, signal }) : null,
      image: model => made.imageModel(model),
      list: signal => listFrom(fetch, `${base}/models`, headers, 'openai', signal),
    })
  },
}
