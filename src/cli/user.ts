import { hashPassword } from '#accounts/password.ts'
import { recordPerson } from '#audit/record.ts'
import { Stop } from '#errors.ts'
import { closeWorld } from '#open.ts'
import type { World } from '#world.ts'
import type { Command } from './command.ts'

/** What an operator does to accounts when nobody can sign in. */
export const user: Command = {
  name: 'user',
  usage: 'user list | reset-password EMAIL | make-owner EMAIL | confirm EMAIL | disable-two-factor EMAIL',
  about: 'Look at accounts and help people back in.',
  async run([verb, email], at) {
    const act = verb && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (!act || (verb !== 'list' && !email)) {
      at.say(`promptpilot ${user.usage}`)
      return 2
    }
    const world = await at.world({ share: true })
    try {
      await act(world, email?.toLowerCase() ?? '', at.say)
      return 0
    } finally {
      await closeWorld(world)
    }
  },
}

type Verb = (world: World, email: string, say: (line: string) => void) => Promise<void>

const verbs: Record<string, Verb> = {
  async list({ db }, _email, say) {
    const rows = await db.selectFrom('users').selectAll().orderBy('id').execute()
    for (const row of rows)
      say(
        `${row.email}  ${row.name}${row.standing === 'owner' ? '  (owns the installation)' : ''}${row.two_factor_enabled ? '  (two-factor)' : ''}`,
      )
    if (rows.length === 0) say('There is no account yet.')
  },
  async 'reset-password'(world, email, say) {
    const id = await find(world, email)
    const password = world.ids.secret(12)
    const hash = await hashPassword(password)
    const now = new Date(world.clock.now())
    await world.db.transaction().execute(async trx => {
      const changed = await trx
        .updateTable('accounts')
        .set({ password: hash, updated_at: now })
        .where('user_id', '=', id)
        .where('provider_id', '=', 'credential')
        .executeTakeFirst()
      if (Number(changed.numUpdatedRows) === 0) throw new Stop(`${email} signs in at an outside provider and has no password.`)
      await trx.deleteFrom('sessions').where('user_id', '=', id).execute()
      await note(trx, world, id, email, 'password.reset')
    })
    say(`The new password of ${email} is ${password}\nAll sessions have ended. Change it after signing in.`)
  },
  async 'make-owner'(world, email, say) {
    const id = await find(world, email)
    await world.db.transaction().execute(async trx => {
      await trx.updateTable('users').set({ standing: 'person' }).where('standing', '=', 'owner').execute()
      await trx.updateTable('users').set({ standing: 'owner' }).where('id', '=', id).execute()
      await note(trx, world, id, email, 'account.made_owner')
    })
    say(`${email} owns the installation now.`)
  },
  async confirm(world, email, say) {
    const id = await find(world, email)
    await world.db.transaction().execute(async trx => {
      await trx.updateTable('users').set({ email_verified: true }).where('id', '=', id).execute()
      await note(trx, world, id, email, 'account.confirmed')
    })
    say(`The address ${email} counts as confirmed.`)
  },
  async 'disable-two-factor'(world, email, say) {
    const id = await find(world, email)
    await world.db.transaction().execute(async trx => {
      await trx.updateTable('users').set({ two_factor_enabled: false }).where('id', '=', id).execute()
      await trx.deleteFrom('two_factors').where('user_id', '=', id).execute()
      await note(trx, world, id, email, 'two_factor.disabled')
    })
    say(`${email} signs in with the password alone now.`)
  },
}

/** What the operator did stands in the audit log of the person it was done to. */
const note = (trx: World['db'], world: World, id: string, email: string, action: string) =>
  recordPerson(trx, world, { kind: 'command', user: { id, email }, address: 'this machine', agent: 'promptpilot user' }, action, {
    by: 'the operator',
  })

async function find({ db }: World, email: string): Promise<string> {
  const row = await db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
  if (!row) throw new Stop(`There is no account with the address ${email}. See: promptpilot user list`)
  return row.id
}
