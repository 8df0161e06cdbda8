/** What every answer says to a browser. An answer of the API is never shown, so it may not do anything at all. */
export const HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // What is asked with a cookie or a key is for one person; what may be kept says so itself.
  'cache-control': 'no-store',
} as const

/** What a page of ours may do: load its own scripts, styles and pictures, and talk to this server. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Half a year, for this host alone: what else stands under the domain is not ours to decide. */
export const HTTPS_ONLY = 'max-age=15768000'
