import { z } from 'zod'
import type { Where } from '#db/testing.ts'
import { type Drawing, type Stage, setStage } from '#executions/testing.ts'
import { dialectOf, KEY, startWire, stream, type Wire } from '#models/testing.ts'
import { defineBlock, defineConnector } from '#sdk/define.ts'
import { Refused, TryLater } from '#sdk/fail.ts'

/** What one answer of the wire takes: 8 tokens at 1.25, 2 from the cache at 0.125, 5 written at 10, in dollars for a million. */
export const COST = 60
/** That answer. */
export const ANSWER = dialectOf('openai').text(['Hi'])

/** A block that asks as often as it is told, and fails as it is told. */
export const probe = defineConnector({
  id: 'probe',
  title: 'Probe',
  about: 'Asks models, for tests.',
  blocks: [
    defineBlock({
      id: 'probe.ask',
      version: 1,
      title: 'Ask',
      about: 'Asks a model.',
      group: 'ai',
      icon: 'bot',
      effect: 'repeatable',
      input: z.strictObject({
        model: z.string().meta({ title: 'Model' }),
        text: z.string().default('Hello').meta({ title: 'Text' }),
        times: z.number().default(1).meta({ title: 'Times' }),
        maxTokens: z.number().optional().meta({ title: 'Most tokens' }),
        budget: z.number().optional().meta({ title: 'Budget' }),
        fail: z.enum(['never', 'once', 'always']).default('never').meta({ title: 'Fail' }),
        embed: z.boolean().default(false).meta({ title: 'Embed' }),
      }),
      output: z.looseObject({ said: z.array(z.string()) }),
      example: { input: { model: 'demo/writer' }, output: { said: ['Hello'] } },
      async run({ model, text, times, maxTokens, budget, fail, embed }, context) {
        const said: string[] = []
        for (let at = 0; at < times; at += 1) {
          const messages = [{ role: 'user' as const, parts: [{ is: 'text' as const, text }] }]
          const ask = { model, messages, ...(maxTokens === undefined ? {} : { settings: { maxTokens } }) }
          said.push((await context.models.ask(ask, budget === undefined ? {} : { budget })).model)
        }
        if (embed) await context.models.embed('demo/meaning', [text])
        if (fail === 'always') throw new Refused('probe.failed', 'It was to fail.')
        if (fail === 'once' && context.attempt === 1) throw new TryLater('probe.later', 'It was to fail once.')
        return { said }
      },
    }),
  ],
})

/** The whole product with a server that speaks as OpenAI does, and answers the same each time. */
export type Paid = Stage & { where: Where; wire: Wire; asking(params: Record<string, unknown>, more?: object): Drawing }

/** Sets such a stage. */
export async function setPaidStage(where: Where, settings: Record<string, string> = {}): Promise<Paid> {
  const wire = await startWire()
  wire.says(stream(ANSWER))
  const stage = await setStage(where, settings, { connectors: [probe] })
  await addOpenai(stage, wire)
  return Object.assign(Object.create(stage), {
    where,
    wire,
    asking: (params: Record<string, unknown>, more: object = {}) => ({
      nodes: [
        { key: 'start', block: 'manual.start' },
        { key: 'ask', block: 'probe.ask', params: { model: 'openai/gpt-5', ...params }, retry: { delay: 1 } },
      ],
      edges: ['start -> ask'],
      ...more,
    }),
    async close() {
      await stage.close()
      await wire.stop()
    },
  })
}

/** Adds a credential that leads to the wire. */
export const addOpenai = ({ post }: Pick<Stage, 'post'>, { url }: Wire) =>
  post('/api/credentials', { name: 'wire', kind: 'openai', values: { apiKey: KEY, baseUrl: `${url}/v1` } })
