import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Refused } from '#sdk/fail.ts'
import { linkedNext } from './pages.ts'
import { json, type TestService, testService } from './testing.ts'

const ALL = Array.from({ length: 25 }, (_, at) => ({ id: at + 1 }))

const refused = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refused && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}

describe('a list in pages', () => {
  let it: TestService
  before(async () => {
    it = await testService({
      '/pages': ({ query }, response) => {
        const [page, size] = [Number(query.get('page')), Number(query.get('per') ?? 10)]
        json(response, { items: ALL.slice((page - 1) * size, page * size), total: 25, tags: page > 9 ? undefined : 'x' })
      },
      '/offset': ({ query }, response) => {
        const [skip, limit] = [Number(query.get('offset')), Number(query.get('limit'))]
        json(response, ALL.slice(skip, skip + limit))
      },
      '/more': ({ query }, response) => {
        const page = Number(query.get('page'))
        json(response, { data: { rows: [page] }, has_more: page < 3 })
      },
      '/cursor': ({ query, body }, response) => {
        const at = Number(query.get('after') ?? (body.length > 0 ? JSON.parse(body.toString()).after : undefined) ?? 0)
        const next = at + 10 < ALL.length ? String(at + 10) : null
        json(response, { items: ALL.slice(at, at + 10), paging: { next } })
      },
      '/link': ({ query }, response) => {
        const page = Number(query.get('page') ?? 1)
        if (page < 3)
          response.setHeader('link', `</link?page=1>; rel="first", </link?page=${page + 1}&k=v>; rel="next"; title="a, b"`)
        json(response, [page])
      },
      '/next': ({ query }, response) => {
        const page = Number(query.get('page') ?? 1)
        json(response, { results: [page], next: page < 3 ? `${it.base.replace('http:', 'http:')}/next?page=${page + 1}` : null })
      },
      '/secure-next': ({ query }, response) => {
        const page = Number(query.get('page') ?? 1)
        json(response, { results: [page], next: page < 2 ? `${it.base.replace('http:', 'https:')}/secure-next?page=2` : null })
      },
      '/ignores': (_heard, response) => json(response, { items: ALL.slice(0, 10) }),
      '/circle': (_heard, response) => json(response, { items: [1], paging: { next: 'same' }, next: '/circle' }),
      '/abroad': (_heard, response) => json(response, { items: [1], next: 'http://127.0.0.2:1/steal' }),
      '/two-lists': (_heard, response) => json(response, { a: [1], b: [2] }),
      '/none': (_heard, response) => json(response, { items: null }),
      '/breaks': ({ query }, response) => json(response, { items: [1] }, query.get('page') === '2' ? 503 : 200),
    })
  })
  after(() => it.stop())
  beforeEach(() => {
    it.heard.length = 0
  })
  const get = (path: string, pagination: Record<string, unknown>, more = {}) =>
    it.run({ url: it.base + path, pagination, ...more })

  test('by numbers, until a page is short or empty', async () => {
    const { items, pages, body } = await get('/pages', { kind: 'page', items: 'body.items' })
    assert.deepEqual([items, pages], [ALL, 4])
    assert.deepEqual((body as { items: unknown[] }).items, [])
    const sized = await get('/pages', { kind: 'page', sizeParameter: 'per', size: 20 })
    assert.deepEqual([sized.items, sized.pages], [ALL, 2])
    assert.equal(it.last().query.get('per'), '20')
  })

  test('by the number of entries to skip', async () => {
    const { items, pages } = await get('/offset', { kind: 'offset', size: 10 }, { query: { q: 'x' } })
    assert.deepEqual([items, pages], [ALL, 3])
    assert.deepEqual(
      [...it.last().query],
      [
        ['q', 'x'],
        ['limit', '10'],
        ['offset', '20'],
      ],
    )
  })

  test('while a field says that there is more', async () => {
    const { items, pages } = await get('/more', { kind: 'page', items: 'data.rows', more: 'body.has_more' })
    assert.deepEqual([items, pages], [[1, 2, 3], 3])
  })

  test('by a cursor, in the address or in the body', async () => {
    const how = { kind: 'cursor', parameter: 'after', from: 'body.paging.next' }
    assert.deepEqual((await get('/cursor', how)).items, ALL)
    const inBody = await get('/cursor', { ...how, place: 'body' }, { method: 'POST', body: { filter: 'x' } })
    assert.deepEqual([inBody.items, inBody.pages], [ALL, 3])
    assert.deepEqual(JSON.parse(it.last().body.toString()), { filter: 'x', after: '20' })
    await assert.rejects(
      get('/cursor', { ...how, place: 'body' }, { method: 'POST', body: '[1]' }),
      refused('input.wrong_kind', /`body`/),
    )
  })

  test('by the next address, in the answer or in the header Link', async () => {
    const linked = await get('/link', { kind: 'next' }, { query: { start: 1 } })
    assert.deepEqual([linked.items, linked.pages], [[1, 2, 3], 3])
    assert.deepEqual(
      [...it.last().query],
      [
        ['page', '3'],
        ['k', 'v'],
      ],
    )
    assert.deepEqual((await get('/next', { kind: 'next', from: 'body.next' })).items, [1, 2, 3])
    const { items } = await get('/secure-next', { kind: 'next', from: 'body.next' })
    assert.deepEqual(items, [1, 2])
  })

  test('the credential goes along to every page, and to no other host', async () => {
    const credential = { kind: 'http.query', values: { name: 'key', value: 'k-12345' } }
    const { url } = await it.run({ url: `${it.base}/link`, pagination: { kind: 'next' } }, { credential })
    assert.deepEqual(
      it.heard.map(one => one.query.get('key')),
      ['k-12345', 'k-12345', 'k-12345'],
    )
    assert.doesNotMatch(url, /k-12345/)
    await assert.rejects(
      get('/abroad', { kind: 'next', from: 'body.next' }),
      refused('http.other_origin', /http:\/\/127\.0\.0\.2:1/),
    )
  })

  test('it ends, whatever the service does', async () => {
    const most = await get('/pages', { kind: 'page', maxPages: 2 })
    assert.deepEqual([most.items?.length, most.pages], [20, 2])
    assert.match(most.lines.join(), /Stopped after 2 pages/)
    const ignores = await get('/ignores', { kind: 'page' })
    assert.deepEqual([ignores.items?.length, ignores.pages], [10, 2])
    assert.match(ignores.lines.join(), /“page”/)
    for (const how of [
      { kind: 'cursor', from: 'body.paging.next' },
      { kind: 'next', from: 'body.next' },
    ])
      await assert.rejects(get('/circle', how), refused('http.pages_repeat', /never end/))
  })

  test('an answer without a list says where to look', async () => {
    await assert.rejects(get('/two-lists', { kind: 'page' }), refused('http.no_items', /pagination\.items/))
    await assert.rejects(
      get('/pages', { kind: 'page', items: 'body.total' }),
      refused('http.no_items', /`body\.total` of the answer is no list/),
    )
    assert.deepEqual((await get('/none', { kind: 'page', items: 'body.items' })).items, [])
  })

  test('a page that fails fails the node, and a pause can be given up', async () => {
    await assert.rejects(get('/breaks', { kind: 'page' }), /503/)
    const own = new AbortController()
    setTimeout(() => own.abort(new Error('cancelled')), 30)
    await assert.rejects(
      it.run({ url: `${it.base}/pages`, pagination: { kind: 'page', pause: 60_000 } }, { signal: own.signal }),
      /cancelled/,
    )
    assert.equal((await get('/pages', { kind: 'page', pause: 1 })).pages, 4)
  })

  test('the header Link is read as services write it', () => {
    assert.equal(linkedNext('<https://a.example/?p=2>; rel="next"'), 'https://a.example/?p=2')
    assert.equal(linkedNext('<a>; rel=prev, <b>; rel=next'), 'b')
    assert.equal(linkedNext('<a,b>; rel="prev next"'), 'a,b')
    assert.equal(linkedNext('<a>; rel="nextish", <b>; title="rel=next"'), null)
    assert.equal(linkedNext(undefined), null)
  })
})
