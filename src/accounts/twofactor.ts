import type { Given } from '#http/serve.ts'
import type { Auth } from './auth.ts'
import type * as contract from './contract.ts'
import { asking, headersOf, relayCookies } from './door.ts'

/** Begins two-factor: a secret for the authenticator and recovery codes. */
export async function enableTwoFactor(auth: Auth, { body, request }: Given<typeof contract.enableTwoFactor>) {
  const begun = await asking(() => auth.api.enableTwoFactor({ body: { password: body.password }, headers: headersOf(request) }))
  return 'totpURI' in begun ? { uri: begun.totpURI, recoveryCodes: begun.backupCodes } : { uri: '', recoveryCodes: [] }
}

/** Turns it on with a first code; the session is renewed. */
export async function confirmTwoFactor(auth: Auth, { body, request, reply }: Given<typeof contract.confirmTwoFactor>) {
  const { headers } = await asking(() =>
    auth.api.verifyTOTP({ body: { code: body.code.replaceAll(' ', '') }, headers: headersOf(request), returnHeaders: true }),
  )
  relayCookies(request, reply, headers)
  return { ok: true as const, token: tokenIn(headers) }
}

/** Turns it off; the session is renewed. */
export async function disableTwoFactor(auth: Auth, { body, request, reply }: Given<typeof contract.disableTwoFactor>) {
  const { headers } = await asking(() =>
    auth.api.disableTwoFactor({ body: { password: body.password }, headers: headersOf(request), returnHeaders: true }),
  )
  relayCookies(request, reply, headers)
  return { ok: true as const, token: tokenIn(headers) }
}

/** New recovery codes. */
export async function recoveryCodes(auth: Auth, { body, request }: Given<typeof contract.recoveryCodes>) {
  const { backupCodes } = await asking(() =>
    auth.api.generateBackupCodes({ body: { password: body.password }, headers: headersOf(request) }),
  )
  return { recoveryCodes: backupCodes }
}

/** The bearer token of a renewed session: `token.signature` without the signature. */
const tokenIn = (headers: Headers): string | null => headers.get('set-auth-token')?.split('.', 1)[0] ?? null
