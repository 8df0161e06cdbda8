import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { Fault } from '#errors.ts'
import { silent } from '#log.ts'
import type { Parcel } from './mail.ts'
import { printMail } from './print.ts'
import { type HostGuard, type Server, sendLetter } from './send.ts'
import { smtpMail } from './smtp.ts'

type Got = { from: string; to: string[]; text: string; user: string | undefined; secure: boolean }

const here: LookupFunction = (_host, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
const open: HostGuard = { check() {}, lookup: here }
const none = printMail(silent)
const fails = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}
async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part)
}

describe('mail that workflows write', () => {
  const got: Got[] = []
  const server = new SMTPServer({
    closeTimeout: 100,
    authOptional: true,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (password === 'p@ss word') done(null, { user: username ?? '' })
      else done(Object.assign(new Error('Wrong name or password'), { responseCode: 535 }))
    },
    onRcptTo({ address }, _session, done) {
      const refuse = (words: string, responseCode: number) => done(Object.assign(new Error(words), { responseCode }))
      if (address.startsWith('nobody')) refuse('No such mailbox', 550)
      else if (address.startsWith('later')) refuse('Come back in a minute', 451)
      else done(null)
    },
    onData(stream, { envelope, user, secure }, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        const text = Buffer.concat(parts).toString()
        if (text.includes('spam')) return done(Object.assign(new Error('This is spam'), { responseCode: 554 }))
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        got.push({ from, to: envelope.rcptTo.map(one => one.address), text, user: user && String(user), secure })
        done()
      })
    },
  })
  let own: Server
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    const { port } = server.server.address() as AddressInfo
    own = { host: 'mail.example', port, secure: false, starttls: false }
  })
  after(() => new Promise<void>(resolve => server.close(() => resolve())))

  const parcel = (more: Partial<Parcel> = {}): Parcel => ({
    from: 'Pilot <pilot@example.org>',
    to: ['ann@example.org'],
    subject: 'Hello',
    text: 'Hi',
    ...more,
  })
  const headers = (text = '') => text.slice(0, text.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]/g, ' ')
  const taken = () => got.splice(0)[0]

  test('it goes over the server that is named, with all that is in it', async () => {
    const sent = await sendLetter(
      none,
      parcel({
        to: ['Ann Ødegård <ann@example.org>', '"Bob, the first" <bob@example.org>'],
        cc: ['cem@example.org'],
        bcc: ['dan@example.org'],
        replyTo: 'answers@example.org',
        subject: 'Grüße 🦊',
        html: '<b>Hi</b>',
        attachments: [
          { name: 'Bericht "März".txt', type: 'text/plain', bytes: bytes('first ', 'second') },
          { name: 'a\r\nX-Evil: 1.bin', type: 'text/plain\r\nX-Evil: 2', bytes: bytes('third') },
        ],
      }),
      { ...own, user: 'pilot', password: 'p@ss word' },
      open,
    )
    const { from, to, text, user } = taken() ?? {}
    assert.deepEqual(
      [from, to, user],
      ['pilot@example.org', ['ann@example.org', 'bob@example.org', 'cem@example.org', 'dan@example.org'], 'pilot'],
    )
    assert.deepEqual([sent.accepted, sent.rejected], [to, []])
    assert.ok(headers(text).includes(`Message-ID: ${sent.id}`))
    assert.match(headers(text), /^Reply-To: answers@example\.org$/m)
    assert.match(headers(text), /^To: .*<ann@example\.org>, "Bob, the first" <bob@example\.org>$/m)
    assert.doesNotMatch(headers(text), /dan@example/)
    assert.doesNotMatch(text ?? '', /^X-Evil/m)
    assert.ok(text?.includes(Buffer.from('first second').toString('base64')) || text?.includes('first second'))
    assert.match(text ?? '', /<b>Hi<\/b>/)
  })

  test('without a sender it goes in the name of the user, if that is an address', async () => {
    const { from: _from, ...rest } = parcel()
    await sendLetter(none, rest, { ...own, user: 'me@example.org', password: 'p@ss word' }, open)
    assert.equal(taken()?.from, 'me@example.org')
    await assert.rejects(sendLetter(none, rest, { ...own, user: 'me' }, open), fails('mail.refused', /no sender/))
    await assert.rejects(sendLetter(none, rest, own, open), fails('mail.refused', /no sender/))
  })

  test('nothing that is written can begin another header or name another recipient', async () => {
    for (const more of [
      { to: ['ann@example.org\r\nBcc: eve@example.org'] },
      { to: ['ann@example.org, eve@example.org'] },
      { to: ['Eve <eve@example.org>, ann@example.org'] },
      { to: ['Ann\r\nBcc: eve@example.org <ann@example.org>'] },
      { to: ['"eve@example.org, x"@example.org'] },
      { to: ['nonsense'] },
      { to: [''] },
      { from: 'a@b.example\nX: y' },
      { replyTo: 'a@b.example\r\nX: y' },
      { subject: 'Hello\r\nBcc: eve@example.org' },
    ])
      await assert.rejects(sendLetter(none, parcel(more), own, open), fails('mail.refused', /./), JSON.stringify(more))
    assert.deepEqual(got, [])
  })

  test('a text that names a file or an address does not make us read it', async () => {
    await sendLetter(none, parcel({ text: 'file:///etc/passwd', html: '<img src="file:///etc/passwd">' }), own, open)
    assert.doesNotMatch(taken()?.text ?? '', /root:/)
  })

  test('what the server says is told, and whether asking again helps', async () => {
    await assert.rejects(
      sendLetter(none, parcel({ to: ['nobody@example.org'] }), own, open),
      fails('mail.refused', /mail\.example did not take the mail\. It answered: 550 No such mailbox/),
    )
    await assert.rejects(
      sendLetter(none, parcel({ to: ['later@example.org'] }), own, open),
      fails('mail.later', /451 Come back in a minute/),
    )
    await assert.rejects(sendLetter(none, parcel({ text: 'spam' }), own, open), fails('mail.refused', /554 This is spam/))
    await assert.rejects(
      sendLetter(none, parcel(), { ...own, user: 'pilot', password: 'wrong-secret' }, open),
      (error: Fault) => fails('mail.refused', /user name and the password.*535/)(error) && !/wrong-secret/.test(error.message),
    )
    const some = await sendLetter(none, parcel({ to: ['ann@example.org', 'nobody@example.org'] }), own, open)
    assert.deepEqual([some.accepted, some.rejected], [['ann@example.org'], ['nobody@example.org']])
    assert.deepEqual(taken()?.to, ['ann@example.org'])
  })

  test('who insists on encryption gets it or nothing', async () => {
    // The certificate of the test server is signed by nobody we know.
    await assert.rejects(
      sendLetter(none, parcel(), { ...own, starttls: true }, open),
      fails('mail.not_sent', /secure connection/),
    )
    await assert.rejects(sendLetter(none, parcel(), { ...own, secure: true }, open), fails('mail.not_sent', /secure connection/))
    assert.deepEqual(got, [])
  })

  test('a server that the guard refuses is never reached', async () => {
    const refused = new Fault('outbound.blocked', { message: 'not public' })
    let connections = 0
    const spy = createServer(() => {
      connections += 1
    }).listen(0, '127.0.0.1')
    await once(spy, 'listening')
    const { port } = spy.address() as AddressInfo
    const byAddress: HostGuard = {
      check() {
        throw refused
      },
      lookup: here,
    }
    const byName: HostGuard = { check() {}, lookup: (_host, _options, done) => done(refused, '') }
    for (const [host, guard] of [
      ['127.0.0.1', byAddress],
      ['inner.example', byName],
    ] as const)
      await assert.rejects(sendLetter(none, parcel(), { ...own, host, port }, guard), refused)
    assert.equal(connections, 0)
    spy.close()
  })

  test('a server that cannot be spoken with is told in words, and what may have been sent is called so', async () => {
    const rude = async (say: (socket: Socket) => void) => {
      const it = createServer(socket => {
        socket.on('error', () => {})
        say(socket)
      }).listen(0, '127.0.0.1')
      await once(it, 'listening')
      after(() => it.close())
      return { ...own, port: (it.address() as AddressInfo).port }
    }
    await assert.rejects(sendLetter(none, parcel(), { ...own, port: 1 }, open), fails('mail.not_sent', /refused the connection/))
    await assert.rejects(sendLetter(none, parcel(), await rude(socket => socket.end()), open), fails('mail.not_sent', /hung up/))
    const gone = await rude(socket => {
      socket.write('220 hello\r\n')
      let text = ''
      socket.on('data', chunk => {
        text += chunk
        if (/\r\n\.\r\n$/.test(text)) socket.destroy()
        else if (/\r\nDATA\r\n$/.test(text)) socket.write('354 go on\r\n')
        else if (!/\r\nDATA\r\n/.test(text)) socket.write('250 fine\r\n')
      })
    })
    await assert.rejects(sendLetter(none, parcel(), gone, open), fails('mail.in_doubt', /may have been sent/))
    const early = await rude(socket => {
      socket.write('220 hello\r\n')
      socket.on('data', chunk => {
        if (String(chunk).startsWith('MAIL')) socket.destroy()
        else socket.write('250 fine\r\n')
      })
    })
    await assert.rejects(sendLetter(none, parcel(), early, open), fails('mail.not_sent', /hung up/))
  })

  test('an attachment that breaks is a mail that was not sent', async () => {
    const broken = async function* () {
      yield Buffer.from('x')
      throw new Error('the file is gone')
    }
    const attachments = [{ name: 'a.txt', type: 'text/plain', bytes: broken() }]
    await assert.rejects(sendLetter(none, parcel({ attachments }), own, open), fails('mail.not_sent', /attachment/))
    assert.deepEqual(got, [])
  })

  test('who gives up is heard', async () => {
    const mute = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const reason = new Error('cancelled by a person')
    const own2 = new AbortController()
    setTimeout(() => own2.abort(reason), 30)
    const { port } = mute.address() as AddressInfo
    await assert.rejects(sendLetter(none, parcel(), { ...own, port }, open, own2.signal), reason)
    mute.close()
  })

  test('without a server of its own it goes by that of the installation, in its name, and answers go to the author', async () => {
    const plain = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, { envelope }, done) {
        let text = ''
        stream.on('data', part => {
          text += part
        })
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          got.push({ from, to: [], text, user: undefined, secure: false })
          done()
        })
      },
    })
    plain.listen(0, '127.0.0.1')
    await once(plain.server, 'listening')
    const { port } = plain.server.address() as AddressInfo
    const mail = smtpMail(`smtp://127.0.0.1:${port}`, 'PromptPilot <promptpilot@example.org>')
    const sent = await sendLetter(mail, parcel({ from: 'Boss <boss@other.example>' }), null, open)
    assert.deepEqual(sent.accepted, ['ann@example.org'])
    const { from, text } = taken() ?? {}
    assert.equal(from, 'promptpilot@example.org')
    assert.match(headers(text), /^From: Boss <promptpilot@example\.org>$/m)
    assert.match(headers(text), /^Reply-To: Boss <boss@other\.example>$/m)
    const { from: _from, ...rest } = parcel()
    await sendLetter(mail, rest, null, open)
    assert.match(headers(taken()?.text), /^From: PromptPilot <promptpilot@example\.org>$/m)
    await mail.close()
    await new Promise<void>(resolve => plain.close(() => resolve()))
    await assert.rejects(sendLetter(none, parcel(), null, open), fails('mail.none', /No mail server/))
  })
})
