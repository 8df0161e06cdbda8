import { z } from 'zod'
import { defineCredential } from '#sdk/define.ts'

const Key = z.string().min(1).max(500).meta({ title: 'API key', ui: 'secret' })
const Base = (example: string) =>
  z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ title: 'Address', description: `Only to go through a gateway. Without it ${example}.` })

/** An address without the slash at its end: paths are put behind it. */
export const bare = (url: string): string => url.replace(/\/+$/, '')

/** What a credential of this kind holds; unknown fields of an older one are let through. */
export const OpenaiFields = z.object({
  apiKey: Key,
  baseUrl: Base('https://api.openai.com/v1'),
  organization: z.string().max(200).optional().meta({ title: 'Organization' }),
  project: z.string().max(200).optional().meta({ title: 'Project' }),
})

/** A key of OpenAI. */
export const openaiKey = defineCredential({
  id: 'openai',
  title: 'OpenAI',
  about: 'A key of OpenAI, or of a gateway that speaks as it does.',
  fields: z.strictObject(OpenaiFields.shape),
})

/** What a credential of this kind holds; unknown fields of an older one are let through. */
export const AnthropicFields = z.object({ apiKey: Key, baseUrl: Base('https://api.anthropic.com/v1') })

/** A key of Anthropic. */
export const anthropicKey = defineCredential({
  id: 'anthropic',
  title: 'Anthropic',
  about: 'A key of Anthropic, or of a gateway that speaks as it does.',
  fields: z.strictObject(AnthropicFields.shape),
})

/** What a credential of this kind holds; unknown fields of an older one are let through. */
export const GoogleFields = z.object({ apiKey: Key, baseUrl: Base('https://generativelanguage.googleapis.com/v1beta') })

/** A key of Google's models. */
export const googleKey = defineCredential({
  id: 'google',
  title: 'Google Gemini',
  about: 'A key of Google AI Studio, or of a gateway that speaks as it does.',
  fields: z.strictObject(GoogleFields.shape),
})

/** What a credential of this kind holds; unknown fields of an older one are let through. */
export const CompatibleFields = z.object({
  baseUrl: z.url({ protocol: /^https?$/ }).meta({
    title: 'Address',
    description: 'Such as http://127.0.0.1:11434/v1. Addresses of the inner network must be in OUTBOUND_ALLOW.',
  }),
  apiKey: z.string().max(500).optional().meta({ title: 'API key', ui: 'secret' }),
  schema: z.enum(['yes', 'no']).default('yes').meta({
    title: 'Knows schemas',
    description: 'Whether it can be held to a JSON Schema; without, it is asked in words and repaired.',
  }),
})

/** A server that speaks as OpenAI does. */
export const compatibleServer = defineCredential({
  id: 'compatible',
  title: 'OpenAI-compatible server',
  about: 'Ollama, vLLM, LM Studio, a gateway: anything that speaks as OpenAI does.',
  fields: z.strictObject(CompatibleFields.shape),
})
