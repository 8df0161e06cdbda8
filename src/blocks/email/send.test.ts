import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { Fault } from '#errors.ts'
import { makeGuard } from '#http/guard.ts'
import { silent } from '#log.ts'
import { printMail } from '#mail/print.ts'
import { sendLetter } from '#mail/send.ts'
import { isEnding } from '#sdk/ending.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { type TestContext, testContext } from '#sdk/testing.ts'
import { addressesOf } from './addresses.ts'
import { send } from './send.ts'

const refused = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refused && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}

describe('sending mail from a workflow', () => {
  const got: { to: string[]; text: string; user: string }[] = []
  const server = new SMTPServer({
    closeTimeout: 100,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (password === 'right password') done(null, { user: username ?? '' })
      else done(Object.assign(new Error('Wrong name or password'), { responseCode: 535 }))
    },
    onRcptTo({ address }, _session, done) {
      const refuse = (words: string, responseCode: number) => done(Object.assign(new Error(words), { responseCode }))
      if (address.startsWith('nobody')) refuse('No such mailbox', 550)
      else if (address.startsWith('later')) refuse('Greylisted', 451)
      else done(null)
    },
    onData(stream, { envelope, user }, done) {
      let text = ''
      stream.on('data', part => {
        text += part
      })
      stream.on('end', () => {
        got.push({ to: envelope.rcptTo.map(one => one.address), text, user: String(user) })
        done()
      })
    },
  })
  let credential: { kind: string; values: Record<string, string> }
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    const port = String((server.server.address() as AddressInfo).port)
    const values = { host: '127.0.0.1', port, secure: 'none', user: 'pilot@example.org', password: 'right password' }
    credential = { kind: 'smtp', values }
  })
  after(() => new Promise<void>(resolve => server.close(() => resolve())))

  async function run(
    params: Record<string, unknown>,
    values: Record<string, string> | null = {},
    prepare?: (it: TestContext) => void,
  ) {
    const guard = makeGuard({ allow: ['127.0.0.1'] })
    const it = testContext({
      ...(values === null ? {} : { credential: { ...credential, values: { ...credential.values, ...values } } }),
      mail: (letter, own) => sendLetter(printMail(silent), letter, own ?? null, guard),
    })
    prepare?.(it)
    const out = await send.run(send.input.parse(params), it.context)
    if (isEnding(out)) throw new Error('it ended in another way')
    return { ...it, out: send.output.parse(out) as { messageId: string; accepted: string[]; rejected: string[] } }
  }
  const headers = (text = '') => text.slice(0, text.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]/g, ' ')
  const taken = () => got.splice(0)[0]
  const mail = { to: 'ann@example.org', subject: 'Hello', text: 'Hi' }

  test('it arrives with all that is in it, at everybody once', async () => {
    const { out } = await run(
      {
        to: 'Ann <ann@example.org>, "Bob, first" <bob@example.org>; ANN@example.org',
        cc: ['cem@example.org', 'dan@example.org, eva@example.org'],
        bcc: 'fay@example.org',
        replyTo: 'one@example.org, two@example.org',
        subject: ' Grüße 🦊\n',
        text: 'Text',
        html: '<b>HTML</b>',
        attachments: ['file_1', { id: 'file_2', name: 'x' }],
      },
      {},
      it => {
        it.store('a.txt', 'first', 'text/plain')
        it.store('b.bin', new Uint8Array([1, 2, 3]))
      },
    )
    const { to, text, user } = taken() ?? {}
    assert.deepEqual(
      to?.toSorted(),
      ['ann', 'bob', 'cem', 'dan', 'eva', 'fay'].map(name => `${name}@example.org`),
    )
    assert.deepEqual([out.accepted.toSorted(), out.rejected], [to?.toSorted(), []])
    assert.equal(user, 'pilot@example.org')
    assert.ok(headers(text).includes(`Message-ID: ${out.messageId}`))
    assert.match(headers(text), /^From: pilot@example\.org$/m)
    assert.match(headers(text), /^Reply-To: one@example\.org, two@example\.org$/m)
    for (const part of ['a.txt', 'b.bin', '<b>HTML</b>', 'AQID']) assert.ok(text?.includes(part), part)
  })

  test('what is not an address, or would be more than that, is refused by its field', async () => {
    for (const [field, value] of [
      ['to', 'nonsense'],
      ['to', 'ann@'],
      ['to', 'Ann ann@example.org'],
      ['cc', ['ann@example.org', 'b c@example.org']],
      ['bcc', 'Ann\r\nX: <ann@example.org>\r\nBcc: eve'],
      ['from', 'a@example.org, b@example.org'],
      ['replyTo', 'x'],
    ] as const)
      await assert.rejects(run({ ...mail, [field]: value }), refused('email.bad_address', new RegExp(`\`${field}\``)), field)
    await assert.rejects(run({ ...mail, to: [] }), refused('email.bad_address', /for nobody/))
    await assert.rejects(run({ ...mail, subject: 'Hello\r\nBcc: eve@example.org' }), refused('email.bad_subject', /line break/))
    await assert.rejects(run({ to: 'ann@example.org', subject: 'x' }), refused('input.invalid', /empty/))
    const many = Array.from({ length: 501 }, (_, at) => `a${at}@example.org`)
    await assert.rejects(run({ ...mail, to: many }), refused('input.too_large', /501/))
    assert.deepEqual(got, [])
  })

  test('addresses are read as people write them', () => {
    assert.deepEqual(addressesOf('to', ' a@x.org ,, B <b@x.org>\n"C; d" <c@x.org>;'), [
      'a@x.org',
      'B <b@x.org>',
      '"C; d" <c@x.org>',
    ])
    assert.deepEqual(addressesOf('to', undefined), [])
    assert.deepEqual(addressesOf('to', 'jörg@müller.example'), ['jörg@müller.example'])
  })

  test('a file that is not there is refused before anything is sent', async () => {
    await assert.rejects(run({ ...mail, attachments: 'file_9' }), refused('file.not_found', /file_9/))
    assert.deepEqual(got, [])
  })

  test('what the server says decides whether it is tried again', async () => {
    await assert.rejects(run({ ...mail, to: 'later@example.org' }), (error: TryLater) => {
      assert.ok(error instanceof TryLater && error.cause instanceof Fault)
      assert.match(error.message, /451 Greylisted/)
      return true
    })
    await assert.rejects(
      run(mail, { port: '1' }),
      (error: Error) => error instanceof TryLater && /refused the connection/.test(error.message),
    )
    await assert.rejects(run({ ...mail, to: 'nobody@example.org' }), refused('mail.refused', /550 No such mailbox/))
    await assert.rejects(run(mail, { password: 'wrong-password' }), (error: Error) => {
      assert.doesNotMatch(String(error.message), /wrong-password/)
      return refused('mail.refused', /535/)(error)
    })
    const { out, lines } = await run({ ...mail, to: 'ann@example.org, nobody@example.org' })
    assert.deepEqual([out.accepted, out.rejected], [['ann@example.org'], ['nobody@example.org']])
    assert.match(lines.join(), /nobody@example\.org/)
    assert.equal(got.splice(0).length, 1)
  })

  test('a server of the inner network is not reached, and a wrong credential is named', async () => {
    await assert.rejects(run(mail, { host: '10.0.0.1' }), (error: Fault) => error.code === 'outbound.blocked')
    await assert.rejects(run(mail, { host: '127.0.0.2' }), (error: Fault) => error.code === 'outbound.blocked')
    await assert.rejects(run(mail, { port: '99999' }), refused('credential.invalid', /99999/))
    await assert.rejects(run(mail, { host: '' }), refused('credential.wrong_kind', /mail server/))
    await assert.rejects(
      run(mail, { secure: 'starttls' }),
      (error: Error) => error instanceof TryLater && /secure connection/.test(error.message),
    )
  })

  test('without any mail server it says what to do', async () => {
    await assert.rejects(run({ ...mail, from: 'a@example.org' }, null), refused('mail.none', /No mail server/))
  })
})
