import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import type { Job } from './load.ts'

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const { url, connections, status = 200, least = 0, seconds = Number.POSITIVE_INFINITY, amount = Number.POSITIVE_INFINITY } = job
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const given = job.file === undefined ? job.body && Buffer.from(JSON.stringify(job.body)) : await readFile(job.file)
const type = given === undefined ? {} : { 'content-type': 'application/json', 'content-length': given.length }
const options = { agent, method: given === undefined ? 'GET' : 'POST', headers: { ...type, ...job.headers } }

/** Was it answered as it should be? */
function call(): Promise<boolean> {
  return new Promise(done => {
    const asked = request(url, options, answer => {
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
      })
      answer.once('end', () => done(answer.statusCode === status && bytes >= least)).once('error', () => done(false))
    })
    asked.once('error', () => done(false)).end(given)
  })
}

const times: number[] = []
let [sent, bad] = [0, 0]
const begun = performance.now()

async function goOn(): Promise<void> {
  while (sent < amount && performance.now() < begun + seconds * 1000) {
    sent += 1
    const from = performance.now()
    if (await call()) times.push(performance.now() - from)
    else bad += 1
  }
}

await Promise.all(Array.from({ length: connections }, goOn))
const took = (performance.now() - begun) / 1000
times.sort((a, b) => a - b)
const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
console.log(JSON.stringify({ perSecond: times.length / took, p50: at(0.5), p99: at(0.99), good: times.length, bad }))
agent.destroy()
