import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Drawing, type Gate, type Stage, setStage, startGate } from '#executions/testing.ts'

const SET = { block: 'core.set', params: { fields: { text: 'Hello {{ trigger.name }}' } } }

for (const kind of databases()) {
  describe(`what became of a form (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let gate: Gate
    before(async () => {
      it = await setStage(await kind.place())
      gate = await startGate()
    })
    after(async () => {
      gate.open()
      await it.close()
      await gate.close()
    })

    const open = async (share: unknown, nodes: Drawing['nodes'], fields: unknown[] = [{ name: 'name' }]) => {
      const id = await it.publish({
        nodes: [{ key: 'ask', block: 'manual.start', params: { share, fields } }, ...nodes],
        edges: nodes.map(({ key }, at) => `${nodes[at - 1]?.key ?? 'ask'} -> ${key}`),
      })
      const { items } = await it.get(`/api/triggers?workflowId=${id}`)
      const path = new URL(items[0].url).pathname
      return { id, trigger: items[0].id, page: path, path: `/api/public/forms/${path.split('/')[2]}` }
    }
    const send = async (path: string, values: unknown, more: Record<string, unknown> = {}) => {
      const { status, body } = await it.server.send(path, { body: { values, ...more } })
      assert.equal(status, 202, JSON.stringify(body))
      return body
    }
    const told = async (follow: string) => (await it.server.send(`/api/public/runs/${follow}`)).body
    /** Everything that is said to the end. */
    const events = async (follow: string) => {
      const { text } = await it.server.send(`/api/public/runs/${follow}/events`)
      return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data = '']) => [event, JSON.parse(data)])
    }

    test('shows the output to the one who sent it, at once and as it happens', async () => {
      const { path } = await open({ result: 'output' }, [{ key: 'end', ...SET }])
      const { id, follow } = await send(path, { name: 'Ada' })
      const end = { status: 'completed', id, output: { text: 'Hello Ada' } }
      const all = await events(follow)
      assert.deepEqual(all.at(-1), ['end', end])
      assert.equal(all[0]?.[0], 'status')
      assert.deepEqual(await told(follow), end)
    })

    test('a form that only thanks shows nothing of what came of it', async () => {
      const failing = { block: 'core.stop', params: { outcome: 'failed', message: 'the budget is 500' } }
      for (const node of [SET, failing]) {
        const { path } = await open({ message: 'Thank you.' }, [{ key: 'end', ...node }])
        const { id, follow } = await send(path, {})
        const { status, ...rest } = (await events(follow)).at(-1)?.[1] ?? {}
        assert.deepEqual([['completed', 'failed'].includes(status), rest], [true, { id, message: 'Thank you.' }])
      }
    })

    test('a failure is a plain sentence and an id', async () => {
      const stop = { key: 'end', block: 'core.stop', params: { outcome: 'failed', message: 'the budget is 500' } }
      const { path } = await open({ result: 'output' }, [stop])
      const { id, follow } = await send(path, {})
      assert.deepEqual((await events(follow)).at(-1), ['end', { status: 'failed', id, error: 'This could not be finished.' }])
    })

    test('nobody follows with anything but the token of this very execution', async () => {
      const form = await open({ result: 'output', password: false }, [{ key: 'end', ...SET }], [{ name: 'f', type: 'file' }])
      const { follow, id } = await send(form.path, {})
      await it.until(id, 'completed')
      const paper = new FormData()
      paper.append('file', new Blob(['x']), 'x.txt')
      const { body: file } = await it.server.send(`${form.path}/files`, { body: paper })
      const { body: opened } = await it.server.send(`${form.path}/unlock`, { body: { password: 'x' } })
      const [name = '', sign = ''] = follow.split('.')
      const turned = Buffer.from(
        Buffer.from(name, 'base64url')
          .toString()
          .replace(/exe_\w+/, 'exe_other'),
      ).toString('base64url')
      for (const wrong of [id, 'x', file.file, opened.token, `${turned}.${sign}`, `${name}.`, `${name}x.${sign}`, name])
        for (const rest of ['', '/events']) {
          const got = await it.server.send(`/api/public/runs/${wrong}${rest}`)
          assert.deepEqual([got.status, got.body.code], [404, 'form.not_found'], wrong)
        }
      for (const wrong of [follow, file.file, 'x', opened.token]) {
        const got = await it.server.send(`/api/public/files/${wrong}`)
        assert.deepEqual([got.status, got.body.code], [404, 'form.not_found'], wrong)
      }
      assert.equal((await told(follow)).status, 'completed')
    })

    test('who has sent something sees its end also when the form pauses meanwhile, and no more when it is taken away', async () => {
      const { id, path, trigger } = await open({ result: 'output' }, [{ key: 'end', ...SET }])
      const { follow } = await send(path, { name: 'Ada' })
      await it.server.world.db.updateTable('triggers').set({ paused_at: 1 }).where('id', '=', trigger).execute()
      assert.equal((await events(follow)).at(-1)?.[0], 'end')
      await it.post(`/api/workflows/${id}/archive`)
      assert.equal((await told(follow)).code, 'form.not_found')
    })

    test('files of an output have links that anybody with them can open, and nobody else', async () => {
      const fields = { fields: { paper: '{{ trigger.f }}', deep: '{{ trigger }}' } }
      const { path } = await open(
        { result: 'output' },
        [{ key: 'end', block: 'core.set', params: fields }],
        [{ name: 'f', type: 'file' }],
      )
      const paper = new FormData()
      paper.append('file', new Blob(['<h1>dear all</h1>']), 'page.html')
      const { body: file } = await it.server.send(`${path}/files`, { body: paper })
      const { follow } = await send(path, { f: file.file })
      const [, { output }] = (await events(follow)).at(-1) ?? []
      assert.deepEqual([output.paper.name, output.deep.f.url.startsWith('/api/public/files/')], ['page.html', true])
      const { status, text, headers } = await it.server.send(output.paper.url)
      assert.deepEqual([status, text], [200, '<h1>dear all</h1>'])
      assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="page.html"/)
      assert.equal((await it.server.send(`${output.paper.url}x`)).status, 404)
    })

    test('a large output is told as its size', async () => {
      const repeat = { block: 'core.code', params: { code: 'return { text: "x".repeat(300000) }' } }
      const { path } = await open({ result: 'output' }, [{ key: 'end', ...repeat }])
      const { follow } = await send(path, {})
      const [, { output }] = (await events(follow)).at(-1) ?? []
      assert.deepEqual([Object.keys(output), Object.keys(output.$large)], [['$large'], ['bytes']])
    })

    test('what is answered before the end is streamed, where the form streams', async () => {
      for (const result of ['output', 'stream']) {
        gate.shut()
        const { path } = await open({ result }, [
          { key: 'say', block: 'core.respond', params: { body: { text: 'We are on it.' } } },
          { key: 'work', block: 'http.request', params: { url: `${gate.url}/held` } },
        ])
        const { follow } = await send(path, {})
        const response = await fetch(`${it.server.url}/api/public/runs/${follow}/events`)
        let heard = ''
        for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
          heard += piece
          if (result === 'stream' ? heard.includes('event: text') : heard.includes('event: status')) gate.open()
        }
        const names = [...heard.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name).filter(name => name !== 'status')
        assert.deepEqual(names, result === 'stream' ? ['text', 'end'] : ['end'])
        assert.match(heard, /"output":\{"text":"We are on it\."\}/)
      }
    })

    test('a chat starts an execution for each message and answers with its text', async () => {
      const chat = await open(
        { as: 'chat', title: 'Ask' },
        [{ key: 'end', block: 'core.set', params: { fields: { text: 'You said {{ trigger.message }}' } } }],
        [],
      )
      assert.match(chat.page, /^\/chat\//)
      const { body: shown } = await it.server.send(chat.path)
      assert.deepEqual([shown.as, shown.result, shown.fields], ['chat', 'output', []])
      const first = await send(chat.path, { message: 'hi' })
      assert.match(first.conversation, /^[\w-]{22}$/)
      assert.equal((await events(first.follow)).at(-1)?.[1].text, 'You said hi')
      const history = [
        { from: 'me', text: 'hi' },
        { from: 'you', text: 'You said hi' },
      ]
      const second = await send(chat.path, { message: 'more', history }, { conversation: first.conversation })
      const { input } = await it.until(second.id, 'completed')
      assert.deepEqual(input, { message: 'more', conversation: first.conversation, files: [], history })
      for (const values of [
        {},
        { message: ' ' },
        { message: 'x', files: ['f'] },
        { message: 'x', extra: 1 },
        { message: 'x', history: [1] },
      ]) {
        const got = await it.server.send(chat.path, { body: { values } })
        assert.deepEqual([got.status, got.body.code], [400, 'execution.bad_input'], JSON.stringify(values))
      }
    })

    test('a chat takes files where it has a field for them', async () => {
      const fields = [{ name: 'files', type: 'files' }]
      const end = { key: 'end', block: 'core.set', params: { fields: { answer: '{{ trigger.files[0].name }}' } } }
      const { path } = await open({ as: 'chat' }, [end], fields)
      const paper = new FormData()
      paper.append('file', new Blob(['x']), 'notes.txt')
      const { body: file } = await it.server.send(`${path}/files`, { body: paper })
      const { follow } = await send(path, { message: 'read this', files: [file.file] })
      assert.equal((await events(follow)).at(-1)?.[1].text, 'notes.txt')
      const without = await send(path, { message: 'hi' })
      assert.equal((await events(without.follow)).at(-1)?.[1].status, 'completed')
    })
  })
}
