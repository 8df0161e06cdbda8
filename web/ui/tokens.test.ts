import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

type Colour = [red: number, green: number, blue: number, alpha: number]

const css = await readFile(new URL('./tokens.css', import.meta.url), 'utf8')

function tokensOf(selector: string): Map<string, string> {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}', 1)[0] ?? ''
  return new Map([...body.matchAll(/^\s*--([\w-]+):\s*([^;]+);/gm)].map(([, name = '', value = '']) => [name, value]))
}

const dark = tokensOf(':root')
const THEMES = { dark, light: new Map([...dark, ...tokensOf(':root[data-theme="light"]')]) }

function colourOf(text: string): Colour {
  const hex = /^#(..)(..)(..)$/.exec(text)
  if (hex) return [...(hex.slice(1).map(part => Number.parseInt(part, 16)) as [number, number, number]), 1]
  const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue, alpha]
}

/** What is seen where colours lie over each other, the lowest first. */
function seen(layers: readonly string[], tokens: Map<string, string>): Colour {
  return layers
    .map(name => colourOf(tokens.get(name) ?? assert.fail(`there is no --${name}`)))
    .reduce(
      (below, above) => [0, 1, 2].map(at => (above[at] ?? 0) * above[3] + (below[at] ?? 0) * (1 - above[3])).concat(1) as Colour,
    )
}

function light([red, green, blue]: Colour): number {
  const part = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
}

function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [light(one), light(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

const GROUNDS = [
  ['ground'],
  ['ground', 'surface'],
  ['ground', 'glass'],
  ['ground', 'surface', 'well'],
  ['ground', 'glass', 'well'],
  ['ground', 'surface', 'hover'],
  ['ground', 'glass', 'hover'],
]
const SOFT = ['success', 'warning', 'danger', 'info']

for (const [theme, tokens] of Object.entries(THEMES)) {
  test(`every text can be read on everything it stands on, ${theme}`, () => {
    const pairs = [
      ...GROUNDS.flatMap(ground => ['text', 'muted', 'accent', ...SOFT].map(text => [text, ground] as const)),
      ...GROUNDS.flatMap(ground =>
        SOFT.flatMap(tone => [tone, 'text'].map(text => [text, [...ground, `${tone}-soft`]] as const)),
      ),
      ...GROUNDS.map(ground => ['text', [...ground, 'press']] as const),
      ...['primary-from', 'primary-to'].map(end => ['on-primary', [end]] as const),
      ['on-danger', ['danger-solid']] as const,
    ]
    const poor = pairs
      .map(([text, ground]) => ({ text, ground, ratio: contrast(seen([...ground, text], tokens), seen(ground, tokens)) }))
      .filter(({ ratio }) => ratio < 4.5)
    assert.deepEqual(
      poor.map(({ text, ground, ratio }) => `${text} on ${ground.join(' + ')}: ${ratio.toFixed(2)}`),
      [],
    )
  })

  test(`what has a focus and in what state a node is can be told from the ground, ${theme}`, () => {
    for (const name of ['ring', 'node-waiting', 'node-running', 'node-done', 'node-failed', 'node-paused'])
      assert.ok(contrast(seen(['ground', name], tokens), seen(['ground', 'surface'], tokens)) >= 3, name)
  })
}

test('both themes name the same colours', () => {
  const shared = ['code-dark', 'code-light']
  assert.deepEqual(
    [...tokensOf(':root[data-theme="light"]').keys()].sort(),
    [...dark.keys()].filter(name => !shared.includes(name)).sort(),
  )
})
