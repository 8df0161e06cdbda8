import { createHmac } from 'node:crypto'

/** What a signed call carries. */
export type Signed = { headers: Record<string, string>; body: Buffer; secret: string; now: number; tolerance: number }

/** A signature that a call shows, and the one it should show; `old` when it was signed too long ago or is yet to come. */
export type Proof = { shown: string[]; right: string; old: boolean }

/** How GitHub signs. */
export const github = ({ headers, body, secret }: Signed): Proof => ({
  shown: [headers['x-hub-signature-256'] ?? ''],
  right: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  old: false,
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

/** How Standard Webhooks sign; a secret that begins with `whsec_` is in base64. */
export function standard({ headers, body, secret, now, tolerance }: Signed): Proof {
  const [id = '', at = ''] = [headers['webhook-id'], headers['webhook-timestamp']]
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return {
    shown: (headers['webhook-signature'] ?? '').split(' ').flatMap(one => (one.startsWith('v1,') ? [one.slice(3)] : [])),
    right: createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64'),
    old: isOld(at, now, tolerance),
  }
}

/** A signature of the body in a header of somebody's choice. */
export const hmac = (
  { headers, body, secret }: Signed,
  { header, algorithm, encoding, prefix }: { header: string; algorithm: string; encoding: 'hex' | 'base64'; prefix: string },
): Proof => ({
  shown: [headers[header.toLowerCase()] ?? ''],
  right: prefix + createHmac(algorithm, secret).update(body).digest(encoding),
  old: false,
})

/** Seconds since 1970, as the services write them. */
const isOld = (at: string, now: number, tolerance: number) =>
  !/^\d{1,12}$/.test(at) || Math.abs(now / 1000 - Number(at)) > tolerance
