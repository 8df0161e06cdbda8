import type { Brief, Known } from './brief.ts'

/** A node as the answer has it, its parameters not yet a text. */
export type Part = { key: string; block: string; name: string; params: Record<string, unknown>; inside: string | null }
/** Where a line begins. */
export type Tail = { from: string; outlet: string }

/** A workflow that is being put together. */
export type Desk = {
  brief: Brief
  german: boolean
  nodes: Part[]
  connect: (Tail & { to: string })[]
  variables: Record<string, unknown>
  taken: Set<string>
  inside: string | null
  tails: Tail[]
  /** The expression of what the next step works on; null where there is nothing yet. */
  text: string | null
  /** Is that certainly a text? */
  isText: boolean
  /** What a field of the data is read from: `trigger.body`. */
  data: string
  /** What could not be built, and what a person must fill in. */
  missing: string[]
  open: string[]
}

/** One of two words. */
export const say = (desk: Pick<Desk, 'german'>, english: string, german: string) => (desk.german ? german : english)

/** The block with this id, if the ask told of it in full; what is missing is noted. */
export function block(desk: Desk, id: string, what: string): Known | null {
  const known = desk.brief.blocks.get(id)
  if (!known) desk.missing.push(what)
  return known ?? null
}

/** Puts a node behind what there is; it leaves by these outlets. Answers with its key. */
export function put(
  desk: Desk,
  key: string,
  id: string,
  name: string,
  params: Record<string, unknown>,
  outlets = ['main'],
): string {
  let own = key
  for (let count = 2; desk.taken.has(own); count += 1) own = `${key}${count}`
  desk.taken.add(own)
  desk.nodes.push({ key: own, block: id, name, params, inside: desk.inside })
  for (const tail of desk.tails) desk.connect.push({ ...tail, to: own })
  desk.tails = outlets.map(outlet => ({ from: own, outlet }))
  return own
}

/** The first of these that a block has. */
export const oneOf = (names: readonly string[], wanted: readonly string[]): string | null =>
  wanted.find(name => names.includes(name)) ?? null

const TEXTS = ['text', 'input', 'content', 'document', 'message', 'prompt']

/** The parameters of a block that asks a model, by what the catalogue says it has. */
export function asking(desk: Desk, known: Known, more: Record<string, unknown> = {}): Record<string, unknown> {
  const text = oneOf(known.params, TEXTS)
  return {
    ...(known.params.includes('model') ? { model: desk.brief.model } : {}),
    ...(text !== null && desk.text !== null && !(text in more) ? { [text]: desk.text } : {}),
    ...Object.fromEntries(Object.entries(more).filter(([name]) => known.params.includes(name))),
  }
}

/** What the output of a node is read by: its text, or all of it. */
export function reads(desk: Desk, key: string, { outputs }: Pick<Known, 'outputs'>): void {
  const field = oneOf(outputs, ['text', 'summary', 'translation', 'object', 'label', 'result', 'body'])
  desk.text = field === null ? `{{ ${key} }}` : `{{ ${key}.${field} }}`
  desk.isText = field !== null && !['object', 'result', 'body'].includes(field)
}

/** A variable that a person fills in. */
export function variable(desk: Desk, name: string, value: string, why: string): string {
  if (!(name in desk.variables)) desk.open.push(why)
  desk.variables[name] = value
  return `{{ vars.${name} }}`
}
