import { z } from 'zod'

/** How something that was said stands: on its way, being answered, answered, or failed on the way or afterwards. */
const Said = z.object({
  id: z.string(),
  text: z.string(),
  files: z.array(z.object({ file: z.string(), name: z.string(), size: z.number() })),
  state: z.enum(['sending', 'working', 'answered', 'unsent', 'failed']),
  /** The token to follow it with, while it is worked on. */
  follow: z.string().nullable(),
  answer: z.string(),
  output: z.unknown().optional(),
  /** What to name when asking why it failed. */
  number: z.string().nullable(),
})

/** Something that was said, and what was answered. */
export type Said = z.output<typeof Said>

const Talk = z.object({ conversation: z.string(), said: z.array(Said) })

/** A conversation as this tab remembers it. */
export type Talk = z.output<typeof Talk>

/** What a conversation is called by, by chance. */
export const newTalk = (conversation: string): Talk => ({ conversation, said: [] })

/** What was remembered; null where it is nothing that can be read. What was on its way then is to be sent again. */
export function readTalk(text: string | null): Talk | null {
  const read = Talk.safeParse(parse(text))
  if (!read.success) return null
  const said = read.data.said.map(one => (one.state === 'sending' ? { ...one, state: 'unsent' as const } : one))
  return { ...read.data, said }
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** The same conversation with one thing that was said changed. */
export const withSaid = (talk: Talk, id: string, change: Partial<Said>): Talk => ({
  ...talk,
  said: talk.said.map(one => (one.id === id ? { ...one, ...change } : one)),
})

/** The same conversation with something new that is on its way. */
export const saying = (talk: Talk, it: Pick<Said, 'id' | 'text' | 'files'>): Talk => ({
  ...talk,
  said: [...talk.said, { ...it, state: 'sending', follow: null, answer: '', number: null }],
})

/** So much of what was said before is sent along. */
const MOST = 20
const LONGEST = 200_000
const LONGEST_ONE = 50_000

/** What was said and answered before something, the newest of it, as it is sent along. */
export function historyOf({ said }: Talk, before: string): { from: 'me' | 'you'; text: string }[] {
  const end = said.findIndex(one => one.id === before)
  const all = said
    .slice(0, end === -1 ? said.length : end)
    .filter(({ state }) => state === 'answered')
    .flatMap(({ text, answer }) => [
      { from: 'me' as const, text: text.slice(0, LONGEST_ONE) },
      { from: 'you' as const, text: answer.slice(0, LONGEST_ONE) },
    ])
  let room = LONGEST
  const kept = all.slice(-MOST).toReversed()
  const over = kept.findIndex(({ text }) => {
    room -= text.length
    return room < 0
  })
  return (over === -1 ? kept : kept.slice(0, over)).toReversed()
}

/** Is something being answered? */
export const isBusy = ({ said }: Talk): boolean => said.some(({ state }) => state === 'sending' || state === 'working')
