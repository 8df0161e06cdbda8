import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { TONGUES } from './contract.ts'

const [kind] = databases()
assert.ok(kind)

/** What comes of each template with its example. */
const OUTCOMES: Record<string, (output: Record<string, unknown>) => void> = {
  'sort-mail'(output) {
    assert.ok(['Money', 'Rechnungen'].includes(String(output.team)), JSON.stringify(output))
    assert.match(String(output.reply), /Ann Miller/)
  },
  'summarise-translate'(output) {
    assert.match(String(output.summary), /bridge|Brücke/)
    assert.match(String(output.translation), /\[(German|Englisch)\]/)
  },
  'agent-tools'(output) {
    assert.match(String(output.answer), /on its way/)
    assert.match(String(output.answer), /30 days|30 Tage/)
  },
  'ask-first'(output) {
    assert.ok(['sent', 'verschickt'].includes(String(output.state)))
    assert.match(String(output.text), /Uji/)
  },
}

describe('workflows to begin with', () => {
  let it: Stage
  before(async () => {
    it = await setStage(await kind.place())
  })
  after(() => it.close())

  for (const language of TONGUES)
    test(`run as they are, without a credential and with nothing to mend (${language})`, async () => {
      const { items } = await it.get(`/api/templates?language=${language}`)
      assert.deepEqual(
        items.map((one: { id: string }) => one.id),
        Object.keys(OUTCOMES),
      )
      for (const { id, document, example } of items) {
        const made = await it.post('/api/workflows', document)
        assert.equal(new Set(Object.values(made.layout.nodes).map(spot => JSON.stringify(spot))).size, made.nodes.length)
        const { problems } = await it.post(`/api/workflows/${made.id}/validate`)
        assert.deepEqual(problems, [], `${id} has problems`)
        let done = await it.run(made.id, example)
        if (done.status === 'paused') {
          const { items: asked } = await it.get(`/api/approvals?executionId=${done.id}`)
          await it.post(`/api/approvals/${asked[0].id}`, { decision: 'approved' })
          done = await it.until(done.id, 'completed', 'failed')
        }
        assert.equal(done.status, 'completed', `${id}: ${JSON.stringify(done.error)}`)
        OUTCOMES[id]?.(done.output)
        assert.equal(done.usage.cost, 0)
        await it.post(`/api/workflows/${made.id}/publish`)
      }
    })

  test('ask for what the example gives, so that their form is filled in already', async () => {
    const { items } = await it.get('/api/templates')
    for (const { document, example } of items) {
      const fields: { name: string; default: unknown }[] = document.nodes[0].params.fields
      assert.deepEqual(Object.fromEntries(fields.map(field => [field.name, field.default])), example)
    }
  })
})
