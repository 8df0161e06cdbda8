import type { Problem } from '#engine/check.ts'
import type { Library } from '#sdk/library.ts'
import type { Ask, Message, Reply } from '#sdk/model.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { ANSWER } from './answer.ts'
import { catalogue, explained, ROOM } from './catalogue.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { refsOf } from './keep.ts'

/** What is wanted, of whom, and what there is. */
export type Wanted = {
  model: string
  prompt: string
  workspace: unknown
  workflow: string | null
  used: WorkflowDocument['nodes']
  /** How many tokens the model can read, where that is known. */
  context: number | null
}

/** JSON in which nothing can end the fence around it. */
const fenced = (name: string, json: string) => `<${name}>\n${json.replaceAll('<', '\\u003c')}\n</${name}>`

const user = (text: string): Message => ({ role: 'user', parts: [{ is: 'text', text }] })

/** Less of the blocks for a model that cannot read much: half of what it can, at about four letters to a token. */
const roomIn = (context: number | null) =>
  context === null || context > 24_000 ? ROOM : { full: context, brief: Math.min(ROOM.brief, context / 2), line: 500 }

/** The first question. */
export function firstAsk({ model, prompt, workspace, workflow, used, context }: Wanted, library: Library): Ask {
  const parts = [
    fenced('workspace', JSON.stringify(workspace)),
    ...(workflow === null ? [] : [fenced('workflow', workflow)]),
    fenced('request', JSON.stringify(prompt)),
  ]
  return {
    model,
    system: `${INSTRUCTIONS}\n\n${catalogue(library, prompt, used, roomIn(context))}`,
    messages: [user(parts.join('\n\n'))],
    schema: ANSWER,
  }
}

/** What was wrong with an answer: what could not be read, or the problems of the workflow that it makes. */
export type Wrong = { document: WorkflowDocument | null; lines: string[] }

/** The problems as a model reads them: by key, where it knows nodes by that. */
export function linesOf(problems: readonly Problem[], document: WorkflowDocument): string[] {
  const refs = refsOf(document)
  return problems
    .slice(0, 40)
    .map(({ node, field, message }) =>
      [node === null ? '' : (refs.get(node) ?? node), field ?? '', message].filter(Boolean).join(' · '),
    )
}

/** The question after an answer that had problems: only the last answer goes with it. */
export function nextAsk(
  first: Ask,
  reply: Reply,
  { document, lines }: Wrong,
  concerned: readonly string[],
  library: Library,
): Ask {
  const blocks = (document?.nodes ?? []).filter(node => concerned.includes(node.id))
  const again = explained(library, blocks)
  const text = [
    'Your answer has these problems:',
    fenced('problems', JSON.stringify(lines, null, 1)),
    ...(again === '' ? [] : [`The blocks in question:\n\n${again}`]),
    'Answer again with the whole JSON object, mended: everything of your last answer that was right, and the problems solved. Nothing else.',
  ]
  const said = reply.parts.filter(part => part.is !== 'call')
  const answer: Message = { role: 'assistant', parts: said.length > 0 ? said : [{ is: 'text', text: '{}' }] }
  return { ...first, messages: [...first.messages, answer, user(text.join('\n\n'))] }
}
