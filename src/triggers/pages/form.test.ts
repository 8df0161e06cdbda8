import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Drawing, type Stage, setStage } from '#executions/testing.ts'

const FIELDS = [
  { name: 'name', title: 'Your name', required: true, max: 20 },
  { name: 'mail', title: 'E-mail', type: 'email' },
  { name: 'seats', title: 'Seats', type: 'number', min: 1, max: 4, default: 2 },
  { name: 'meal', title: 'Meal', type: 'choice', options: ['fish', 'none'] },
  { name: 'days', title: 'Days', type: 'multichoice', options: ['mon', 'tue', 'wed'], max: 2 },
  { name: 'from', title: 'From', type: 'date' },
  { name: 'site', title: 'Site', type: 'url' },
  { name: 'terms', title: 'Terms', type: 'boolean', required: true },
]
const GOOD = { name: 'Ada', terms: true }

for (const kind of databases()) {
  describe(`a shared form (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    const open = async (params: Record<string, unknown>, more: { credential?: string } = {}, drawing: Partial<Drawing> = {}) => {
      const id = await it.publish({
        nodes: [
          { key: 'ask', block: 'manual.start', params: { share: { result: 'output' }, ...params }, ...more },
          { key: 'end', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } },
        ],
        edges: ['ask -> end'],
        ...drawing,
      })
      const { items } = await it.get(`/api/triggers?workflowId=${id}`)
      const key = new URL(items[0].url).pathname.split('/')[2] ?? ''
      return { id, key, trigger: items[0].id, url: items[0].url, path: `/api/public/forms/${key}` }
    }
    const send = (path: string, values: unknown, more: Record<string, unknown> = {}) =>
      it.server.send(path, { body: { values, ...more } })
    const count = async (id: string) => (await it.get(`/api/executions?workflowId=${id}`)).items.length
    const refused = async (path: string, values: unknown) => {
      const { status, body } = await send(path, values)
      assert.deepEqual([status, body.code], [400, 'execution.bad_input'], JSON.stringify(values))
      return body.details.map((one: { path: string; message: string }) => `${one.path}: ${one.message}`)
    }
    const paper = (text: string, fields: Record<string, string> = {}) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      form.append('file', new Blob([text]), 'letter.txt')
      return form
    }

    test('says what it asks for, and nothing of the workflow', async () => {
      const share = { title: 'Lunch', description: 'On Monday.', submit: 'I come', result: 'message', message: 'See you' }
      const { url, key, path } = await open({ fields: FIELDS.slice(0, 2), share })
      assert.ok(url.endsWith(`/form/${key}`), url)
      const { status, body } = await it.server.send(path)
      assert.equal(status, 200)
      assert.deepEqual(body, {
        locked: false,
        as: 'form',
        ...share,
        fields: [
          { name: 'name', title: 'Your name', type: 'text', required: true, max: 20 },
          { name: 'mail', title: 'E-mail', type: 'email', required: false },
        ],
      })
    })

    test('starts with what was filled in, complete, and writes a line of who sent it', async () => {
      const { id, path, trigger, key } = await open({ fields: FIELDS })
      const { status, body } = await send(path, { ...GOOD, days: ['tue', 'mon'], from: '2026-05-01' })
      assert.equal(status, 202, JSON.stringify(body))
      const done = await it.until(body.id, 'completed')
      const input = { mail: null, seats: 2, meal: null, site: null, ...GOOD, days: ['tue', 'mon'], from: '2026-05-01' }
      assert.deepEqual([done.input, done.trigger, done.triggerId], [input, 'manual', trigger])
      const { items } = await it.get(`/api/triggers/${trigger}/activity`)
      assert.deepEqual([items.length, items[0].outcome, items[0].executionId], [1, 'fired', body.id])
      assert.deepEqual([items[0].call.path, items[0].call.address], [`/form/${key}`, '127.0.0.1'])
      assert.equal(await count(id), 1)
    })

    test('refuses what its fields do not take, names them, and keeps nothing of it', async () => {
      const { id, path, trigger } = await open({ fields: FIELDS })
      assert.deepEqual(await refused(path, {}), [
        'body.values.name: “Your name” must be given.',
        'body.values.terms: “Terms” must be given.',
      ])
      const wrong: [Record<string, unknown>, string][] = [
        [{ name: '  ' }, 'name: “Your name” must be a text, at most 20 characters.'],
        [{ name: 'x'.repeat(21) }, 'name: “Your name” must be a text, at most 20 characters.'],
        [{ mail: 'nobody' }, 'mail: “E-mail” must be an e-mail address.'],
        [{ seats: 5 }, 'seats: “Seats” must be a number from 1 to 4.'],
        [{ seats: '2' }, 'seats: “Seats” must be a number from 1 to 4.'],
        [{ meal: 'meat' }, 'meal: “Meal” must be one of the choices.'],
        [{ days: ['mon', 'mon'] }, 'days: “Days” must be a list of the choices, each once, at most 2 of them.'],
        [{ days: ['mon', 'tue', 'wed'] }, 'days: “Days” must be a list of the choices, each once, at most 2 of them.'],
        [{ from: '2026-02-31' }, 'from: “From” must be a date like 2026-05-01.'],
        [{ site: 'javascript:alert(1)' }, 'site: “Site” must be an address that begins with https:// or http://.'],
        [{ terms: false }, 'terms: “Terms” must be yes.'],
        [{ admin: true }, 'admin: was not asked for'],
      ]
      for (const [values, words] of wrong) assert.deepEqual(await refused(path, { ...GOOD, ...values }), [`body.values.${words}`])
      assert.equal(await count(id), 0)
      assert.deepEqual((await it.get(`/api/triggers/${trigger}/activity`)).items, [])
    })

    test('the same fields hold for whoever starts it over the API or by hand', async () => {
      const { id, trigger } = await open({ fields: FIELDS })
      for (const path of [`/api/workflows/${id}/execute`, `/api/triggers/${trigger}/fire`]) {
        const { body, status } = await it.server.send(path, { token: it.token, body: { input: { ...GOOD, seats: 9 } } })
        assert.deepEqual([status, body.details[0].path], [400, 'body.input.seats'])
        const { executionId } = await it.post(path, { input: GOOD })
        assert.equal((await it.until(executionId, 'completed')).input.seats, 2)
      }
    })

    test('is drawn from the simple part of a schema where there are no fields', async () => {
      const properties = {
        n: { type: 'integer', minimum: 1, title: 'How many' },
        size: { enum: ['s', 'm'] },
        tags: { type: 'array', items: { enum: ['a', 'b'] } },
        story: { type: 'string', maxLength: 5000 },
        deep: { type: 'object' },
      }
      const { path } = await open({ schema: { type: 'object', properties, required: ['n'] } })
      const { body } = await it.server.send(path)
      assert.deepEqual(
        body.fields.map((one: { name: string; type: string; required: boolean }) => `${one.name} ${one.type} ${one.required}`),
        ['n number true', 'size choice false', 'tags multichoice false', 'story longtext false'],
      )
      assert.deepEqual((await refused(path, { size: 's' })).length, 1)
      assert.equal((await send(path, { n: 1 })).status, 202)
      assert.deepEqual(await refused(path, { n: 1, deep: {} }), ['body.values.deep: was not asked for'])
    })

    test('a double press starts once, and both may follow it; other values or another press start again', async () => {
      const { id, path } = await open({ fields: FIELDS })
      const press = (values: unknown, submission: string) => send(path, values, { submission })
      const got = await Promise.all(['a', 'a', 'a', 'b'].map(one => press(GOOD, one.repeat(20))))
      assert.deepEqual([...new Set(got.map(one => one.status))], [202])
      const ids = got.map(one => one.body.id)
      assert.deepEqual([new Set(ids.slice(0, 3)).size, new Set(ids).size], [1, 2])
      assert.equal((await press(GOOD, 'a'.repeat(20))).body.id, ids[0], 'also later')
      assert.notEqual((await press({ ...GOOD, name: 'Eve' }, 'a'.repeat(20))).body.id, ids[0])
      assert.equal(await count(id), 3)
    })

    test('with a password says nothing and takes nothing until it is shown', async () => {
      const { id: credential } = await it.post('/api/credentials', {
        name: 'gate',
        kind: 'form.password',
        values: { password: 'open sesame' },
      })
      const share = { title: 'Secret lunch', password: true }
      const { path, id } = await open({ fields: [...FIELDS, { name: 'paper', type: 'file' }], share }, { credential })
      const other = await open({ fields: FIELDS, share }, { credential })
      assert.deepEqual((await it.server.send(path)).body, { locked: true })
      const wrong = await it.server.send(`${path}/unlock`, { body: { password: 'open' } })
      assert.deepEqual([wrong.status, wrong.body.code], [401, 'form.wrong_password'])
      const { body } = await it.server.send(`${other.path}/unlock`, { body: { password: 'open sesame' } })
      for (const token of [undefined, '', 'forged', 'a.b', body.token]) {
        const got = await send(path, GOOD, token === undefined ? {} : { token })
        assert.deepEqual([got.status, got.body.code], [401, 'form.locked'], token)
        assert.deepEqual((await it.server.send(`${path}?token=${token ?? ''}`)).body, { locked: true })
        const file = await it.server.send(`${path}/files`, { body: paper('x', token ? { token } : {}) })
        assert.deepEqual([file.status, file.body.code], [401, 'form.locked'])
      }
      const { body: mine } = await it.server.send(`${path}/unlock`, { body: { password: 'open sesame' } })
      assert.equal((await it.server.send(`${path}?token=${mine.token}`)).body.title, 'Secret lunch')
      assert.equal((await it.server.send(`${path}/files`, { body: paper('x', { token: mine.token }) })).status, 201)
      assert.equal((await send(path, GOOD, { token: mine.token })).status, 202)
      assert.equal(await count(id), 1)
      await it.server.send(`/api/credentials/${credential}`, { token: it.token, method: 'DELETE' })
      for (const password of ['open sesame', 'x']) {
        const gone = await it.server.send(`${path}/unlock`, { body: { password } })
        assert.deepEqual([gone.status, gone.body.code], [401, 'form.wrong_password'])
      }
    })

    test('a password without a credential, a chat with fields and a default that is none keep it from being published', async () => {
      const codes = async (params: unknown) => {
        const { id } = await it.post('/api/workflows', {
          name: 'x',
          nodes: [{ id: 'a', key: 'a', block: 'manual.start', params }],
          edges: [],
        })
        const { problems } = await it.post(`/api/workflows/${id}/validate`)
        return problems.map((one: { code: string }) => one.code)
      }
      assert.deepEqual(await codes({ share: { password: true } }), ['credential.missing'])
      assert.deepEqual(await codes({ share: { as: 'chat' }, fields: [{ name: 'a' }] }), ['param.invalid'])
      assert.deepEqual(await codes({ fields: [{ name: 'a', type: 'number', default: 'two' }] }), ['param.invalid'])
      assert.deepEqual(await codes({ fields: [{ name: 'a', type: 'choice' }] }), ['param.invalid'])
      assert.deepEqual(await codes({ fields: FIELDS, share: {} }), [])
    })

    test('takes files for its own fields, and no other file can be named', async () => {
      const fields = [
        { name: 'paper', type: 'file', required: true },
        { name: 'more', type: 'files', max: 2 },
      ]
      const here = await open({ fields })
      const other = await open({ fields })
      const sent = async (form: typeof here, text: string) => {
        const { status, body } = await it.server.send(`${form.path}/files`, { body: paper(text) })
        assert.deepEqual([status, body.name, body.type, body.size], [201, 'letter.txt', 'text/plain', text.length])
        return body.file
      }
      const [one, two, foreign] = [await sent(here, 'dear all'), await sent(here, 'p.s.'), await sent(other, 'elsewhere')]
      const { body: own } = await it.server.send('/api/files', { token: it.token, body: paper('of the house') })
      const inner = { id: own.id, name: own.name, type: own.type, size: own.size, url: `/api/files/${own.id}` }
      for (const wrong of [foreign, own.id, inner, 'forged', `${one}x`, 7, { id: own.id }])
        assert.deepEqual(await refused(here.path, { paper: wrong }), [
          'body.values.paper: The file is not there any more. Choose it again.',
        ])
      assert.equal((await refused(here.path, { more: [one] })).length, 1)
      assert.equal((await refused(here.path, { paper: one, more: [one, two, one] })).length, 1)
      const { body } = await send(here.path, { paper: one, more: [two] })
      const { input } = await it.until(body.id, 'completed')
      assert.deepEqual([input.paper.name, input.more[0].size], ['letter.txt', 4])
      assert.equal((await it.server.send(input.paper.url, { token: it.token })).text, 'dear all')
      const plain = await open({ fields: FIELDS })
      const none = await it.server.send(`${plain.path}/files`, { body: paper('x') })
      assert.deepEqual([none.status, none.body.code], [409, 'form.no_files'])
    })

    test('is not there when it is not published, not shared, off, paused, archived or never was', async () => {
      const gone = async (path: string, why: string) => {
        for (const got of [
          await it.server.send(path),
          await send(path, GOOD),
          await it.server.send(`${path}/unlock`, { body: { password: 'x' } }),
          await it.server.send(`${path}/files`, { body: paper('x') }),
        ])
          assert.deepEqual([got.status, got.body.code], [404, 'form.not_found'], why)
      }
      for (const key of ['', 'x', 'a'.repeat(22), 'a'.repeat(300), '%F0%9F%92%A5', "';--"])
        if (key !== '') await gone(`/api/public/forms/${key}`, key)
      const { id, path, trigger } = await open({ fields: FIELDS })
      const row = async () =>
        it.server.world.db.selectFrom('triggers').selectAll().where('id', '=', trigger).executeTakeFirstOrThrow()
      const turn = (enabled: boolean) =>
        it.server.send(`/api/triggers/${trigger}`, { token: it.token, method: 'PATCH', body: { enabled } })
      await turn(false)
      await gone(path, 'off')
      await turn(true)
      assert.equal((await send(path, GOOD)).status, 202)
      await it.server.world.db
        .updateTable('triggers')
        .set({ paused_at: 1 })
        .where('id', '=', (await row()).id)
        .execute()
      await gone(path, 'paused')
      await turn(true)
      await it.post(`/api/workflows/${id}/deactivate`)
      await gone(path, 'asleep')
      await it.post(`/api/workflows/${id}/activate`)
      await it.post(`/api/workflows/${id}/archive`)
      await gone(path, 'archived')
      const silent = await it.publish({ nodes: [{ key: 'ask', block: 'manual.start', params: { fields: FIELDS } }], edges: [] })
      const { items } = await it.get(`/api/triggers?workflowId=${silent}`)
      assert.equal(items[0].url, undefined)
      const { key } = await it.server.world.db
        .selectFrom('triggers')
        .select('key')
        .where('id', '=', items[0].id)
        .executeTakeFirstOrThrow()
      await gone(`/api/public/forms/${key}`, 'not shared')
      const hook = await it.publish({ nodes: [{ key: 'h', block: 'webhook.receive' }], edges: [] })
      const { items: hooks } = await it.get(`/api/triggers?workflowId=${hook}`)
      await gone(`/api/public/forms/${new URL(hooks[0].url).pathname.split('/')[2]}`, 'a webhook')
    })
  })

  describe(`the door of a form (${kind.name})`, { skip: kind.skip }, () => {
    test('ten passwords a minute may be tried from an address', async () => {
      const it = await setStage(await kind.place(), { RATE_LIMIT: 'on' })
      const path = `/api/public/forms/${'a'.repeat(22)}/unlock`
      const statuses: number[] = []
      for (let at = 0; at < 12; at += 1) statuses.push((await it.server.send(path, { body: { password: `${at}` } })).status)
      assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 404), 429, 429])
      await it.close()
    })
  })
}
