/** Where to go after signing in: a path of this site, or null. Nothing that a browser could read as another site gets through. */
export function sitePath(text: unknown, origin = 'http://site.invalid'): string | null {
  if (typeof text !== 'string' || !/^\/(?![/\\])/.test(text) || hasControl(text)) return null
  const url = URL.parse(text, origin)
  if (!url || url.origin !== origin) return null
  return url.pathname.startsWith('//') ? null : url.pathname + url.search + url.hash
}

/** Browsers drop tabs and line breaks inside addresses, so `/\t/evil` would become `//evil`. */
const hasControl = (text: string) => [...text].some(letter => letter <= ' ' || letter === '\u007f')

/** The token in the address of a mailed link: all that stands behind the `#`. */
export function tokenOf(hash: string): string {
  const text = hash.replace(/^#/, '').replace(/^token=/, '')
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
