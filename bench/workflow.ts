import { post } from './server.ts'

/** A box of a workflow that is drawn as a chain; `outlet` is the way on from it. What has a `parent` stands in that loop. */
export type Box = { key: string; block: string; params?: object; parent?: string; outlet?: string }

/** How a webhook answers. */
export type Reply = 'accepted' | 'finished'

/** Draws a webhook and the boxes behind it, publishes it, and answers with its address. */
export async function draw(
  url: string,
  token: string,
  reply: Reply,
  boxes: readonly Box[],
  settings: object = {},
): Promise<string> {
  const all: Box[] = [{ key: 'hook', block: 'webhook.receive', params: { reply } }, ...boxes]
  const chain = all.filter(box => box.parent === undefined)
  const edges = chain.slice(1).map(({ key }, at) => {
    const { key: source = '', outlet: sourceHandle = 'main' } = chain[at] ?? {}
    return { source, sourceHandle, target: key }
  })
  const nodes = all.map(({ outlet: _way, ...box }) => ({ id: box.key, ...box }))
  const headers = { authorization: `Bearer ${token}` }
  const { id } = await post(`${url}/api/workflows`, { name: 'Bench', nodes, edges, settings }, headers)
  await post(`${url}/api/workflows/${id}/publish`, {}, headers)
  const answer = await fetch(`${url}/api/triggers?workflowId=${id}`, { headers })
  const { items } = Object(await answer.json())
  return String(items[0].url)
}

/** What the short workflow is called with. */
export const ORDER = { customer: 'Ada', amount: 120, tags: ['new', 'eu'] }

/** Four boxes with the webhook: takes two fields, asks whether the amount is large, and says so. */
export const SHORT: readonly Box[] = [
  {
    key: 'order',
    block: 'core.set',
    params: { fields: { customer: '{{ trigger.body.customer }}', amount: '{{ trigger.body.amount }}' } },
  },
  { key: 'large', block: 'core.if', params: { all: [{ left: '{{ order.amount }}', op: 'greater', right: 100 }] }, outlet: 'yes' },
  { key: 'said', block: 'core.set', params: { fields: { text: '{{ order.customer }} spends {{ order.amount }}', vip: true } } },
]

/** So many boxes that each take a field of the one before. */
export const chainOf = (length: number): Box[] =>
  Array.from({ length }, (_none, at) => ({
    key: `s${at}`,
    block: 'core.set',
    params: { fields: { n: at === 0 ? '{{ trigger.body.amount }}' : `{{ s${at - 1}.n }}` } },
  }))
