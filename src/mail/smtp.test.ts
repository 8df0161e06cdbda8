import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { Fault } from '#errors.ts'
import { smtpMail } from './smtp.ts'

type Got = { from: string; to: string[]; text: string }

describe('mail by SMTP', () => {
  const got: Got[] = []
  let most = 0
  let open = 0
  const server = new SMTPServer({
    closeTimeout: 100,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_session, done) {
      open += 1
      most = Math.max(most, open)
      done()
    },
    onClose() {
      open -= 1
    },
    onAuth({ username, password }, _session, done) {
      if (username === 'pilot' && password === 'p@ss:w/rd') done(null, { user: username })
      else done(new Error('wrong credentials'))
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? new Error('no such mailbox') : null)
    },
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        got.push({ from, to: envelope.rcptTo.map(one => one.address), text: Buffer.concat(parts).toString() })
        done()
      })
    },
  })
  let port: number

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    port = (server.server.address() as AddressInfo).port
  })
  after(() => new Promise<void>(resolve => server.close(() => resolve())))

  const letter = (to: string, subject = 'Hello', text = 'Come to https://x.example.org/invite#token') => ({
    to,
    subject,
    text,
    link: 'https://x.example.org/invite#token',
  })
  const from = 'PromptPilot <pilot@example.org>'
  const headers = (text: string) => text.slice(0, text.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]/g, ' ')

  test('a letter arrives at the one it is for, as it was written', async () => {
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, from)
    assert.equal(mail.configured, true)
    await mail.send(letter('ann@example.org', 'Grüße 🦊', 'Zoë\n.\nsecond line'))
    const [one] = got.splice(0)
    assert.deepEqual([one?.from, one?.to], ['pilot@example.org', ['ann@example.org']])
    assert.match(headers(one?.text ?? ''), /^From: PromptPilot <pilot@example\.org>$/m)
    assert.match(headers(one?.text ?? ''), /^Subject: =\?UTF-8\?/m)
    assert.match(one?.text ?? '', /Zo=C3=AB/)
    await mail.close()
  })

  test('signs in with the name and the password of the address, also with odd characters', async () => {
    const mail = smtpMail(`smtp://pilot:${encodeURIComponent('p@ss:w/rd')}@127.0.0.1:${port}`, from)
    await mail.send(letter('ann@example.org'))
    assert.equal(got.splice(0).length, 1)
    await mail.close()
  })

  test('nobody else is written to, whatever stands in the address or the subject', async () => {
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, from)
    const tries = [
      letter('ann@example.org, eve@example.org'),
      letter('ann@example.org\r\nBcc: eve@example.org'),
      letter('"eve@example.org, x"@example.org'),
      letter('ann@example.org', 'Hello\r\nBcc: eve@example.org\r\n\r\nbody'),
      letter('Eve <eve@example.org>, ann@example.org'),
    ]
    for (const one of tries)
      await mail.send(one).catch(error => {
        assert.ok(error instanceof Fault && error.code === 'mail.not_sent')
      })
    for (const { to, text } of got.splice(0)) {
      assert.ok(!to.includes('eve@example.org'), JSON.stringify(to))
      assert.equal(to.length, 1)
      assert.doesNotMatch(headers(text), /^Bcc:/im)
    }
    await mail.close()
  })

  test('a text that names a file or an address does not make us read it', async () => {
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, from)
    await mail.send({ ...letter('ann@example.org'), text: 'file:///etc/passwd' })
    assert.doesNotMatch(got.splice(0)[0]?.text ?? '', /root:/)
    await mail.close()
  })

  test('many letters at once go over two connections', async () => {
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, from)
    most = open
    await Promise.all(Array.from({ length: 20 }, (_, at) => mail.send(letter(`ann${at}@example.org`))))
    assert.equal(new Set(got.splice(0).map(one => one.to[0])).size, 20)
    assert.ok(most <= open + 2)
    await mail.close()
  })

  test('a letter that cannot be sent is a fault with its cause, and the next one is tried again', async () => {
    const refused = (error: unknown) => error instanceof Fault && error.code === 'mail.not_sent' && error.cause instanceof Error
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, from)
    await assert.rejects(mail.send(letter('nobody@example.org')), refused)
    await mail.send(letter('ann@example.org'))
    assert.equal(got.splice(0).length, 1)
    await mail.close()

    const wrong = smtpMail(`smtp://pilot:wrong-password@127.0.0.1:${port}`, from)
    await assert.rejects(
      wrong.send(letter('ann@example.org')),
      (error: Fault) => refused(error) && !String(error.cause).includes('wrong-password'),
    )
    await wrong.close()
    const nowhere = smtpMail('smtp://127.0.0.1:1', from)
    await assert.rejects(nowhere.send(letter('ann@example.org')), refused)
    await nowhere.close()
  })

  test('a server that hangs up in the middle is a fault, not a wait', async () => {
    const rude: Server = createServer(socket => socket.end('220 hello\r\n'))
    rude.listen(0, '127.0.0.1')
    await once(rude, 'listening')
    const mail = smtpMail(`smtp://127.0.0.1:${(rude.address() as AddressInfo).port}`, from)
    await assert.rejects(mail.send(letter('ann@example.org')), { code: 'mail.not_sent' })
    await mail.close()
    rude.close()
  })
})
