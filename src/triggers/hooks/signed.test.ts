import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { Fault } from '#errors.ts'
import { type Secret, secretsOf, verify } from './verify.ts'

type Headers = Record<string, string>

/** Why a call is not let in; null where it is. */
function refusal(settings: object, headers: Headers, body: string | Buffer, at = 0, secrets?: Secret[]): string | null {
  try {
    verify(settings, secrets ?? secretsOf(settings, null), { headers, body: Buffer.from(body) }, at * 1000)
    return null
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'hook.refused', String(error))
    return error.message
  }
}

const WRONG = 'The call is not signed with the right secret.'
const OLD = 'The call was signed too long ago, or the clocks differ.'

const SLACK =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'

const KEY = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const stripes = (at: number, body: string) => createHmac('sha256', 'whsec_stripe').update(`${at}.${body}`).digest('hex')

/** What services have published or their libraries say: settings, the header with the signature, the other headers, the body and the time. */
const VECTORS: { name: string; settings: object; header: string; signature: string; more: Headers; body: string; at: number }[] =
  [
    {
      name: 'Standard Webhooks',
      settings: { kind: 'standard', secret: KEY },
      header: 'webhook-signature',
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      more: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330' },
      body: '{"test": 2432232314}',
      at: 1614265330,
    },
    {
      name: 'GitHub',
      settings: { kind: 'github', secret: "It's a Secret to Everybody" },
      header: 'x-hub-signature-256',
      signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      more: {},
      body: 'Hello, World!',
      at: 0,
    },
    {
      name: 'Slack',
      settings: { kind: 'slack', secret: '8f742231b10e8888abcd99yyyzzz85a5' },
      header: 'x-slack-signature',
      signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      more: { 'x-slack-request-timestamp': '1531420618' },
      body: SLACK,
      at: 1531420618,
    },
    {
      name: 'Stripe',
      settings: { kind: 'stripe', secret: 'whsec_stripe' },
      header: 'stripe-signature',
      signature: `t=1492774577,v1=${stripes(1492774577, '{"id":"evt_1"}')}`,
      more: {},
      body: '{"id":"evt_1"}',
      at: 1492774577,
    },
    {
      name: 'a signature of one’s own',
      settings: { kind: 'hmac', header: 'X-Sum', secret: 'key', algorithm: 'sha1', encoding: 'base64', prefix: 'sha1 ' },
      header: 'x-sum',
      // RFC 2202 style: the well known sum of this sentence under this key.
      signature: `sha1 ${Buffer.from('de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9', 'hex').toString('base64')}`,
      more: {},
      body: 'The quick brown fox jumps over the lazy dog',
      at: 0,
    },
  ]

describe('what a service signs', () => {
  for (const { name, settings, header, signature, more, body, at } of VECTORS) {
    const asked = (shown: string | undefined, text: string | Buffer = body, now = at, others = more) =>
      refusal(settings, { ...others, ...(shown === undefined ? {} : { [header]: shown }) }, text, now)

    test(`${name}: its published example is let in`, () => assert.equal(asked(signature), null))

    test(`${name}: a signature that is wrong, missing, cut off, doubled or written otherwise is not`, () => {
      const flipped = signature.replace(/.(?=.$)/, last => (last === '0' ? '1' : '0'))
      const wrong = [undefined, '', ' ', flipped, signature.slice(0, -1), signature.slice(1), `${signature}0`]
      if (name !== 'Stripe' && name !== 'Standard Webhooks') wrong.push(`${signature}, ${signature}`, signature.toUpperCase())
      for (const shown of wrong) assert.equal(asked(shown), WRONG, shown)
    })

    test(`${name}: the body counts as it came, to the last byte`, () => {
      const others = [
        Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]),
        `${body}\n`,
        ` ${body}`,
        body.slice(0, -1),
        '',
        Buffer.from(body, 'utf16le'),
      ]
      if (body.includes('{"test": ')) others.push(JSON.stringify(JSON.parse(body)))
      for (const other of others) assert.equal(asked(signature, other), WRONG, String(other))
    })

    test(`${name}: another secret is not the right one, and without one nobody is let in`, () => {
      assert.equal(refusal({ ...settings, secret: 'another' }, { ...more, [header]: signature }, body, at), WRONG)
      const { secret: _gone, ...bare } = Object(settings)
      const words = 'The webhook has no secret to verify calls with.'
      assert.equal(refusal(bare, { ...more, [header]: signature }, body, at), words)
    })

    if (at > 0)
      test(`${name}: it is let in from five minutes before its time to five minutes after, and no later`, () => {
        for (const now of [at - 300, at + 300]) assert.equal(asked(signature, body, now), null)
        for (const now of [at - 301, at + 301, at + 86_400, 0]) assert.equal(asked(signature, body, now), OLD)
        assert.equal(refusal({ ...settings, tolerance: 600 }, { ...more, [header]: signature }, body, at + 500), null)
      })
  }

  test('one of several signatures is enough while the sender changes its secret', () => {
    const [standard, , , stripe] = VECTORS
    assert.ok(standard && stripe)
    const more = { ...standard.more, 'webhook-signature': `v1a,x v1,AAAA ${standard.signature}` }
    assert.equal(refusal(standard.settings, more, standard.body, standard.at), null)
    const doubled = { 'stripe-signature': stripe.signature.replace(',v1=', ',v1=00,v0=11,v1=') }
    assert.equal(refusal(stripe.settings, doubled, stripe.body, stripe.at), null)
  })

  test('the secret of Standard Webhooks is in base64, with `whsec_` before it or without', () => {
    const [standard] = VECTORS
    assert.ok(standard)
    const headers = { ...standard.more, 'webhook-signature': standard.signature }
    for (const secret of [KEY, `whsec_${KEY}`])
      assert.equal(refusal({ kind: 'standard', secret }, headers, standard.body, standard.at), null)
    const own = createHmac('sha256', 'no base64 at all!').update(`m.${standard.at}.x`).digest('base64')
    const more = { 'webhook-id': 'm', 'webhook-timestamp': `${standard.at}`, 'webhook-signature': `v1,${own}` }
    assert.equal(refusal({ kind: 'standard', secret: 'no base64 at all!' }, more, 'x', standard.at), null)
  })

  test('a time that is none is too far away', () => {
    const secret = 'whsec_stripe'
    for (const at of ['', 'x', '-1', '1e9', '1492774577.5', '99999999999999', ' 1492774577']) {
      const signature = createHmac('sha256', secret).update(`${at}.x`).digest('hex')
      const headers = { 'stripe-signature': `t=${at},v1=${signature}` }
      assert.ok([OLD, WRONG].includes(refusal({ kind: 'stripe', secret }, headers, 'x', 1492774577) ?? ''), at)
    }
  })
})

describe('a secret that is changed', () => {
  const settings = { kind: 'bearer', secret: 'of the node' }
  const asked = (secrets: Secret[], shown: string, at = 0) =>
    refusal(settings, { authorization: `Bearer ${shown}` }, '', at, secrets)

  test('both are right until the time is over, then only the new one', () => {
    const secrets = secretsOf(settings, { secret: 'new', previous: 'old', previousUntil: '1970-01-01T00:01:00Z' })
    for (const shown of ['new', 'old']) assert.equal(asked(secrets, shown, 59), null)
    assert.equal(asked(secrets, 'new', 60), null)
    assert.ok(asked(secrets, 'old', 60))
    assert.ok(asked(secrets, 'of the node'), 'where there is a credential, it alone counts')
    assert.ok(asked(secrets, '') && asked(secrets, 'ne') && asked(secrets, 'newold'))
  })

  test('without a time both are right, and with one that is none only the new one', () => {
    assert.equal(asked(secretsOf(settings, { secret: 'new', previous: 'old' }), 'old', 1e9), null)
    assert.ok(asked(secretsOf(settings, { secret: 'new', previous: 'old', previousUntil: 'soon' }), 'old', 0))
  })

  test('a credential that is gone lets nobody in, whatever the parameters say', () => {
    for (const shown of ['of the node', '', 'undefined']) assert.ok(asked(secretsOf(settings, {}), shown))
  })
})
