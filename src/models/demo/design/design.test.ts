import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'

type Box = { id: string; key: string; block: string; params: Record<string, unknown>; parent?: string }

/** What a sentence becomes: its blocks in order, and what must be said in its parameters. */
const SENTENCES: readonly [string, string, RegExp][] = [
  [
    'Every morning fetch https://example.org/news, summarise it and mail it to ann@example.org',
    'schedule.cron http.request data.html ai.summarize email.send',
    /"0 8 \* \* \*".*example\.org\/news.*\{\{ page \}\}.*ann@example\.org.*summary\.text/s,
  ],
  [
    'When a webhook arrives, classify the text into billing, bug or other, and if it is a bug send it to Slack',
    'webhook.receive ai.classify http.request',
    /trigger\.body\.text.*\["billing","bug","other"\].*vars\.target/s,
  ],
  [
    'Make a form where people enter a text, translate it to French and mail it to me',
    'manual.start ai.translate email.send',
    /"form".*French.*vars\.recipient/s,
  ],
  [
    'Every 15 minutes check the API https://api.example.org/status.json and if it contains error notify Slack',
    'schedule.cron http.request core.if http.request',
    /"15m".*status\.json.*"contains","right":"error"/s,
  ],
  [
    'Send me a weekly summary of the headlines on Monday at 9',
    'schedule.cron http.request data.html ai.summarize email.send',
    /"0 9 \* \* MON"/,
  ],
  [
    'For each order from the API https://api.example.org/orders, write a thank-you letter and send it by mail',
    'manual.start http.request core.forEach ai.write email.send',
    /fetch\.body.*\{\{ item \}\}.*thank-you letter/s,
  ],
  [
    'When a request comes in, extract the name, email and total, and if the total is over 100 ask me to approve, then post to https://crm.example.org/api',
    'webhook.receive ai.extract core.if core.approve http.request',
    /\[\{"name":"name"\},\{"name":"email"\},\{"name":"total"\}\].*found\.object\.total.*"greater","right":100.*crm\.example\.org/s,
  ],
  [
    'On weekdays at 5 pm write a haiku about tea and email it to bob@example.org',
    'schedule.cron ai.write email.send',
    /"0 17 \* \* MON-FRI".*"write a haiku about tea"/s,
  ],
  [
    'When a webhook is called, summarise the text and respond with it',
    'webhook.receive ai.summarize core.respond',
    /"respond".*summary\.text/s,
  ],
  ['When a workflow fails, send me an email', 'event.on email.send', /execution\.failed/],
  ['Build a chat bot that writes a kind answer', 'manual.start ai.write', /"chat".*trigger\.message/s],
  ['Wait 10 minutes after the webhook and then send a mail to x@example.org', 'webhook.receive core.wait email.send', /"10m"/],
  [
    'Jeden Morgen um 7:30 die Seite https://example.org abrufen, zusammenfassen und per Mail an chef@example.org schicken',
    'schedule.cron http.request data.html ai.summarize email.send',
    /"30 7 \* \* \*".*chef@example\.org/s,
  ],
  [
    'Wenn ein Webhook kommt, ordne den Text in Rechnung, Rückfrage oder Sonstiges ein und schicke eine Mail',
    'webhook.receive ai.classify email.send',
    /\["Rechnung","Rückfrage","Sonstiges"\]/,
  ],
  [
    'Jeden Montag die Schlagzeilen abrufen und auf Englisch übersetzen, nach Freigabe an Slack senden',
    'schedule.cron http.request data.html ai.translate core.approve http.request',
    /"0 8 \* \* MON".*English/s,
  ],
  ['Ein Formular, das den Text zusammenfasst und per E-Mail verschickt', 'manual.start ai.summarize email.send', /"form"/],
  [
    'Alle 2 Stunden die API https://api.example.org/preise.json abrufen und wenn der Preis über 50 liegt, eine Mail an a@b.de senden',
    'schedule.cron http.request core.if email.send',
    /"2h".*fetch\.body\.preis.*"greater","right":50/s,
  ],
]

const [kind] = databases()
assert.ok(kind)

describe('a workflow that the demo designs', () => {
  let it: Stage
  before(async () => {
    it = await setStage(await kind.place())
  })
  after(() => it.close())
  const designed = (prompt: string, more: object = {}) =>
    it.post('/api/ai/generate-workflow', { prompt, timezone: 'Europe/Berlin', ...more })
  const blocks = (nodes: Box[]) => nodes.map(node => node.block).join(' ')

  for (const [sentence, wanted, said] of SENTENCES)
    test(`is sound: ${sentence}`, async () => {
      const got = await designed(sentence)
      assert.deepEqual([got.problems, got.demo, got.model, got.repairs], [[], true, 'demo/writer', 0])
      assert.equal(blocks(got.workflow.nodes), wanted)
      assert.match(JSON.stringify(got.workflow.nodes.map((node: Box) => node.params)), said)
      assert.match(got.explanation, /not an AI/)
      assert.equal(/keine KI/.test(got.explanation), /[äöü]|Jeden|Formular/.test(sentence))
      assert.deepEqual((await designed(sentence)).workflow, got.workflow)
      const { id } = await it.post('/api/workflows', got.workflow, 201)
      await it.post(`/api/workflows/${id}/publish`)
    })

  test('runs on the demo where it needs nothing from outside', async () => {
    const { workflow } = await designed('When a webhook is called, summarise the text and respond with it')
    const { id } = await it.post('/api/workflows', workflow, 201)
    await it.post(`/api/workflows/${id}/publish`)
    const { items } = await it.get(`/api/triggers?workflowId=${id}`)
    const got = await it.server.send(new URL(items[0].url).pathname, {
      body: { text: 'Tea is good. Tea is hot. Coffee is not tea.' },
    })
    assert.equal(got.status, 200)
    assert.match(got.body.result, /tea/i)

    const form = await designed('A form where people enter a text, translate it to German')
    const made = await it.post('/api/workflows', form.workflow, 201)
    assert.equal((await it.run(made.id, { text: 'Good morning' })).status, 'completed')
  })

  test('reads a list of a service, goes through it, and sends what it has made of each', async () => {
    const heard: string[] = []
    const shop = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      if (request.method === 'POST') heard.push(text)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify([{ name: 'Ann' }, { name: 'Bob' }]))
    })
    await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    const { workflow, problems } = await designed(
      `For each customer of the API ${base}/list, write a letter and post it to ${base}/letters`,
    )
    assert.deepEqual([problems, blocks(workflow.nodes)], [[], 'manual.start http.request core.forEach ai.write http.request'])
    const { id } = await it.post('/api/workflows', workflow, 201)
    const run = await it.run(id)
    shop.close()
    assert.deepEqual([run.status, heard.length], ['completed', 2], JSON.stringify(run.error))
  })

  test('is none where the demo knows nothing of what is wanted, and it says so', async () => {
    for (const [prompt, words] of [
      ['Bake a cake', /recognised none/],
      ['Backe mir bitte einen Kuchen', /keines erkannt/],
    ] as const) {
      const got = await designed(prompt)
      assert.deepEqual([got.workflow.nodes, got.repairs], [[], 0])
      assert.match(got.explanation, words)
    }
  })

  describe('can be changed by it', () => {
    let workflow: { nodes: Box[]; edges: { source: string; sourceHandle?: string; target: string }[] }
    before(async () => {
      workflow = (await designed('Every morning fetch https://example.org, summarise it and mail it to ann@example.org')).workflow
    })
    const change = async (prompt: string) => {
      const got = await designed(prompt, { document: workflow })
      assert.deepEqual(got.problems, [], prompt)
      return got
    }
    const keys = (list: { key: string }[]) => list.map(one => one.key)

    test('another time', async () => {
      const got = await change('Run it on Fridays at 17:00 instead')
      assert.deepEqual([keys(got.changes.nodes.changed), got.workflow.nodes[0].params.cron], [['clock'], '0 17 * * FRI'])
      assert.equal(JSON.stringify(got.workflow.nodes.slice(1)), JSON.stringify(workflow.nodes.slice(1)))
    })

    test('a step less, and what stood around it is connected', async () => {
      const got = await change('Remove the summary')
      assert.deepEqual([keys(got.changes.nodes.removed), got.changes.edges.added.length], [['summary'], 1])
      assert.equal(got.workflow.nodes.at(-1).params.text, '{{ page }}')
    })

    test('an approval before it goes out', async () => {
      const got = await change('Frag mich vor der Mail um Freigabe')
      assert.deepEqual([keys(got.changes.nodes.added), got.changes.nodes.changed], [['approval'], []])
      const [approval, mail] = ['core.approve', 'email.send'].map(
        block => got.workflow.nodes.find((node: Box) => node.block === block)?.id,
      )
      assert.ok(
        got.workflow.edges.some(
          (one: { source: string; sourceHandle?: string; target: string }) =>
            one.source === approval && one.sourceHandle === 'approved' && one.target === mail,
        ),
      )
    })

    test('another address, and one step more', async () => {
      assert.equal((await change('Send it to bob@example.org')).workflow.nodes.at(-1).params.to, 'bob@example.org')
      const got = await change('Also post it to https://hooks.example.org/x')
      assert.deepEqual([keys(got.changes.nodes.added), got.changes.nodes.removed], [['post'], []])
    })
  })
})
