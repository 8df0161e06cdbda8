/** What is known about how far somebody has come. */
export type Known = {
  twoFactor: boolean
  keys: number
  members: number
  invitations: number
  credentials: number
  lookedAtReference: boolean
  mayInvite: boolean
  mayKeep: boolean
}

/** One thing to do on the way in; its words are `home.steps.<word>`. */
export type Step = { word: 'account' | 'secure' | 'invite' | 'key' | 'credential' | 'reference'; done: boolean }

/** What there is to do, in the order that makes sense; what somebody may not do is not asked of them. */
export function stepsOf(known: Known): Step[] {
  const { twoFactor, keys, members, invitations, credentials, lookedAtReference, mayInvite, mayKeep } = known
  return [
    { word: 'account', done: true },
    { word: 'secure', done: twoFactor },
    ...(mayInvite ? [{ word: 'invite' as const, done: members > 1 || invitations > 0 }] : []),
    { word: 'key', done: keys > 0 },
    ...(mayKeep ? [{ word: 'credential' as const, done: credentials > 0 }] : []),
    { word: 'reference', done: lookedAtReference },
  ]
}

/** Which greeting fits the hour. */
export const partOfDay = (hour: number): 'night' | 'morning' | 'day' | 'evening' =>
  hour < 5 ? 'night' : hour < 11 ? 'morning' : hour < 18 ? 'day' : hour < 23 ? 'evening' : 'night'
