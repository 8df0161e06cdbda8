import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const [url = '', key = '', seconds = '10', rate = '50'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 200 })

/** From the moment it was due, not the moment it was sent: a stall then counts for every call that had to wait. */
function call(due: number): Promise<number> {
  return new Promise((done, fail) => {
    const asked = request(url, { agent, headers: { authorization: `Bearer ${key}` } }, answer => {
      answer
        .resume()
        .once('end', () =>
          answer.statusCode === 200 ? done(performance.now() - due) : fail(new Error(`status ${answer.statusCode}`)),
        )
    })
    asked.once('error', fail).end()
  })
}

const calls: Promise<number>[] = []
const begun = performance.now()
for (let number = 0; number < Number(seconds) * Number(rate); number += 1) {
  const due = begun + (number * 1000) / Number(rate)
  const wait = due - performance.now()
  if (wait > 0) await setTimeout(wait)
  calls.push(call(due))
}
const times = (await Promise.all(calls)).sort((a, b) => a - b)
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
console.log(JSON.stringify({ count: times.length, p50: at(0.5), p99: at(0.99), worst: at(1) }))
agent.destroy()
