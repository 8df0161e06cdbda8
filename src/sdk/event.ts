/** What the product itself tells of. `prompt.published` and `label.moved` may be listened to, and nobody tells of them yet. */
const KNOWN = [
  'execution.completed',
  'execution.failed',
  'approval.requested',
  'budget.warned',
  'budget.exhausted',
  'prompt.published',
  'label.moved',
  'file.created',
  'member.joined',
]

/** How the names of the product itself begin. */
const OURS = /^(execution|approval|budget|prompt|label|file|member|workflow|trigger)\./i
const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/i
const MANY = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\.\*$/i
const LONGEST = 100

/** What is said of a name that cannot be one. */
const SHAPE = `The name of an event is words with dots between them, such as order.paid: letters, digits and _, at most ${LONGEST} in all.`

/** Why nobody may tell of an event by this name; null when somebody may. */
export function whyNotTold(name: string): string | null {
  if (name.length > LONGEST || !NAME.test(name)) return SHAPE
  return OURS.test(name) ? `Only PromptPilot itself tells of events that begin with “${name.split('.', 1)[0]}.”.` : null
}

/** Why nobody can listen to this name; null when somebody can. One that ends in `.*` stands for all that begin so. */
export function whyNotHeard(name: string): string | null {
  if (name.length > LONGEST || !(NAME.test(name) || MANY.test(name)))
    return `${SHAPE} One that ends in .* stands for all that begin so.`
  const heard = KNOWN.some(known => isMeant(name, known))
  return heard || !OURS.test(name) ? null : `There is no event “${name}”. Those of PromptPilot are: ${KNOWN.join(', ')}.`
}

/** Does a name that somebody listens to mean this event? */
export const isMeant = (listened: string, name: string): boolean =>
  listened.endsWith('.*') ? name.startsWith(listened.slice(0, -1)) : listened === name

/** So many bytes of JSON an event may carry; what is larger belongs into a file. */
export const MOST_BYTES = 256 * 1024

/** What is said of data that is too large. */
export const TOO_LARGE = 'The data of an event may have 256 KiB of JSON. Put it into a file, and tell of its id.'
