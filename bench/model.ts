import { setTimeout } from 'node:timers/promises'
import { asking, DIALECTS, openAt, outboundForTests } from '#models/testing.ts'
import { mb, middle, ms, type Piece, seconds, whole, withProgram } from './piece.ts'

type Dialect = (typeof DIALECTS)[number]
/** Asks once and answers with how late each piece was, in milliseconds. */
type Way = () => Promise<number[]>

const never = new AbortController().signal
const CROWD = 200
const RATE = 50
const LONG = 2_000
const PATHS: Record<string, string> = { openai: 'responses', anthropic: 'messages', google: 'x', compatible: 'chat/completions' }

/** Of what was sent in this microsecond: all processes of a machine have the same clock. */
const delayOf = (sent: string): number => Number(process.hrtime.bigint() / 1000n - BigInt(sent)) / 1000

const part = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0

/** The two ways to read the same stream: bare, and as a model that is asked. */
async function withWays<T>(dialect: Dialect, args: number[], use: (bare: Way, asked: Way) => Promise<T>): Promise<T> {
  return withProgram('speaker.ts', args.map(String), async url => {
    const out = outboundForTests()
    const opened = await openAt(dialect, url, out)
    const path = `${dialect.base(url).replace(/\/$/, '')}/${PATHS[dialect.provider.id]}`
    async function bare(): Promise<number[]> {
      const late: number[] = []
      const { body } = await fetch(path, { method: 'POST', body: JSON.stringify(asking('Hello')) })
      for await (const chunk of body ?? [])
        for (const [sent] of Buffer.from(chunk)
          .toString('latin1')
          .matchAll(/\d{16}/g))
          late.push(delayOf(sent))
      return late
    }
    async function asked(): Promise<number[]> {
      const late: number[] = []
      await opened.ask(dialect.model, asking('Hello'), { signal: never, text: piece => late.push(delayOf(piece)) })
      return late
    }
    try {
      return await use(bare, asked)
    } finally {
      await out.close()
    }
  })
}

/** How long each takes, in turn, after a while of both; medians, and how late the first piece was. */
async function inTurn(bare: Way, asked: Way, times: number): Promise<{ bare: number; more: number; first: number[] }> {
  const [short, long, first]: [number[], number[], number[]] = [[], [], []]
  for (let round = -Math.ceil(times / 3); round < times; round += 1) {
    const [a] = [performance.now(), await bare()]
    const [b, [late = 0]] = [performance.now(), await asked()]
    if (round < 0) continue
    short.push(b - a)
    long.push(performance.now() - b)
    first.push(late)
  }
  return { bare: middle(short), more: middle(long) - middle(short), first }
}

/** Many at once: how late their pieces are, and what they take. */
async function crowd(way: Way): Promise<{ late: number[]; busy: number; more: number }> {
  const rss = () => process.memoryUsage().rss / 2 ** 20
  const [idle, before, begun] = [rss(), process.cpuUsage(), performance.now()]
  let most = idle
  const watch = setInterval(() => {
    most = Math.max(most, rss())
  }, 100)
  const late = await Promise.all(
    Array.from({ length: CROWD }, async (_none, at) => {
      // Begun at one moment, they would all have something to say at the same moments.
      await setTimeout((at * 1000) / RATE / CROWD)
      return way()
    }),
  )
  clearInterval(watch)
  const { user, system } = process.cpuUsage(before)
  const all = late.flat()
  if (all.length !== CROWD * RATE * seconds(8)) throw new Error(`${all.length} pieces came`)
  return { late: all, busy: (user + system) / 1000 / (performance.now() - begun), more: most - idle }
}

async function rowOf(dialect: Dialect): Promise<string[]> {
  const call = await withWays(dialect, [1], (bare, asked) => inTurn(bare, asked, 50 * seconds(8)))
  const long = await withWays(dialect, [LONG], (bare, asked) => inTurn(bare, asked, 3 * seconds(8)))
  const [beside, many] = await withWays(dialect, [RATE * seconds(8), RATE], async (bare, asked) => [
    await crowd(bare),
    await crowd(asked),
  ])
  return [
    dialect.provider.title,
    ms(call.bare),
    ms(call.more),
    `${ms(part(call.first, 0.5))}, p99 ${ms(part(call.first, 0.99))}`,
    `${whole(((long.more - call.more) * 1000) / LONG)} µs`,
    ...[beside, many].map(({ late, busy }) => `${ms(part(late, 0.5))}, p99 ${ms(part(late, 0.99))}, ${whole(busy * 100)} % CPU`),
    mb(many.more),
  ]
}

/** What it costs to ask a model through its provider's package and the guard. */
export const model: Piece = {
  name: 'model',
  about: `Asking a model through the package of its provider and the guard, beside a bare \`fetch\` that reads the same stream from the same local process: in turn, medians. A call has one piece; the cost of a piece is that of ${whole(LONG)} in one answer without that of the call. Pieces are timed from when the server wrote them. Last ${CROWD} answers at once with ${RATE} pieces per second each, for ${seconds(8)} s; the memory is what was above idle at the most.`,
  async measure() {
    const rows: string[][] = []
    for (const dialect of DIALECTS) rows.push(await rowOf(dialect))
    const head = ['provider', 'bare call', 'asked, more', 'first piece', 'each piece, more', `${CROWD} bare`, `${CROWD} asked`]
    return [[...head, 'memory'], ...rows, ['aim', '', '< 3 ms', '< 10 ms', '', '', '', '']]
  },
}
