import { join } from 'node:path'
import { demandCompleted, drained } from './hook.ts'
import { ask, type Load, load, posting } from './load.ts'
import { inTurn, ms, type Piece, seconds, whole, withProgram, withServer } from './piece.ts'
import { post, register } from './server.ts'
import { type Box, chainOf, draw, ORDER } from './workflow.ts'

const LENGTHS = [1, 5, 20, 100]

/** The steepness of the line that lies best between points. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) => points.reduce((all, one) => all + of(one), 0) / points.length
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)]
  return mean(([at, value]) => (at - x) * (value - y)) / mean(([at]) => (at - x) ** 2)
}

/** What one more node costs that touches nothing outside. */
export const nodes: Piece = {
  name: 'nodes',
  about: `Chains of \`core.set\` behind a webhook that answers at the end, one connection, three rounds of ${seconds(8)} s each in turn, median round. What a further node costs is the slope of the line through the medians.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const token = await register(url)
      const hooks: string[] = []
      for (const length of LENGTHS) {
        const hook = await draw(url, token, 'finished', chainOf(length))
        const { n } = await post(hook, ORDER)
        if (n !== ORDER.amount) throw new Error(`a chain of ${length} answered ${n}`)
        hooks.push(hook)
      }
      const loads = await inTurn(
        hooks.map(at => length => ask({ url: at, connections: 1, seconds: length, body: ORDER })),
        seconds(8),
      )
      demandCompleted(join(folder, 'data'), total(loads))
      const each = slope(loads.map((it, at) => [LENGTHS[at] ?? 0, it.p50] as const))
      return [
        ['nodes', 'p50', 'p99', 'not 2xx', 'aim'],
        ...loads.map((it, at) => [String(LENGTHS[at]), ms(it.p50), ms(it.p99), whole(it.bad), '']),
        ['each further one', `${each.toFixed(3)} ms`, '', '', '< 0.05 ms'],
      ]
    }),
}

const total = (loads: readonly Load[]) => loads.reduce((all, one) => all + one.good, 0)

/** Three calls that must not be repeated: each is written down before it is made, and its result after it. */
export const once: Piece = {
  name: 'once',
  about: `Three \`http.request\` nodes in a row, each a POST to a local service in a process of its own that counts; the webhook answers at the end. Three rounds of ${seconds(8)} s, median round. Every call must arrive once.`,
  measure: folder =>
    withProgram('counter.ts', [], counter =>
      withServer(
        join(folder, 'data'),
        async ({ url }) => {
          const boxes = ['a', 'b', 'c'].map(key => callOf(key, counter))
          const hook = await draw(url, await register(url), 'finished', boxes)
          await post(hook, ORDER)
          const [one, many] = await inTurn(
            [
              length => ask({ url: hook, connections: 1, seconds: length, body: ORDER }),
              length => load(hook, length, 50, posting(ORDER)),
            ],
            seconds(8),
          )
          if (!one || !many) throw new Error('nothing was measured')
          await drained(join(folder, 'data'))
          const done = demandCompleted(join(folder, 'data'), total([one, many]))
          const { calls, different } = Object(await (await fetch(counter)).json())
          if (calls !== 3 * done || different !== calls)
            throw new Error(`${done} executions completed; the service was called ${calls} times by ${different} different nodes`)
          return [
            ['connections', 'executions per second', 'p50', 'p99', 'not 2xx', 'aim'],
            ['1', whole(one.perSecond), ms(one.p50), ms(one.p99), whole(one.bad), 'median < 8 ms'],
            ['50', whole(many.perSecond), ms(many.p50), ms(many.p99), whole(many.bad), '≥ 1,000 per second'],
          ]
        },
        { OUTBOUND_ALLOW: '127.0.0.0/8' },
      ),
    ),
}

const callOf = (key: string, url: string): Box => ({
  key,
  block: 'http.request',
  params: { method: 'POST', url, body: { execution: '{{ execution.id }}', node: key } },
})

const ITEMS = Array.from({ length: 100 }, (_none, at) => ({ name: `Article ${at}`, price: at * 3, count: (at % 7) + 1 }))
const LOOP = `let total = 0
for (const item of input.items) total += item.price * item.count
return { total }`
const TOTAL = ITEMS.reduce((all, { price, count }) => all + price * count, 0)

/** People's own JavaScript, in its sandbox. */
export const code: Piece = {
  name: 'code',
  about: `\`core.code\` that adds up 100 items it is given, behind a webhook that answers at the end. Three rounds of ${seconds(8)} s, median round.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const boxes = [{ key: 'sum', block: 'core.code', params: { code: LOOP, input: { items: '{{ trigger.body.items }}' } } }]
      const hook = await draw(url, await register(url), 'finished', boxes)
      const { total: said } = await post(hook, { items: ITEMS })
      if (said !== TOTAL) throw new Error(`the code answered ${said} and not ${TOTAL}`)
      const [one, many] = await inTurn(
        [
          length => ask({ url: hook, connections: 1, seconds: length, body: { items: ITEMS } }),
          length => load(hook, length, 50, posting({ items: ITEMS })),
        ],
        seconds(8),
      )
      if (!one || !many) throw new Error('nothing was measured')
      await drained(join(folder, 'data'))
      demandCompleted(join(folder, 'data'), total([one, many]))
      return [
        ['connections', 'per second', 'p50', 'p99', 'not 2xx', 'aim'],
        ['1', whole(one.perSecond), ms(one.p50), ms(one.p99), whole(one.bad), ''],
        ['50', whole(many.perSecond), ms(many.p50), ms(many.p99), whole(many.bad), '≥ 400 per second'],
      ]
    }),
}

const LIST = Array.from({ length: 1000 }, (_none, at) => at)

/** A loop over a list. */
export const each: Piece = {
  name: 'each',
  about: `For each of 1,000 items a \`core.set\` that touches nothing outside, behind a webhook that answers with the list of results; one connection, three rounds of ${seconds(8)} s, median round.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const boxes = [
        { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.body.list }}', result: '{{ double.n }}' } },
        { key: 'double', block: 'core.set', parent: 'each', params: { fields: { n: '{{ item | times: 2 }}' } } },
      ]
      const hook = await draw(url, await register(url), 'finished', boxes)
      const said = JSON.stringify(await post(hook, { list: LIST }))
      if (said !== JSON.stringify(LIST.map(n => n * 2))) throw new Error(`the loop answered ${said.slice(0, 200)}`)
      const [it] = await inTurn([length => ask({ url: hook, connections: 1, seconds: length, body: { list: LIST } })], seconds(8))
      if (!it) throw new Error('nothing was measured')
      demandCompleted(join(folder, 'data'), it.good)
      return [
        ['items', 'p50', 'p99', 'not 2xx', 'aim'],
        ['1,000', ms(it.p50), ms(it.p99), whole(it.bad), 'p50 < 150 ms'],
      ]
    }),
}
