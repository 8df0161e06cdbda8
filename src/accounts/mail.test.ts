import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { databases, type Where } from '#db/testing.ts'
import { PASSWORD, register, startServer, type TestServer } from '#testing.ts'

describe('with a mail server', () => {
  const mails: { to: string; text: string }[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        for (const { address } of session.envelope.rcptTo)
          mails.push({ to: address, text: Buffer.concat(parts).toString().replace(/=\r\n/g, '').replaceAll('=3D', '=') })
        done()
      })
    },
  })
  let where: Where
  let server: TestServer
  let owner: string

  before(async () => {
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    const [kind] = databases()
    assert.ok(kind)
    where = await kind.place()
    const { port } = smtp.server.address() as AddressInfo
    server = await startServer(where, {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      PUBLIC_URL: 'https://pilot.example.org',
      OPEN_SIGNUP: 'true',
    })
    owner = await register(server, 'owner@example.org')
  })
  after(async () => {
    await server.stop()
    await where.drop()
    if (smtp.server.listening) await new Promise<void>(resolve => smtp.close(resolve))
  })

  const linkIn = async (to: string, path: string) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const text = mails.findLast(mail => mail.to === to)?.text
      const link = text && new RegExp(`https://pilot\\.example\\.org/${path}#\\S+`).exec(text)?.[0]
      if (link) return link.split('#')[1] ?? ''
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    throw new Error(`no mail to ${to} with a link to /${path}`)
  }
  const login = (email: string, password = PASSWORD) => server.send('/api/auth/login', { body: { email, password } })

  test('the first account needs no confirmation: whoever starts the server is trusted', async () => {
    assert.equal((await login('owner@example.org')).status, 200)
    assert.equal((await server.send('/api/auth/ways')).body.mail, true)
  })

  test('a stranger confirms the address before the first session', async () => {
    const made = await server.send('/api/auth/register', { body: { email: 'new@example.org', password: PASSWORD, name: 'New' } })
    assert.deepEqual([made.status, made.body.token, made.headers.getSetCookie()], [201, null, []])
    const early = await login('new@example.org')
    assert.deepEqual([early.status, early.body.code], [403, 'auth.email_unverified'])
    const token = await linkIn('new@example.org', 'confirm')
    assert.equal((await server.send('/api/auth/confirm', { body: { token: `${token}x` } })).body.code, 'auth.bad_token')
    assert.equal((await server.send('/api/auth/confirm', { body: { token } })).status, 200)
    assert.equal((await login('new@example.org')).status, 200)
  })

  test('an invitation is mailed with its link, and the invited need no further confirmation', async () => {
    const invited = await server.send('/api/invitations', { token: owner, body: { email: 'guest@example.org', role: 'viewer' } })
    assert.equal(invited.body.sent, 'mail')
    const token = await linkIn('guest@example.org', 'invite')
    const made = await server.send('/api/auth/register', {
      body: { email: 'guest@example.org', password: PASSWORD, name: 'Guest', invitation: token },
    })
    assert.equal(typeof made.body.token, 'string')
  })

  test('a link for a new password goes to the address of the account, and to nobody else', async () => {
    const before = mails.length
    assert.deepEqual((await server.send('/api/auth/forgot', { body: { email: 'nobody@example.org' } })).body, { by: 'mail' })
    await server.send('/api/auth/forgot', { body: { email: 'guest@example.org' } })
    const token = await linkIn('guest@example.org', 'reset')
    assert.equal(mails.length, before + 1)
    assert.equal((await server.send('/api/auth/reset', { body: { token, password: 'another fine one' } })).status, 200)
    assert.equal((await login('guest@example.org', 'another fine one')).status, 200)
  })

  test('links and tokens of mails are not in the log', () => {
    assert.ok(!server.lines.some(line => JSON.stringify(line).includes('pilot.example.org/')))
  })

  test('a mail server that is gone does not lose the invitation: the answer says so and brings the link', async () => {
    await new Promise<void>(resolve => smtp.close(resolve))
    const invited = await server.send('/api/invitations', { token: owner, body: { email: 'later@example.org' } })
    assert.deepEqual([invited.status, invited.body.sent], [201, 'failed'])
    const look = await server.send('/api/invitations/look', { body: { token: invited.body.link.split('#')[1] } })
    assert.equal(look.body.email, 'later@example.org')
  })
})
