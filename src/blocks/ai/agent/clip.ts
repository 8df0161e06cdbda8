/** What a tool says beyond this is cut: one answer must not fill what a model can read. */
const LONGEST = 40_000

/** What a tool has put out, as far as a model is given it. */
export function clipped(output: unknown): unknown {
  const text = typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null')
  if (text.length <= LONGEST) return output
  return `${text.slice(0, LONGEST)}\n… cut here; it has ${text.length} characters in all.`
}

/** Words with which data tries to be taken for orders. */
const ORDERS =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your)\b.{0,40}\b(?:instructions?|rules?|prompts?)\b|\byou are now\b|\bnew instructions?\s*:|<\/?(?:system|assistant)>|\b(?:reveal|print|show)\b.{0,30}\bsystem prompt\b|\bignoriere\b.{0,40}\banweisungen\b/is

/** Letters that nobody sees. */
const HIDDEN = /[\u{e0000}-\u{e007f}\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069]/u

/** Does it look as if it wanted to give orders to the model that reads it? */
export function looksLikeOrders(output: unknown): boolean {
  const text = (typeof output === 'string' ? output : (JSON.stringify(output) ?? '')).slice(0, LONGEST)
  return ORDERS.test(text) || HIDDEN.test(text)
}
