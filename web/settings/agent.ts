/** What a user agent says about the device, in words; null for what it does not say. */
export type Device = { browser: string | null; system: string | null; phone: boolean }

const BROWSERS: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^Wget\//, 'Wget'],
  [/\bnode\b|^undici/i, 'Node.js'],
  [/python-requests|aiohttp|httpx/i, 'Python'],
]

const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

const firstOf = (list: [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** Reads a user agent. Order matters: most browsers also claim to be others. */
export function deviceOf(agent: string | null): Device {
  const text = agent ?? ''
  return {
    browser: firstOf(BROWSERS, text),
    system: firstOf(SYSTEMS, text),
    phone: /\b(?:Mobile|iPhone|Android)\b/.test(text) && !/\biPad\b/.test(text),
  }
}
