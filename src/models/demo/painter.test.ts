import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, inflateSync } from 'node:zlib'
import type { Drawing } from '#sdk/model.ts'
import { demo } from './demo.ts'
import { dotsOf } from './letters.ts'

const draw = async (wanted: Partial<Drawing>) => {
  const opened = await demo.open({}, fetch)
  const { images } =
    (await opened.draw?.('painter', { prompt: 'a fox', count: 1, ...wanted }, new AbortController().signal)) ?? assert.fail()
  return images
}

/** Reads a PNG as we write it, and sees to its sums. */
function seen(bytes: Uint8Array) {
  const file = Buffer.from(bytes)
  assert.deepEqual([...file.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < file.length; ) {
    const end = at + 8 + file.readUInt32BE(at)
    assert.equal(file.readUInt32BE(end), crc32(file.subarray(at + 4, end)))
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end))
    at = end + 4
  }
  assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND'])
  const head = chunks.get('IHDR') ?? assert.fail()
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const rows = inflateSync(chunks.get('IDAT') ?? assert.fail())
  assert.equal(rows.length, (width * 3 + 1) * height)
  const red = (x: number, y: number) => {
    let value = 0
    for (let row = 0; row <= y; row += 1) value = (value + (rows[row * (width * 3 + 1) + 1 + x * 3] ?? 0)) & 255
    return value
  }
  return { width, height, red }
}

test('a picture is a PNG of the size that was asked for, at most 1024 wide and high', async () => {
  const sizes = { '': [512, 512], auto: [512, 512], '300x200': [300, 200], '1792x1024': [1024, 585], '1x1': [64, 64] }
  for (const [size, wanted] of Object.entries(sizes)) {
    const [image] = await draw(size === '' ? {} : { size })
    assert.equal(image?.type, 'image/png')
    const { width, height } = seen(image.bytes)
    assert.deepEqual([width, height], wanted, size)
  }
})

test('the words DEMO, NOT AN AI can be read in it', async () => {
  const [image] = await draw({ size: '128x128' })
  const { width, height, red } = seen(image?.bytes ?? assert.fail())
  const white = Array.from({ length: width * height }, (_, at) => red(at % width, Math.floor(at / width)) === 255)
  const dots = dotsOf('DEMO, NOT AN AI')
  const places = white.flatMap((_, at) => (dots.every(({ x, y }) => white[at + y * width + x]) ? [at] : []))
  assert.equal(places.length, 1)
  const band = white.filter((is, at) => is && at >= (height - 12) * width)
  assert.equal(band.length, dots.length, 'and nothing else is as white')
})

test('the same prompt gives the same pictures, of which each is another, and up to four', async () => {
  const same = [await draw({ count: 9 }), await draw({ count: 4 })]
  assert.deepEqual(same[0], same[1])
  assert.equal(new Set(same[0]?.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).size, 4)
  assert.deepEqual(await draw({ seed: 1 }), same[0]?.slice(1, 2), 'the second is the first of the next seed')
  assert.notDeepEqual(await draw({ prompt: 'a bear' }), same[0]?.slice(0, 1))
})
