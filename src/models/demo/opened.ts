import type { Hear, Opened } from '#models/provider.ts'
import { Refused } from '#sdk/fail.ts'
import type { Ask, Reply, Tokens } from '#sdk/model.ts'
import { isDesign } from './design/brief.ts'
import { designFor } from './design/design.ts'
import { meaningOf } from './meaning.ts'
import { paint } from './painter.ts'
import { requestOf } from './request.ts'
import { askedIn, say, tokensOf } from './say.ts'
import { shapeFrom } from './shape.ts'
import { nextCall, outputsOf, reportOf } from './tools.ts'
import { write } from './writer.ts'

/** The demo at work. Loaded when it is first asked: its rules and words take a megabyte. */
export const opened: Opened = {
  async ask(model, ask, hear) {
    known(model, 'writer', 'writes')
    hear.signal.throwIfAborted()
    return answer(ask, hear)
  },
  async embed(model, texts, signal) {
    known(model, 'meaning', 'compares meanings')
    signal.throwIfAborted()
    return { vectors: texts.map(meaningOf), tokens: counted(tokensOf(...texts), 0) }
  },
  async draw(model, wanted, signal) {
    known(model, 'painter', 'draws')
    const pictures = await paint(wanted, signal)
    return { images: pictures.map(bytes => ({ bytes, type: 'image/png' })), tokens: counted(tokensOf(wanted.prompt), 0) }
  },
}

function known(model: string, wanted: string, does: string): void {
  if (model !== wanted) throw new Refused('model.unknown', `The demo has no model “${model}” that ${does}; take demo/${wanted}.`)
}

async function answer(ask: Ask, hear: Hear): Promise<Omit<Reply, 'cost'>> {
  const input = tokensOf(...askedIn(ask))
  const call = nextCall(ask)
  if (call) {
    const tokens = counted(input, tokensOf(call.tool, JSON.stringify(call.input)))
    return { text: '', parts: [{ is: 'call', ...call }], calls: [call], finish: 'tools', tokens, model: 'writer' }
  }
  const { text, finish } = await say(wordsFor(ask), ask.settings ?? {}, hear)
  return { text, parts: [{ is: 'text', text }], calls: [], finish, tokens: counted(input, tokensOf(text)), model: 'writer' }
}

function wordsFor(ask: Ask): string {
  if (isDesign(ask)) return JSON.stringify(designFor(ask))
  const request = requestOf(ask)
  const free = () => reportOf(ask.messages) ?? write(request)
  if (ask.schema === undefined) return free()
  const material = request.material === '' ? request.whole : request.material
  const said = [material, outputsOf(ask.messages)].filter(text => text !== '').join('\n')
  return JSON.stringify(shapeFrom(ask.schema, said, free))
}

const counted = (input: number, output: number): Tokens => ({ input, output, cached: 0, reasoning: 0 })
