import { bare, GoogleFields, googleKey } from '#blocks/ai/credentials.ts'
import { Refused } from '#sdk/fail.ts'
import { modelsOf } from './known.ts'
import type { Provider } from './provider.ts'

const BASE = 'https://generativelanguage.googleapis.com/v1beta'

/** Models of Google. */
export const google: Provider = {
  id: 'google',
  title: 'Google Gemini',
  credential: googleKey,
  models: modelsOf('google'),
  async open(values, fetch) {
    const { apiKey, baseUrl = BASE } = GoogleFields.parse(values)
    const [{ createGoogle }, { fromVendor }, { listFrom }] = await Promise.all([
      import('@ai-sdk/google'),
      import('./vendor.ts'),
      import('./list.ts'),
    ])
    const base = bare(baseUrl)
    const made = createGoogle({ apiKey, baseURL: base, fetch })
    return fromVendor({
      secret: apiKey,
      language: model => made.languageModel(model),
      embedding: model => made.embeddingModel(model),
      image(model) {
        if (model.startsWith('gemini-')) return made.imageModel(model)
        throw new Refused('model.unable', `${model} cannot draw. Of the models of Google those that begin with gemini- do.`)
      },
      list: signal => listFrom(fetch, `${base}/models?pageSize=1000`, { 'x-goog-api-key': apiKey }, 'google', signal),
    })
  },
}
