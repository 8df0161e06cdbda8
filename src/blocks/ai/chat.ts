import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import type { KeptMessage } from '#sdk/model.ts'
import { models, settingsOf } from './ask.ts'
import { FILES_RULE } from './fence.ts'
import { heldOf, listed, roomForOne, savedOf, written } from './material.ts'
import { CREDENTIALS, type Files, files, how, outcome, system, which } from './params.ts'
import { together } from './subject.ts'

const Said = z
  .strictObject({
    role: z.enum(['user', 'assistant', 'system']).meta({ title: 'Who', description: 'user, assistant or system.' }),
    text: z.unknown().optional().meta({ title: 'Text', ui: 'longtext' }),
    content: z.unknown().optional().meta({ title: 'Text, as others call it', advanced: true }),
    files,
  })
  .meta({ title: 'Message' })

type Said = z.output<typeof Said>

const Input = z.strictObject({
  message: z.unknown().optional().meta({
    title: 'Message',
    description: 'What the person says now, such as {{ trigger.message }}.',
    ui: 'longtext',
  }),
  files,
  messages: z.array(Said).max(10_000).nullish().meta({
    title: 'What was said before',
    description: 'Oldest first, such as {{ trigger.messages }}; the last one is answered where there is no message.',
    ui: 'list',
  }),
  window: z.int().min(1).max(1_000).default(40).meta({
    title: 'Messages it remembers',
    description: 'Of those before, only so many of the last are read.',
    section: 'Limits',
    advanced: true,
  }),
  system,
  ...which('demo/writer', 'text'),
  ...how,
})

/** Talks with a model. */
export const chat = defineBlock({
  id: 'ai.chat',
  version: 1,
  title: 'Chat',
  about: 'Answers a message in a conversation. Give the messages that it puts out back to it with the next one.',
  group: 'ai',
  icon: 'messages-square',
  input: Input,
  output: z
    .object({
      text: z.string().meta({ title: 'Answer' }),
      files: z.array(z.unknown()).meta({ title: 'Files' }),
      messages: z
        .array(z.object({ role: z.enum(['user', 'assistant']), text: z.string(), files: z.array(z.unknown()) }))
        .meta({ title: 'Conversation', description: 'All of it, with the message and the answer, to go on with.' }),
      ...outcome,
    })
    .meta({ title: 'Answer' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: {
      model: 'anthropic/claude-sonnet-4-5',
      system: 'You help people choose a tea.',
      messages: [
        { role: 'user', text: 'I like it mild.' },
        { role: 'assistant', text: 'Then try a white tea.' },
      ],
      message: 'And in the evening?',
    },
    output: {
      text: 'In the evening rooibos is a good choice: it is mild and keeps nobody awake.',
      files: [],
      messages: [
        { role: 'user', text: 'I like it mild.', files: [] },
        { role: 'assistant', text: 'Then try a white tea.', files: [] },
        { role: 'user', text: 'And in the evening?', files: [] },
        { role: 'assistant', text: 'In the evening rooibos is a good choice: it is mild and keeps nobody awake.', files: [] },
      ],
      model: 'anthropic/claude-sonnet-4-5',
      usage: { inputTokens: 48, outputTokens: 21, cachedTokens: 0, reasoningTokens: null },
      cost: 0.000459,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const { said, orders } = conversation(params)
    const room = roomForOne()
    const messages = await Promise.all(lastOf(said, params.window).map(one => heldOf(keptOf(one), context, room)))
    const shown = messages.some(({ parts }) => parts.some(part => part.is === 'file'))
    const rules = together(params.system, ...orders, shown ? FILES_RULE : '')
    const { first, outcome } = models(context, params)
    const reply = await first(one => one.ask({ system: rules, messages, ...settingsOf(params) }, { live: true }))
    const made = await savedOf(reply, context)
    if (reply.finish === 'length') context.log('The answer ends because no more tokens were allowed.')
    const answered = { role: 'assistant' as const, text: reply.text, files: made }
    return { text: reply.text, files: made, messages: [...said, answered], ...outcome(), finishReason: reply.finish }
  },
})

type Turn = { role: 'user' | 'assistant'; text: string; files: ReturnType<typeof listOf> }

const listOf = (given: Files) => [given ?? []].flat()

/** What was said, and what was ordered; the last must be the user's. */
function conversation(params: Pick<z.output<typeof Input>, 'messages' | 'message' | 'files'>) {
  const now = written(params.message)
  const isNew = now.trim() !== '' || listed(params.files).length > 0
  const all: Said[] = [...(params.messages ?? []), ...(isNew ? [{ role: 'user' as const, text: now, files: params.files }] : [])]
  const said: Turn[] = []
  const orders: string[] = []
  for (const { role, text, content, files: given } of all) {
    const words = wordsOf(text ?? content)
    const files = listOf(given)
    if (role === 'system') orders.push(words)
    else if (words.trim() !== '' || files.length > 0) said.push({ role, text: words, files })
  }
  if (said.at(-1)?.role !== 'user')
    throw new Refused(
      'input.missing',
      'There is nothing to answer: give a `message`, or `messages` of which the last is one of the user.',
    )
  return { said, orders }
}

/** Others write a text as a list of parts. */
const wordsOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(part => written(isObject(part) ? part.text : part)).join('\n') : written(value)

/** The last messages, from one of the user on, as conversations begin. */
function lastOf(said: readonly Turn[], most: number): readonly Turn[] {
  const last = said.slice(-most - 1)
  return last.length === said.length ? last : last.slice(last.findIndex(one => one.role === 'user'))
}

const keptOf = ({ role, text, files }: Turn): KeptMessage => ({
  role,
  parts: [...(text === '' ? [] : [{ is: 'text' as const, text }]), ...listed(files).map(file => ({ is: 'file' as const, file }))],
})
