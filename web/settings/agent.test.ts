import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceOf } from './agent.ts'
import { secretOf } from './secret.ts'

const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test('a browser is known by what only it says, though it claims to be others too', () => {
  const cases: [string, string | null, string | null, boolean][] = [
    [`Mozilla/5.0 (X11; Linux x86_64) ${KHTML} Chrome/126.0.0.0 Safari/537.36`, 'Chrome', 'Linux', false],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`, 'Edge', 'Windows', false],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox', 'macOS', false],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      'Safari',
      'macOS',
      false,
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
      true,
    ],
    [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${KHTML} Chrome/126.0.0.0 Mobile Safari/537.36`, 'Chrome', 'Android', true],
    ['curl/8.5.0', 'curl', null, false],
  ]
  for (const [agent, browser, system, phone] of cases) assert.deepEqual(deviceOf(agent), { browser, system, phone }, agent)
})

test('an agent that says nothing is not guessed at', () => {
  assert.deepEqual(deviceOf(null), { browser: null, system: null, phone: false })
  assert.deepEqual(deviceOf('strange thing'), { browser: null, system: null, phone: false })
})

test('the secret for an authenticator is found in its address', () => {
  assert.equal(
    secretOf('otpauth://totp/PromptPilot:ada@example.org?secret=JBSWY3DPEHPK3PXP&issuer=PromptPilot'),
    'JBSWY3DPEHPK3PXP',
  )
  assert.equal(secretOf('nonsense'), '')
})
