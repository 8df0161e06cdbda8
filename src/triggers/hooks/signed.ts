import { createHmac } from 'node:crypto'

/** What a signed call carries. */
export type Signed = { headers: Record<string, string>; body: Buffer; secret: string; now: number; tolerance: number }

/** What a call shows, and what it should show. Where the time of signing is signed too, whether that is too far from now. */
export type Proof = { shown: string[]; right: string; old: boolean | null }

/** How GitHub signs. */
export const github = ({ headers, body, secret }: Signed): Proof => ({
  shown: [headers['x-hub-signature-256'] ?? ''],
  right: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  old: null,
})

/** How Slack signs: the time is part of what is signed. */
export function slack({ headers, body, secret, now, tolerance }: Signed): Proof {
  const at = headers['x-slack-request-timestamp'] ?? ''
  return {
    shown: [headers['x-slack-signature'] ?? ''],
    right: `v0=${createHmac('sha256', secret).update(`v0:${at}:`).update(body).digest('hex')}`,
    old: isOld(at, now, tolerance),
  }
}

/** How Stripe signs: time and signatures stand in one header; while a secret is changed there are two of them. */
export function stripe({ headers, body, secret, now, tolerance }: Signed): Proof {
  const parts = (headers['stripe-signature'] ?? '').split(',').map(part => part.trim().split('=', 2))
  const at = parts.find(([name]) => name === 't')?.[1] ?? ''
  return {
    shown: parts.flatMap(([name, value]) => (name === 'v1' && value ? [value] : [])),
    right: createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex'),
    old: isOld(at, now, tolerance),
  }
}

/** How Standard Webhooks sign. */
export function standard({ headers, body, secret, now, tolerance }: Signed): Proof {
  const [id = '', at = ''] = [headers['webhook-id'], headers['webhook-timestamp']]
  return {
    shown: (headers['webhook-signature'] ?? '').split(' ').flatMap(one => (one.startsWith('v1,') ? [one.slice(3)] : [])),
    right: createHmac('sha256', keyOf(secret)).update(`${id}.${at}.`).update(body).digest('base64'),
    old: isOld(at, now, tolerance),
  }
}

/** The key is given in base64, with or without `whsec_` before it; what is no base64 is taken as it stands. */
function keyOf(secret: string): Buffer {
  const bare = secret.replace(/^whsec_/, '')
  const key = Buffer.from(bare, 'base64')
  return key.length > 0 && key.toString('base64').replace(/=+$/, '') === bare.replace(/=+$/, '') ? key : Buffer.from(secret)
}

/** A signature of the body in a header of somebody's choice. */
export const hmac = (
  { headers, body, secret }: Signed,
  { header, algorithm, encoding, prefix }: { header: string; algorithm: string; encoding: 'hex' | 'base64'; prefix: string },
): Proof => ({
  shown: [headers[header.toLowerCase()] ?? ''],
  right: prefix + createHmac(algorithm, secret).update(body).digest(encoding),
  old: null,
})

/** Seconds since 1970, as the services write them. */
const isOld = (at: string, now: number, tolerance: number) =>
  !/^\d{1,12}$/.test(at) || Math.abs(now / 1000 - Number(at)) > tolerance
