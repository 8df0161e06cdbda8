import { Fault } from '#errors.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { isWithin } from './allow.ts'
import type { Gate } from './doors.ts'
import { type Once, verify } from './verify.ts'

/** What a page may read of an answer beside its body. */
const EXPOSED = 'x-execution-id, x-request-id, retry-after'

/** For how many seconds a browser may remember that a page may call. */
const REMEMBERED = '600'

/** Lets a call in, or says why not, before anything of its body is believed. Answers with the proof that is taken once, or to a browser that asks beforehand. */
export function admit(gate: Gate, knock: Knock, now: number): { proof: Once | null } | { preflight: DoorAnswer } {
  const { method, headers, address, size } = knock
  if (gate.allow && !isWithin(gate.allow, address))
    throw new Fault('hook.not_allowed', { message: `Calls from ${address} are not taken here.` })
  const friend = friendOf(gate, headers.origin)
  if (friend) knock.say(friend)
  if (isPreflight(knock) && gate.origins.length > 0) return { preflight: preflight(gate, headers, friend) }
  if (!gate.methods.includes(method))
    throw new Fault('hook.wrong_method', { message: `This webhook takes ${gate.methods.join(', ')}, not ${method}.` })
  if (knock.foreign && !friend) throw knock.foreign
  if (size > gate.size) throw new Fault('request.too_large', { message: `The body is larger than ${gate.size} bytes.` })
  return { proof: verify(gate.verify, gate.secrets, knock, now) }
}

const isPreflight = ({ method, headers }: Knock) =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

/** What is said to a page that may call; null for any other, and where no page may. Never with a cookie: nobody is known by one here. */
function friendOf({ origins }: Gate, origin: string | undefined): Record<string, string> | null {
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return null
  return {
    'access-control-allow-origin': origins.includes('*') ? '*' : origin,
    'access-control-expose-headers': EXPOSED,
    vary: 'origin',
  }
}

function preflight(gate: Gate, headers: Record<string, string>, friend: Record<string, string> | null): DoorAnswer {
  if (!friend) throw new Fault('hook.not_allowed', { message: 'Pages from there may not call this webhook.' })
  const asked = headers['access-control-request-headers']
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': gate.methods.join(', '),
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
      'access-control-max-age': REMEMBERED,
      vary: 'origin, access-control-request-headers',
    },
    body: null,
  }
}
