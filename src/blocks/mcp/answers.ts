import type { Client } from '@modelcontextprotocol/client'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { line } from './clean.ts'

/** What is answered when a server asks something while it works; null: it cannot ask. */
export type Answers = Readonly<Record<string, unknown>> | null

/** Answers the questions of a server: with what was filled in, else with what it proposes itself. `missing` hears of those without an answer. */
export function answer(client: Client, answers: NonNullable<Answers>, missing: (reason: Refused) => void): void {
  client.setRequestHandler('elicitation/create', ({ params }) => {
    const question = line(params.message)
    if (params.mode === 'url') {
      missing(new Refused('mcp.asks', `The server wants a person to open an address: ${question} ${line(params.url)}`))
      return { action: 'cancel' }
    }
    const { properties, required = [] } = params.requestedSchema
    const known = Object.entries(properties)
    const content = Object.fromEntries(
      known.flatMap(([name, field]) => {
        const value = Object.hasOwn(answers, name) ? answers[name] : isObject(field) ? field.default : undefined
        return isSimple(value) ? [[name, value]] : []
      }),
    )
    const open = required.filter(name => !Object.hasOwn(content, name))
    if (open.length === 0) return { action: 'accept', content }
    const names = open.map(name => `\`${line(name, 100)}\``).join(', ')
    missing(new Refused('mcp.asks', `The server asks: ${question}. Fill in \`answers\` for ${names}.`))
    return { action: 'cancel' }
  })
}

const isSimple = (value: unknown): value is string | number | boolean | string[] =>
  ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(one => typeof one === 'string'))
