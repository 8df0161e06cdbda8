import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createOTP } from '@better-auth/utils/otp'
import { databases, type Where } from '#db/testing.ts'
import { PASSWORD, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`two-factor sign-in, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let token: string
    let secret: string
    let codes: string[]
    const email = 'owner@example.org'

    before(async () => {
      where = await kind.place()
      server = await startServer(where)
      token = await register(server, email)
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const login = (code?: string) =>
      server.send('/api/auth/login', { body: { email, password: PASSWORD, ...(code ? { code } : {}) } })
    /** The authenticator's secret is the text that base32 in the address stands for. */
    const decode = (text: string) => {
      const bits = [...text]
        .map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
        .join('')
      return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))).toString()
    }
    const codeNow = () => createOTP(secret).totp()

    test('it is begun with the password and is not on before a first code was confirmed', async () => {
      const wrong = await server.send('/api/me/two-factor', { token, body: { password: 'nope' } })
      assert.deepEqual([wrong.status, wrong.body.code], [403, 'auth.wrong_password'])
      const begun = await server.send('/api/me/two-factor', { token, body: { password: PASSWORD } })
      assert.match(begun.body.uri, /^otpauth:\/\/totp\/PromptPilot:owner/)
      assert.equal(begun.body.recoveryCodes.length, 10)
      secret = decode(new URL(begun.body.uri).searchParams.get('secret') ?? '')
      codes = begun.body.recoveryCodes
      assert.equal((await login()).status, 200)
      assert.equal(
        (await server.send('/api/me/two-factor/confirm', { token, body: { code: '000000' } })).body.code,
        'auth.wrong_code',
      )
    })

    test('confirming renews the session: the old token ends, the new one is in the answer', async () => {
      const confirmed = await server.send('/api/me/two-factor/confirm', { token, body: { code: await codeNow() } })
      assert.equal(confirmed.status, 200)
      assert.equal((await server.send('/api/me', { token })).status, 401)
      token = confirmed.body.token
      assert.equal((await server.send('/api/me', { token })).body.user.twoFactor, true)
    })

    test('a login without a code says so, with a wrong one is refused, with the right one opens', async () => {
      const without = await login()
      assert.deepEqual([without.status, without.body.code, without.headers.getSetCookie()], [401, 'auth.code_needed', []])
      assert.equal((await login('123')).body.code, 'auth.wrong_code')
      const right = await login(await codeNow())
      assert.equal(right.status, 200)
      assert.equal((await server.send('/api/me', { token: right.body.token })).status, 200)
    })

    test('the password alone does not open the other door either', async () => {
      const got = await server.send('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
      assert.equal(got.body.token, undefined)
      assert.equal(got.body.twoFactorRedirect, true)
    })

    test('a recovery code opens once', async () => {
      const [code = ''] = codes
      assert.equal((await login(code)).status, 200)
      assert.equal((await login(code)).body.code, 'auth.wrong_code')
    })

    test('new recovery codes end the old ones', async () => {
      const renewed = await server.send('/api/me/two-factor/recovery-codes', { token, body: { password: PASSWORD } })
      assert.equal(renewed.body.recoveryCodes.length, 10)
      assert.equal((await login(codes[1])).body.code, 'auth.wrong_code')
      assert.equal((await login(renewed.body.recoveryCodes[0])).status, 200)
    })

    test('secrets of two-factor are not in the database in plain', async () => {
      const row = await server.world.db.selectFrom('two_factors').selectAll().executeTakeFirstOrThrow()
      assert.ok(!row.secret.includes(secret) && codes.every(code => !row.backup_codes.includes(code)))
    })

    test('off again with the password; then a login needs no code', async () => {
      assert.equal(
        (await server.send('/api/me/two-factor/disable', { token, body: { password: 'nope' } })).body.code,
        'auth.wrong_password',
      )
      const off = await server.send('/api/me/two-factor/disable', { token, body: { password: PASSWORD } })
      assert.equal(off.status, 200)
      assert.equal((await login()).status, 200)
    })

    test('the audit log tells the whole story', async () => {
      const fresh = (await login()).body.token
      const { body } = await server.send('/api/audit?limit=200', { token: fresh })
      const actions = body.items.map((one: { action: string }) => one.action)
      for (const action of [
        'two_factor.begun',
        'two_factor.enabled',
        'two_factor.codes_renewed',
        'two_factor.disabled',
        'session.refused',
        'session.signed_in',
      ])
        assert.ok(actions.includes(action), action)
    })
  })
}
