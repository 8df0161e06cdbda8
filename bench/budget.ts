import { join } from 'node:path'
import { middle, ms, type Piece, whole, withProgram, withServer } from './piece.ts'
import { post, register } from './server.ts'

/** Executions that ask a model at the same moment. */
const CROWD = 50
const ROUNDS = 5
/** What the speaker says it took: 8 tokens at 1.25, 2 from the cache at 0.125, 5 written at 10, in dollars for a million. */
const COST = 0.00006
/** Room for some of the crowd. */
const TIGHT = 0.0015

type Ended = { status: string; took: number; spent: number; code: string }

/** Starts all of them at once, and waits for the end of each. */
async function crowd(url: string, headers: Record<string, string>, workflow: string): Promise<Ended[]> {
  return Promise.all(
    Array.from({ length: CROWD }, async () => {
      const begun = performance.now()
      const it = await post(`${url}/api/workflows/${workflow}/execute`, { wait: true }, headers)
      const { cost } = Object(it.usage)
      return {
        status: String(it.status),
        took: performance.now() - begun,
        spent: Number(cost),
        code: String(Object(it.error).code),
      }
    }),
  )
}

const drawing = (maxTokens: number) => ({
  name: 'asks',
  nodes: [
    { id: 'start', key: 'start', block: 'manual.start' },
    { id: 'ask', key: 'ask', block: 'ai.write', params: { model: 'openai/gpt-5', prompt: 'Say hello.', maxTokens } },
  ],
  edges: [{ source: 'start', target: 'ask' }],
})

/** What it costs to reserve before each call of a model, and whether a budget is kept when many ask at once. */
export const budget: Piece = {
  name: 'budget',
  about: `${CROWD} executions that ask a model at the same moment, each one call that is answered at once by a process that speaks as OpenAI does; ${ROUNDS} rounds, medians. With a budget each call reserves what it may take before it is made, and the journal's write settles it. The tight budget has $${TIGHT}, and a call takes $${COST}: what was made and refused, and by how much it was overspent, in all of its rounds the most.`,
  measure: folder =>
    withServer(
      join(folder, 'data'),
      ({ url }) =>
        withProgram('speaker.ts', ['1', '0'], async speaker => {
          const headers = { authorization: `Bearer ${await register(url)}` }
          const values = { apiKey: 'a key', baseUrl: `${speaker}/v1` }
          await post(`${url}/api/credentials`, { name: 'speaker', kind: 'openai', values }, headers)
          const publish = async () => {
            const { id } = await post(`${url}/api/workflows`, drawing(5), headers)
            await post(`${url}/api/workflows/${id}/publish`, {}, headers)
            return String(id)
          }
          const limit = async (workflow: string, dollars: number) =>
            post(`${url}/api/budgets`, { scope: 'workflow', subjectId: workflow, period: 'day', dollars }, headers)
          const rows: string[][] = []
          for (const [name, dollars] of [
            ['no budget', null],
            ['a wide budget', 1_000],
            ['a tight budget', TIGHT],
          ] as const) {
            const rounds: Ended[][] = []
            for (let round = 0; round <= ROUNDS; round += 1) {
              const workflow = await publish()
              if (dollars !== null) await limit(workflow, dollars)
              const ended = await crowd(url, headers, workflow)
              if (round > 0) rounds.push(ended)
            }
            rows.push(rowOf(name, dollars, rounds))
          }
          return [['executions', 'calls made', 'refused', 'spent', 'overspent', 'all of them', 'each', 'aim'], ...rows]
        }),
      { OUTBOUND_ALLOW: '127.0.0.0/8' },
    ),
}

function rowOf(name: string, dollars: number | null, rounds: readonly Ended[][]): string[] {
  const made = rounds.map(round => round.filter(({ status }) => status === 'completed').length)
  const spent = rounds.map(round => round.reduce((sum, one) => sum + one.spent, 0))
  const odd = rounds.flat().find(({ status, code }) => status !== 'completed' && code !== 'budget.exhausted')
  if (odd || (name !== 'a tight budget' && middle(made) !== CROWD))
    throw new Error(`not what was to be measured: ${JSON.stringify(odd)}`)
  const over = Math.max(...spent.map(sum => sum - (dollars ?? Number.POSITIVE_INFINITY)))
  const all = rounds.map(round => Math.max(...round.map(({ took }) => took)))
  return [
    name,
    whole(middle(made)),
    whole(CROWD - middle(made)),
    `$${middle(spent).toFixed(6)}`,
    dollars === null ? '' : `$${Math.max(0, over).toFixed(6)}`,
    ms(middle(all)),
    ms(middle(rounds.flat().map(({ took }) => took))),
    dollars === TIGHT ? 'overspent ≤ one call' : '',
  ]
}
