import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { describe, test } from 'node:test'
import type { Facts } from './check/links.ts'
import { nearest } from './check/nearest.ts'
import { GivenDocument } from './contract.ts'
import { settle, type WorkflowDocument } from './document.ts'
import { edges, node, tryLibrary } from './testing.ts'
import { validate } from './validate.ts'

const nothing: Facts = { workflow: 'wf_self', credentials: new Map(), workflows: new Map(), toolHolder: null }
const start = node('start', { id: 'start' })

function drawn(nodes: WorkflowDocument['nodes'], lines: string, more: object = {}): WorkflowDocument {
  return settle(GivenDocument.parse({ name: 'x', nodes, edges: edges(lines), ...more }), tryLibrary)
}
const check = (nodes: WorkflowDocument['nodes'], lines: string, more: object = {}, facts: Partial<Facts> = {}) =>
  validate(drawn(nodes, lines, more), tryLibrary, { ...nothing, ...facts })
const short = (problems: ReturnType<typeof validate>) =>
  problems.map(one => `${one.severity === 'error' ? '' : '~'}${one.code} ${one.node ?? '-'} ${one.field ?? '-'}`)
const one = (params: Record<string, unknown>, block = 'echo', more: object = {}, facts: Partial<Facts> = {}) =>
  check([start, node('start', { id: 'other' }), node(block, { id: 'it', params, ...more })], 'start > it', {}, facts)

describe('parameters', () => {
  test('what is right has no problem', () => {
    assert.deepEqual(one({ text: 'hello', many: 3, rows: [{ name: 'a', on: true }], choice: { at: 1 } }), [])
    assert.deepEqual(one({ text: '{{ trigger }}', many: '{{ start.n }}', rows: '{{ start.rows }}', choice: '{{ start.c }}' }), [])
    assert.deepEqual(one({ rows: [{ name: 'a', on: '{{ start.on }}' }], choice: { at: '{{ start.at }}' } }), [])
  })

  test('what is missing, wrong or surplus is named with its field', () => {
    assert.deepEqual(short(one({ many: 0, rows: [{ on: 'yes' }], txt: 1 })), [
      'param.unknown it params.txt',
      'param.invalid it params.many',
      'param.missing it params.rows[0].name',
      'param.invalid it params.rows[0].on',
    ])
    const [surplus, many, name] = one({ many: 0, rows: [{ on: true }], txt: 1 })
    assert.equal(surplus?.message, '“Echo” has no setting “txt”. Did you mean “text”?')
    assert.match(many?.message ?? '', /“How many” is not right: Too small/)
    assert.equal(name?.message, '“Row name” is not filled in.')
    assert.deepEqual(short(one({ rows: [{ name: 'a', x: 1 }] })), ['param.unknown it params.rows[0].x'])
    assert.deepEqual(short(one({ text: '{{ start.a }}', surplus: '{{ start.b }}' })), ['param.unknown it params.surplus'])
  })

  test('of alternatives the one that comes closest is told about, also beside a template', () => {
    assert.deepEqual(short(one({ choice: { at: 'x' } })), ['param.invalid it params.choice.at'])
    assert.deepEqual(short(one({ choice: true })), ['param.invalid it params.choice'])
    const verify = (it: unknown) => short(check([node('hook', { id: 'h', params: { verify: it } })], ''))
    assert.deepEqual(verify({ kind: 'hmac', secret: '{{ vars.s }}', more: 1 }), [
      'param.unknown h params.verify.more',
      '~expression.unknown_variable h params.verify.secret',
    ])
    assert.deepEqual(verify({ kind: 'nonsense' }), ['param.invalid h params.verify.kind'])
    // A trigger is asked before anything has run, so what is to be filled is judged as it stands.
    assert.deepEqual(verify({ kind: '{{ vars.k }}' }), [
      'param.invalid h params.verify.kind',
      '~expression.unknown_variable h params.verify.kind',
    ])
  })

  test('in code braces mean nothing, and it is judged as it is', () => {
    assert.deepEqual(short(one({ code: '{{ nobody' }, 'script')), [])
    assert.deepEqual(short(one({ code: '{{ nobody }} and much more' }, 'script')), ['param.invalid it params.code'])
    assert.deepEqual(short(one({ code: '', input: '{{ nobody }}' }, 'script')), ['expression.unknown it params.input'])
  })

  test('a block that is not there, or not in this version, is named and asked nothing more', () => {
    assert.deepEqual(short(one({ x: '{{ y' }, 'nothing')), ['block.unknown it block', 'template.bad it params.x'])
    assert.deepEqual(short(one({}, 'echo', { version: 9 })), ['block.unknown it block'])
    assert.deepEqual(short(one({}, 'echo', { version: 2 })), ['param.missing it params.text'])
  })
})

describe('expressions', () => {
  const says = (problems: ReturnType<typeof validate>) => problems.map(it => it.message)

  test('what does not parse is named, every one of them', () => {
    const problems = one({ text: '{{ a', rows: [{ name: '{{ start | upcas }}' }, { name: '{% if %}' }, { name: 'ok' }] })
    assert.deepEqual(short(problems), [
      'template.bad it params.text',
      'template.bad it params.rows[0].name',
      'template.bad it params.rows[1].name',
    ])
    assert.equal(problems[1]?.message, 'There is no filter “upcas”.')
    assert.match(problems[0]?.message ?? '', /^The expression cannot be read: .*\(line 1, letter \d+\)\.$/)
  })

  test('names that are always there can be read, and what a template sets itself', () => {
    const text = '{{ trigger.a }}{{ execution.id }}{{ workflow.name }}{{ now }}{{ vars.known }}{{ vars[start.x] }}'
    const loop = '{% assign x = start.a %}{{ x }}{% for y in start.list %}{{ y.z }}{{ forloop.index }}{% endfor %}'
    assert.deepEqual(
      check([start, node('echo', { id: 'it', params: { text: text + loop } })], 'start > it', { variables: { known: 1 } }),
      [],
    )
    assert.deepEqual(
      says(
        check([start, node('echo', { id: 'it', params: { text: '{{ vars.knwon }}' } })], 'start > it', {
          variables: { known: 1 },
        }),
      ),
      ['There is no variable “knwon”. Did you mean “known”?'],
    )
  })

  test('a key that nobody has is named with what was probably meant, or with what is there', () => {
    const chain = [
      start,
      node('echo', { id: 'fetch' }),
      node('echo', { id: 'it', params: { text: '{{ fecth.x }} {{ zzzzzz }}' } }),
    ]
    assert.deepEqual(says(check(chain, 'start > fetch, fetch > it')), [
      'Nothing here is called “fecth”. Did you mean “fetch”?',
      'Nothing here is called “zzzzzz”. What comes before: “start”, “fetch”.',
    ])
    assert.deepEqual(says(check([node('hook', { id: 'h', params: { path: '{{ zzzzzz }}' } })], '')), [
      'Nothing here is called “zzzzzz”. No node comes before this one.',
    ])
  })

  test('a node that does not come before cannot be read: beside, behind, itself', () => {
    const fork = (text: string) =>
      short(
        check(
          [start, node('echo', { id: 'a' }), node('echo', { id: 'b', params: { text } }), node('echo', { id: 'c' })],
          'start > a, start > b, b > c',
        ),
      )
    assert.deepEqual(fork('{{ start.x }}'), [])
    for (const key of ['a', 'b', 'c']) assert.deepEqual(fork(`{{ ${key}.x }}`), ['expression.not_before b params.text'], key)
  })

  const loop = (inner: string, result: string, after: string, deep = '') =>
    check(
      [
        start,
        node('echo', { id: 'early' }),
        node('each', { id: 'each', params: { list: '{{ early.rows }}', result } }),
        node('echo', { id: 'first', parent: 'each' }),
        node('echo', { id: 'body', parent: 'each', params: { text: inner } }),
        node('each', { id: 'inner', parent: 'each', params: { list: [] } }),
        node('echo', { id: 'deep', parent: 'inner', params: { text: deep } }),
        node('echo', { id: 'after', params: { text: after } }),
      ],
      'start > early, early > each, each > after, first > body, body > inner',
    )

  test('inside a loop one reads what came before the loop, the item and what came before in the turn', () => {
    assert.deepEqual(loop('{{ item.x }}{{ index }}{{ early.x }}{{ first.x }}', '{{ body.x }}{{ item }}', '{{ each[0] }}'), [])
    assert.deepEqual(loop('', '', '', '{{ body.x }}{{ early.y }}{{ item }}'), [])
  })

  test('inside a loop one does not read the loop, and outside not what is inside', () => {
    const [inside] = loop('{{ each }}', '', '')
    assert.match(inside?.message ?? '', /^“body” stands inside “each”/)
    const [outside] = loop('', '', '{{ body.x }}')
    assert.match(outside?.message ?? '', /^“body” stands inside “each” and cannot be read from outside\. Read “each”\.$/)
    assert.deepEqual(short(loop('', '{{ deep.x }}', '{{ item }}', '{{ inner }}')), [
      'expression.not_before each params.result',
      'expression.not_before deep params.text',
      'expression.unknown after params.text',
    ])
  })

  test('fields that are worked out for each item see the item', () => {
    assert.deepEqual(one({ where: '{{ item.x }}{{ index }}{{ start.y }}' }, 'pick'), [])
    assert.deepEqual(short(one({ text: '{{ item.x }}' })), ['expression.unknown it params.text'])
  })

  test('a circle or an edge that leads nowhere does not confuse it', () => {
    const nodes = [start, node('echo', { id: 'a', params: { text: '{{ b.x }}' } }), node('echo', { id: 'b' })]
    assert.deepEqual(short(check(nodes, 'start > a, a > b, b > a')), [
      'workflow.cycle a edges',
      'expression.not_before a params.text',
    ])
    assert.deepEqual(short(check([start, node('echo', { id: 'a', parent: 'a' })], 'start > zzz')), [
      'node.not_a_container a parent',
      'edge.dangling start edges.e1',
    ])
  })
})

describe('credentials and other workflows', () => {
  const credential = (id: string | undefined, block = 'send') =>
    one(block === 'send' ? { to: 'x' } : {}, block, id === undefined ? {} : { credential: id }, {
      credentials: new Map([
        ['cred_right', 'try.token'],
        ['cred_wrong', 'other.kind'],
      ]),
    })

  test('a credential must be chosen, be there and be of a kind that fits', () => {
    assert.deepEqual(credential('cred_right'), [])
    assert.deepEqual(short(credential(undefined)), ['credential.missing it credential'])
    assert.deepEqual(short(credential('cred_gone')), ['credential.unknown it credential'])
    assert.deepEqual(short(credential('cred_wrong')), ['credential.wrong_kind it credential'])
    assert.deepEqual(short(credential('cred_right', 'echo')), ['~credential.unused it credential'])
    assert.match(
      credential('try.token:Team: one')[0]?.message ?? '',
      /the credential “Team: one” \(Try token\), which is not here/,
    )
  })

  test('a workflow that is started must be there and published; a circle is a warning', () => {
    const call = (id: string) =>
      one(
        { workflow: id },
        'call',
        {},
        {
          workflows: new Map([
            ['wf_live', { name: 'Live', live: 2, callsBack: false }],
            ['wf_draft', { name: 'Draft', live: null, callsBack: false }],
            ['wf_back', { name: 'Back', live: 1, callsBack: true }],
          ]),
        },
      )
    assert.deepEqual(call('wf_live'), [])
    assert.deepEqual(call('{{ start.id }}'), [])
    assert.deepEqual(short(call('wf_gone')), ['child.unknown it params.workflow'])
    assert.match(call('name:Billing')[0]?.message ?? '', /the workflow “Billing” that is not here/)
    assert.deepEqual(short(call('wf_draft')), ['child.unpublished it params.workflow'])
    assert.deepEqual(short(call('wf_self')), ['~child.circle it params.workflow'])
    assert.deepEqual(short(call('wf_back')), ['~child.circle it params.workflow'])
  })
})

describe('what a node does when it fails', () => {
  test('attempts, pauses and times have bounds', () => {
    assert.deepEqual(one({}, 'echo', { retry: { attempts: 3, delay: 0, factor: 2, max: 60_000, jitter: true }, timeout: 1 }), [])
    assert.deepEqual(short(one({}, 'echo', { retry: { attempts: 1.5, delay: 1e12, factor: 0, max: 1e12 }, timeout: 0 })), [
      'node.bad_retry it retry.attempts',
      'node.bad_retry it retry.delay',
      'node.bad_retry it retry.factor',
      'node.bad_retry it retry.max',
      'node.bad_timeout it timeout',
    ])
  })

  test('what will not do what it says is a warning', () => {
    assert.deepEqual(short(one({}, 'echo', { onError: 'route' })), ['~node.error_leads_nowhere it onError'])
    const facts = { credentials: new Map([['c', 'try.token']]) }
    assert.deepEqual(short(one({ to: 'x' }, 'send', { credential: 'c', retry: { attempts: 2 } }, facts)), [
      '~node.repeats it retry.attempts',
    ])
    assert.deepEqual(short(check([{ ...start, onError: 'continue' }], '')), ['~node.trigger_never_fails start -'])
  })

  test('a time zone must be one', () => {
    assert.deepEqual(short(check([start], '', { settings: { timezone: 'Europe/Nowhere' } })), [
      'settings.bad_timezone - settings.timezone',
    ])
    assert.deepEqual(check([start], '', { settings: { timezone: 'Europe/Berlin' } }), [])
  })
})

test('a thousand nodes in a chain, each reading others, are checked quickly and completely', () => {
  const nodes = Array.from({ length: 1000 }, (_, at) =>
    at === 0
      ? node('hook', { id: 'n0' })
      : node('echo', { id: `n${at}`, params: { text: `{{ n${at - 1}.a.b }} and {{ n0.x | upcase }}`, rows: [{ name: 'x' }] } }),
  )
  const chain = Array.from({ length: 999 }, (_, at) => `n${at} > n${at + 1}`).join(', ')
  const document = drawn(nodes, chain)
  assert.deepEqual(validate(document, tryLibrary, nothing), [])
  const times = Array.from({ length: 5 }, () => {
    const before = performance.now()
    validate(document, tryLibrary, nothing)
    return performance.now() - before
  })
  // Ten times what it takes: a machine that is busy must not decide, but squares and cubes must be found out.
  assert.ok(Math.min(...times) < 1000, `${Math.min(...times)} ms`)
})

test('the nearest name is found by letters changed, swapped, added or left out, and not when nothing is near', () => {
  const names = ['classify', 'fetch', 'Übersetzer', 'a']
  for (const [name, meant] of [
    ['clasify', 'classify'],
    ['classifyy', 'classify'],
    ['fecth', 'fetch'],
    ['FETCH', 'fetch'],
    ['übersezter', 'Übersetzer'],
    ['b', null],
    ['nothing', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ] as const)
    assert.equal(nearest(name, names), meant, name)
})
