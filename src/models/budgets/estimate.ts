import { estimateTokenCount } from 'tokenx'
import type { Ask, Drawing, Part } from '#sdk/model.ts'

/** How large a call may become: tokens that are read, and the most that are written. */
export type Size = { input: number; output: number }

/** What a model may write where nobody says how much. */
export const USUAL_OUTPUT = 4_096
/** What providers count for a picture that is shown to a model, and for one that is drawn, at the most that is usual. */
const SHOWN = 1_600
const DRAWN = 4_200
/** Of a document that is shown, a token stands for so many bytes; a page is counted as text and as picture. */
const BYTES = 20
/** Each message and each tool has words around it. */
const AROUND = 8

/** How large an answer may become. */
export function sizeOfAsk({ system = '', messages, tools = [], schema, settings = {} }: Ask): Size {
  let input = tokens(system) + AROUND
  for (const { parts } of messages) {
    input += AROUND
    for (const part of parts) input += tokensOf(part)
  }
  for (const tool of tools) input += tokens(JSON.stringify(tool)) + AROUND
  if (schema) input += tokens(JSON.stringify(schema))
  return { input, output: settings.maxTokens ?? USUAL_OUTPUT }
}

function tokensOf(part: Part): number {
  switch (part.is) {
    case 'text':
    case 'thought':
      return tokens(part.text)
    case 'file':
      return part.type.startsWith('image/') ? SHOWN : Math.max(SHOWN, Math.ceil(part.bytes.length / BYTES))
    case 'call':
      return tokens(part.tool) + tokens(part.broken ?? JSON.stringify(part.input)) + AROUND
    case 'result':
      return (
        tokens(part.tool) + tokens(typeof part.output === 'string' ? part.output : JSON.stringify(part.output ?? null)) + AROUND
      )
  }
}

/** How large it is what is judged: next to nothing is written. */
export const sizeOfParts = (parts: readonly Part[]): Size => ({
  input: parts.reduce((sum, part) => sum + tokensOf(part), 0),
  output: 0,
})

/** How large the vectors of texts become: nothing is written. */
export const sizeOfTexts = (texts: readonly string[]): Size => ({
  input: texts.reduce((sum, text) => sum + tokens(text), 0),
  output: 0,
})

/** How large pictures become. */
export const sizeOfDrawing = ({ prompt, count }: Drawing): Size => ({ input: tokens(prompt) + AROUND, output: count * DRAWN })

const tokens = (text: string): number => (text === '' ? 0 : estimateTokenCount(text))
