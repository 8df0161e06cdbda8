import { AnthropicFields, anthropicKey, bare } from '#blocks/ai/credentials.ts'
import { modelsOf } from './known.ts'
import type { Provider } from './provider.ts'

const BASE = 'https://api.anthropic.com/v1'
/** The version of the API that its lists are asked in. */
const VERSION = '2023-06-01'

/** Models of Anthropic. */
export const anthropic: Provider = {
  id: 'anthropic',
  title: 'Anthropic',
  credential: anthropicKey,
  models: modelsOf('anthropic'),
  async open(values, fetch) {
    const { apiKey, baseUrl = BASE } = AnthropicFields.parse(values)
    const [{ createAnthropic }, { fromVendor }, { listFrom }] = await Promise.all([
      import('@ai-sdk/anthropic'),
      import('./vendor.ts'),
      import('./list.ts'),
    ])
    const base = bare(baseUrl)
    const made = createAnthropic({ apiKey, baseURL: base, fetch })
    const headers = { 'x-api-key': apiKey, 'anthropic-version': VERSION }
    return fromVendor({
      secret: apiKey,
      language: model => made.languageModel(model),
      list: signal => listFrom(fetch, `${base}/models?limit=1000`, headers, 'anthropic', signal),
    })
  },
}
