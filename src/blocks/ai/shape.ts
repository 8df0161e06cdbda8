import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Ask, Message, Reply } from '#sdk/model.ts'
import type { One } from './ask.ts'
import { type Check, jsonIn, type Schema } from './json.ts'

/** What is asked for, and how often an answer may be mended. */
type Wanted = {
  schema: Schema
  check: Check
  repairs: number
  /** Puts right what is plain what was meant, such as a label with a capital. */
  tidy?: (value: unknown) => unknown
}

/** A value that fits, and how it came about. */
export type Shaped = { value: unknown; repairs: number; finish: Reply['finish'] }

/** A longer answer is not read out to the model that wrote it. */
const LONGEST = 20_000
/** So much of an answer that did not fit is kept with the failure. */
const KEPT = 4_000

/** Asks for a value that fits a schema. An answer that does not is given back with what is wrong with it. */
export async function askShaped(
  one: One,
  question: Omit<Ask, 'model' | 'schema'>,
  { schema, check, repairs, tidy = value => value }: Wanted,
  context: Context,
): Promise<Shaped> {
  let messages: readonly Message[] = question.messages
  for (let done = 0; ; done += 1) {
    const reply = await one.ask({ ...question, messages, schema })
    const value = tidy(jsonIn(reply.text))
    const faults = value === undefined ? [notJson(reply)] : check(value)
    if (faults.length === 0) return { value, repairs: done, finish: reply.finish }
    const told = faults.join('; ')
    if (reply.finish === 'length') throw cutShort(one.model, reply)
    if (done >= repairs) throw unfit(one.model, reply, done, told)
    context.log(`${one.model}: repair ${done + 1} of ${repairs}: ${told}`)
    messages = [...question.messages, ...again(reply, told, schema)]
  }
}

const notJson = ({ text }: Reply) => (text.trim() === '' ? 'it says nothing' : 'it is not JSON')

/** The answer, and what is wrong with it. The schema is said in words, for it may be that nobody has told the model. */
function again({ text, parts }: Reply, faults: string, schema: Schema): Message[] {
  const words = [
    `Your answer does not fit: ${faults}.`,
    'Answer again with the whole of it, as JSON alone, without any words around it.',
    `It must fit this JSON Schema: ${JSON.stringify(schema)}`,
  ].join('\n')
  const asked: Message = { role: 'user', parts: [{ is: 'text', text: words }] }
  // Calls of tools would want results.
  const isPlain = text.length <= LONGEST && parts.length > 0 && parts.every(part => part.is === 'text' || part.is === 'thought')
  return isPlain ? [{ role: 'assistant', parts }, asked] : [asked]
}

const unfit = (model: string, { text }: Reply, repairs: number, faults: string) =>
  new Refused(
    'model.bad_answer',
    `The answer of ${model} does not fit${repairs > 0 ? `, also after ${repairs} ${repairs === 1 ? 'repair' : 'repairs'}` : ''}: ${faults}. Ask for less, or take another model.`,
    { text: text.slice(0, KEPT) },
  )

/** The refusal of an answer that ends before its end. */
export const cutShort = (model: string, { text }: Reply) =>
  new Refused(
    'model.bad_answer',
    `${model} was not allowed to write enough for a whole answer. Raise the most tokens, or ask for less.`,
    {
      text: text.slice(0, KEPT),
    },
  )
