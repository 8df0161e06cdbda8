import type { Drawing } from '#sdk/model.ts'
import { dotsOf, TALL, WIDE } from './letters.ts'
import { type Pixels, pngOf } from './png.ts'
import { hashOf } from './words.ts'

const USUAL = 512
const MOST = 1024
/** Smaller, the words could not be read. */
const LEAST = 64
const MOST_PICTURES = 4
const CIRCLES = 6

type Colour = readonly [red: number, green: number, blue: number]

/** Calm pictures whose colours follow from the prompt and whose circles lie elsewhere in each; all say what they are. */
export async function paint({ prompt, count, size, seed = 0 }: Drawing, signal: AbortSignal): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = []
  const { width, height } = sizeOf(size)
  for (let nth = 0; nth < Math.min(MOST_PICTURES, Math.max(1, count)); nth += 1) {
    signal.throwIfAborted()
    pictures.push(await pngOf(picture(prompt, seed + nth, width, height)))
  }
  return pictures
}

/** `1024x1536` becomes 682x1024: the sides keep their relation as long as the words fit. */
function sizeOf(text = ''): { width: number; height: number } {
  const [, across, down] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? []
  const width = Number(across) || USUAL
  const height = Number(down) || USUAL
  const scale = Math.min(1, MOST / Math.max(width, height))
  return { width: Math.max(LEAST, Math.floor(width * scale)), height: Math.max(LEAST, Math.floor(height * scale)) }
}

function picture(prompt: string, seed: number, width: number, height: number): Pixels {
  const pixels = { width, height, bytes: new Uint8Array(width * height * 3) }
  const hue = hashOf(prompt) % 360
  shade(pixels, colourOf(hue, 0.35, 0.82), colourOf(hue + 50, 0.4, 0.55))
  for (let nth = 0; nth < CIRCLES; nth += 1) {
    const chance = (what: string) => (hashOf(`${prompt} ${seed} ${nth} ${what}`) % 1000) / 1000
    const radius = (0.06 + 0.16 * chance('radius')) * Math.min(width, height)
    const colour = colourOf(hue + 120 * chance('hue') - 40, 0.5, 0.45 + 0.35 * chance('light'))
    circle(pixels, chance('x') * width, chance('y') * height, radius, colour)
  }
  write(pixels)
  return pixels
}

function mix({ width, bytes }: Pixels, x: number, y: number, colour: Colour, share: number): void {
  const at = (y * width + x) * 3
  for (const part of [0, 1, 2] as const)
    bytes[at + part] = Math.round((bytes[at + part] ?? 0) * (1 - share) + colour[part] * share)
}

function shade(pixels: Pixels, from: Colour, to: Colour): void {
  const { width, height } = pixels
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      mix(pixels, x, y, from, 1)
      mix(pixels, x, y, to, (y / height) * 0.8 + (x / width) * 0.2)
    }
}

function circle(pixels: Pixels, middle: number, level: number, radius: number, colour: Colour): void {
  const { width, height } = pixels
  for (let y = Math.max(0, Math.floor(level - radius)); y < Math.min(height, level + radius + 1); y += 1)
    for (let x = Math.max(0, Math.floor(middle - radius)); x < Math.min(width, middle + radius + 1); x += 1) {
      const inside = radius - Math.hypot(x - middle, y - level)
      if (inside > 0) mix(pixels, x, y, colour, 0.6 * Math.min(1, inside))
    }
}

/** White words on a dark band at the foot, in one line or, where that is too narrow, in two. */
function write(pixels: Pixels): void {
  const { width, height } = pixels
  const whole = ['DEMO, NOT AN AI']
  const lines = width < 15 * WIDE + 4 ? ['DEMO,', 'NOT AN AI'] : whole
  const longest = Math.max(...lines.map(line => line.length * WIDE))
  const dot = Math.max(1, Math.floor((width * 0.7) / longest))
  const tall = (lines.length * (TALL + 2) + 2) * dot
  for (let y = height - tall; y < height; y += 1) for (let x = 0; x < width; x += 1) mix(pixels, x, y, [24, 26, 32], 0.85)
  for (const [nth, line] of lines.entries()) {
    const left = Math.floor((width - (line.length * WIDE - 1) * dot) / 2)
    const top = height - tall + (2 + nth * (TALL + 2)) * dot
    for (const { x, y } of dotsOf(line))
      for (let at = 0; at < dot * dot; at += 1)
        mix(pixels, left + x * dot + (at % dot), top + y * dot + Math.floor(at / dot), [255, 255, 255], 1)
  }
}

/** A colour by its place on the wheel, in degrees, how full it is and how light, from 0 to 1. */
function colourOf(hue: number, full: number, light: number): Colour {
  const part = (offset: number) => {
    const turn = (offset + hue / 30 + 24) % 12
    return Math.round(255 * (light - full * Math.min(light, 1 - light) * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))))
  }
  return [part(0), part(8), part(4)]
}
