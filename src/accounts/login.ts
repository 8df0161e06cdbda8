import { recordPerson } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import { addressOf, type Frame } from '#http/frame.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type { Auth } from './auth.ts'
import type * as contract from './contract.ts'
import { asking, headersOf, relayCookies } from './door.ts'
import { loadUser } from './queries.ts'

/** Starts a session with e-mail, password and, where it is on, a second factor. */
export async function login(frame: Frame, world: World, auth: Auth, { body, request, reply }: Given<typeof contract.login>) {
  const { email, password, code } = body
  const subject = `login ${email} ${addressOf(request)}`
  await frame.limits.failures.refuse(subject)
  const headers = headersOf(request)
  try {
    const first = await asking(() => auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }))
    if (!('twoFactorRedirect' in first.response)) {
      relayCookies(request, reply, first.headers)
      await frame.limits.failures.forget(subject)
      return { token: first.response.token, user: await loadUser(world.db, first.response.user.id) }
    }
    if (!code) throw new Fault('auth.code_needed')
    headers.set('cookie', cookiesOf(first.headers))
    headers.delete('authorization')
    const second = await asking(() => secondFactor(auth, code, headers))
    relayCookies(request, reply, second.headers)
    await frame.limits.failures.forget(subject)
    return { token: second.response.token ?? '', user: await loadUser(world.db, second.response.user.id) }
  } catch (error) {
    if (error instanceof Fault && ['auth.wrong_login', 'auth.wrong_code'].includes(error.code))
      await frame.limits.failures.count(subject)
    if (error instanceof Fault && error.code === 'auth.wrong_code') await noteWrongCode(world, email, request)
    throw error
  }
}

/** Six digits come from an authenticator, anything else can only be a recovery code. */
const secondFactor = (auth: Auth, code: string, headers: Headers) =>
  /^\d{6}$/.test(code.replaceAll(' ', ''))
    ? auth.api.verifyTOTP({ body: { code: code.replaceAll(' ', '') }, headers, returnHeaders: true })
    : auth.api.verifyBackupCode({ body: { code }, headers, returnHeaders: true })

const cookiesOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map(cookie => cookie.split(';', 1)[0])
    .join('; ')

async function noteWrongCode(world: World, email: string, request: Given<typeof contract.login>['request']): Promise<void> {
  const user = await world.db.selectFrom('users').select(['id', 'email']).where('email', '=', email).executeTakeFirst()
  if (!user) return
  const from = { kind: 'session' as const, address: addressOf(request), agent: request.headers['user-agent'] ?? '' }
  await recordPerson(world.db, world, { ...from, user }, 'session.refused', { by: 'second factor' })
}

/** Ends the session. */
export async function logout(auth: Auth, { request, reply }: Given<typeof contract.logout>) {
  const { headers } = await asking(() => auth.api.signOut({ headers: headersOf(request), returnHeaders: true }))
  relayCookies(request, reply, headers)
  return { ok: true as const }
}

/** Sends a link for a new password, to whoever has an account. */
export async function forgot(world: World, auth: Auth, { body, request }: Given<typeof contract.forgot>) {
  await asking(() => auth.api.requestPasswordReset({ body: { email: body.email }, headers: headersOf(request) }))
  return { by: world.mail.configured ? ('mail' as const) : ('log' as const) }
}

/** Sets the new password; all sessions end. */
export async function reset(world: World, auth: Auth, { body, request }: Given<typeof contract.reset>) {
  const found = await world.db
    .selectFrom('verifications')
    .innerJoin('users', 'users.id', 'verifications.value')
    .select(['users.id', 'users.email'])
    .where('identifier', '=', `reset-password:${body.token}`)
    .executeTakeFirst()
  await asking(() =>
    auth.api.resetPassword({ body: { token: body.token, newPassword: body.password }, headers: headersOf(request) }),
  )
  const from = { kind: 'session' as const, address: addressOf(request), agent: request.headers['user-agent'] ?? '' }
  if (found) await recordPerson(world.db, world, { ...from, user: found }, 'password.reset')
  return { ok: true as const }
}

/** Confirms an e-mail address. */
export async function confirm(auth: Auth, { body, request }: Given<typeof contract.confirm>) {
  await asking(() => auth.api.verifyEmail({ query: { token: body.token }, headers: headersOf(request) }))
  return { ok: true as const }
}

/** Begins a sign-in at an outside provider. */
export async function startProvider(auth: Auth, { body, request, reply }: Given<typeof contract.provider>) {
  const headers = headersOf(request)
  const ways = { callbackURL: body.next, errorCallbackURL: '/login' }
  const { response, headers: cookies } = await asking(() =>
    auth.api.signInSocial({ body: { provider: body.provider, ...ways, disableRedirect: true }, headers, returnHeaders: true }),
  )
  relayCookies(request, reply, cookies)
  if (!response.url) throw new Fault('auth.refused', { message: 'The provider gave no address to go to.' })
  return { url: response.url }
}
