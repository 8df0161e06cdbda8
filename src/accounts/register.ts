import type { Kysely } from 'kysely'
import { recordPerson } from '#audit/record.ts'
import { isUnique } from '#db/db.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { addressOf } from '#http/frame.ts'
import type { Given } from '#http/serve.ts'
import { openInvitation, takeInvitation } from '#workspaces/invitations.ts'
import { insertWorkspace } from '#workspaces/workspace.ts'
import type { World } from '#world.ts'
import type { Auth } from './auth.ts'
import type { register as contract } from './contract.ts'
import { asking, headersOf, relayCookies } from './door.ts'
import { hashPassword } from './password.ts'
import { registration } from './policy.ts'
import { loadUser } from './queries.ts'

/** Makes an account with its workspace or its place in one, all in one transaction; then signs in. */
export async function register(world: World, auth: Auth, { body, request, reply }: Given<typeof contract>) {
  const { email, name } = body
  const password = await hashPassword(body.password)
  const invitation = body.invitation === undefined ? null : await openInvitation(world, body.invitation)
  if (invitation && invitation.email !== email) throw new Fault('invitation.other_email')
  const id = world.ids.next('usr')
  const from = { kind: 'session' as const, address: addressOf(request), agent: request.headers['user-agent'] ?? '' }
  let trusted: boolean
  try {
    trusted = await world.db.transaction().execute(async trx => {
      const who = await registration({ db: trx, config: world.config })
      if (who === 'invited' && !invitation) throw new Fault('auth.signup_closed')
      const known = who === 'first' || invitation !== null
      await insertPerson(trx, world, {
        id,
        email,
        name,
        password,
        verified: known,
        standing: who === 'first' ? 'owner' : 'person',
      })
      if (invitation) await takeInvitation(trx, world, invitation, { id, email, ...from })
      else await insertWorkspace(trx, world, id, `Workspace of ${name}`.slice(0, 100))
      await recordPerson(trx, world, { ...from, user: { id, email } }, 'account.registered', {
        first: who === 'first',
        invited: invitation !== null,
      })
      return known
    })
  } catch (error) {
    if (!isUnique(error)) throw error
    // Either the e-mail is taken, or two were the first at once and this one came second.
    const taken = await world.db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
    throw new Fault(taken ? 'auth.email_taken' : 'auth.signup_closed')
  }
  const user = await loadUser(world.db, id)
  const headers = headersOf(request)
  if (world.mail.configured && !trusted) {
    await asking(() => auth.api.sendVerificationEmail({ body: { email }, headers }))
    return { token: null, user }
  }
  const session = await asking(() =>
    auth.api.signInEmail({ body: { email, password: body.password }, headers, returnHeaders: true }),
  )
  relayCookies(request, reply, session.headers)
  return { token: session.response.token, user }
}

type Row = { id: string; email: string; name: string; password: string; verified: boolean; standing: string }

async function insertPerson(
  trx: Kysely<Tables>,
  { ids, clock }: World,
  { id, email, name, password, verified, standing }: Row,
): Promise<void> {
  const now = new Date(clock.now())
  const times = { created_at: now, updated_at: now }
  await trx
    .insertInto('users')
    .values({ id, name, email, email_verified: verified, image: null, two_factor_enabled: false, standing, ...times })
    .execute()
  const none = {
    access_token: null,
    refresh_token: null,
    id_token: null,
    access_token_expires_at: null,
    refresh_token_expires_at: null,
    scope: null,
  }
  await trx
    .insertInto('accounts')
    .values({ id: ids.next('acc'), account_id: id, provider_id: 'credential', user_id: id, password, ...none, ...times })
    .execute()
}
