import assert from 'node:assert/strict'
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { Fault, Stop } from '#errors.ts'
import { keyFileOf, keyFrom, newKey } from './key.ts'
import { readKeyFile, writeKeyFile } from './keyfile.ts'
import { placeVault, type TestVault } from './testing.ts'

const fault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
const VALUES = { token: 'xoxb-very-secret', 'with space? no': 'ünï\u0000"\\' }

/** The message with which something refuses to start. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => assert.fail('it did not refuse'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof Stop, String(error))
  return error.message
}

for (const kind of databases()) {
  suite(`the vault on ${kind.name}`, { skip: kind.skip }, () => {
    const on = (says: string, act: (place: TestVault, t: TestContext) => Promise<void>) =>
      test(says, async t => act(await placeVault(t, kind), t))

    on('what is kept opens again, also after a restart, and for nobody else', async place => {
      const vault = await place.open()
      const [one, two] = [await place.workspace('One'), await place.workspace('Two')]
      const id = await place.keep(vault, one, 'Slack', VALUES)
      assert.deepEqual(await vault.open(one, id), VALUES)
      await place.it.reopen()
      const again = await place.open()
      assert.deepEqual(await again.open(one, id), VALUES)
      await assert.rejects(again.open(two, id), fault('credential.not_found'))
      await assert.rejects(again.open(one, 'cred_none'), fault('credential.not_found'))
    })

    on('nothing in the database or the logs of the vault shows a value or a key', async place => {
      const vault = await place.open()
      const id = await place.keep(vault, await place.workspace('One'), 'Slack', VALUES)
      const [key = ''] = (await readKeyFile(keyFileOf(place.it.dir))) ?? []
      const all = JSON.stringify([
        await place.it.db.selectFrom('credentials').selectAll().execute(),
        await place.it.db.selectFrom('facts').selectAll().execute(),
      ])
      assert.ok(all.includes(id))
      for (const secret of [
        VALUES.token,
        key,
        Buffer.from(keyFrom(key).bytes).toString('base64url'),
        vault.secret('x').toString('base64url'),
      ])
        assert.ok(!all.includes(secret))
    })

    on('a row that was copied over another one does not open', async place => {
      const vault = await place.open()
      const [one, two] = [await place.workspace('One'), await place.workspace('Two')]
      const mine = await place.keep(vault, one, 'Mine', VALUES)
      const other = await place.keep(vault, one, 'Other', { token: 'other' })
      const foreign = await place.keep(vault, two, 'Foreign', { token: 'foreign' })
      const sealed = await place.it.db
        .selectFrom('credentials')
        .select(['wrapped_key', 'sealed'])
        .where('id', '=', mine)
        .executeTakeFirstOrThrow()
      for (const id of [other, foreign]) await place.it.db.updateTable('credentials').set(sealed).where('id', '=', id).execute()
      await assert.rejects(vault.open(one, other), fault('credential.unreadable'))
      await assert.rejects(vault.open(two, foreign), fault('credential.unreadable'))
      await place.it.db.updateTable('credentials').set({ sealed: 'v1.AAAA' }).where('id', '=', mine).execute()
      await assert.rejects(vault.open(one, mine), error => fault('credential.unreadable')(error) && /"Mine"/.test(String(error)))
    })

    on('an error while opening names the credential and shows no value', async place => {
      const vault = await place.open()
      const one = await place.workspace('One')
      const id = await place.keep(vault, one, 'Slack', { token: 'xoxb-very-secret' })
      await place.it.db
        .updateTable('credentials')
        .set(row => ({ wrapped_key: row.ref('sealed') }))
        .where('id', '=', id)
        .execute()
      await vault.open(one, id).then(
        () => assert.fail('it opened'),
        (error: Error) => assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${error.cause}`, /xoxb/),
      )
    })

    on('secrets for a purpose differ by purpose and installation, and stay', async (place, t) => {
      const vault = await place.open()
      assert.equal(vault.secret('sessions').length, 32)
      assert.notDeepEqual(vault.secret('sessions'), vault.secret('answers'))
      assert.deepEqual((await place.open()).secret('sessions'), vault.secret('sessions'))
      const key = newKey()
      const others = [await placeVault(t, kind), await placeVault(t, kind)]
      const [first, second] = await Promise.all(others.map(other => other.open(other.config(key))))
      assert.notDeepEqual(first?.secret('sessions'), second?.secret('sessions'))
    })

    on('with a wrong key it refuses and says what cannot be read, which key is needed, and what to do', async place => {
      const [right, wrong] = [newKey(), newKey()]
      const vault = await place.open(place.config(right))
      const [acme, zoo] = [await place.workspace('Acme'), await place.workspace('Zoo "1"')]
      for (let at = 10; at < 35; at += 1) await place.keep(vault, acme, `Credential ${at}`, VALUES)
      await place.keep(vault, zoo, 'Last', VALUES)
      const message = await refusal(place.open(place.config(wrong)))
      assert.match(message, /26 credentials in 2 workspaces and the secret of this installation/)
      assert.ok(message.includes(`the key ${keyFrom(right).id}`) && message.includes(keyFrom(wrong).id))
      assert.equal(message.match(/^ {2}"/gm)?.length, 20)
      assert.match(message, /"Credential 10" in "Acme"/)
      assert.match(message, /… and 6 more/)
      assert.match(message, /PROMPTPILOT_KEY_PREVIOUS/)
      assert.match(message, /rotate-key --forget 26/)
      assert.ok(!message.includes(right) && !message.includes(wrong))
      const both = await place.open(place.config(wrong, right))
      await both.check()
    })

    on('when the key file is lost it refuses, makes no new one, and goes on when the file is back', async place => {
      const vault = await place.open()
      const one = await place.workspace('One')
      const id = await place.keep(vault, one, 'Slack', VALUES)
      const path = keyFileOf(place.it.dir)
      await rename(path, `${path}.away`)
      assert.match(await refusal(place.open()), /there is no key file .*\n {2}"Slack" in "One"/)
      assert.ok(!(await readdir(place.it.dir)).includes('key'))
      await writeKeyFile(path, [newKey()])
      assert.match(await refusal(place.open()), /1 credential in 1 workspace/)
      await rename(`${path}.away`, path)
      assert.deepEqual(await (await place.open()).open(one, id), VALUES)
    })

    on('the text of a key file can move to PROMPTPILOT_KEY', async place => {
      const vault = await place.open()
      const one = await place.workspace('One')
      const id = await place.keep(vault, one, 'Slack', VALUES)
      const [key = ''] = (await readKeyFile(keyFileOf(place.it.dir))) ?? []
      await rm(keyFileOf(place.it.dir))
      const moved = await place.open(place.config(key))
      assert.deepEqual(await moved.open(one, id), VALUES)
      assert.deepEqual(moved.secret('sessions'), vault.secret('sessions'))
    })

    on('of two processes that start first at the same time with different keys, one refuses', async place => {
      const results = await Promise.allSettled([place.open(place.config(newKey())), place.open(place.config(newKey()))])
      assert.deepEqual(results.map(it => it.status).toSorted(), ['fulfilled', 'rejected'])
      const lost = results.find(it => it.status === 'rejected')
      assert.match(String(lost?.reason), /the secret of this installation/)
    })

    on('a running server follows another key in the key file without a restart', async place => {
      const vault = await place.open()
      const one = await place.workspace('One')
      const path = keyFileOf(place.it.dir)
      const old = await place.keep(vault, one, 'Old', VALUES)
      await copyFile(path, `${path}.before`)
      const next = newKey()
      await writeKeyFile(path, [next, ...((await readKeyFile(path)) ?? [])])
      const fresh = await place.keep(vault, one, 'Fresh', VALUES)
      const row = await place.it.db.selectFrom('credentials').select('key_id').where('id', '=', fresh).executeTakeFirstOrThrow()
      assert.equal(row.key_id, keyFrom(next).id)
      for (const id of [old, fresh]) assert.deepEqual(await vault.open(one, id), VALUES)
    })

    on('it does not seal with a key that is in no file any more', async place => {
      const vault = await place.open()
      const one = await place.workspace('One')
      await writeFile(`${keyFileOf(place.it.dir)}.copy`, await readFile(keyFileOf(place.it.dir)))
      await rm(keyFileOf(place.it.dir))
      assert.match(await refusal(place.keep(vault, one, 'Slack', VALUES)), /is gone/)
      assert.equal((await place.it.db.selectFrom('credentials').select('id').execute()).length, 0)
      assert.ok((await readdir(join(place.it.dir))).includes('key.copy'))
    })
  })
}
