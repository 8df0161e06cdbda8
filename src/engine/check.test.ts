import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from './check.ts'
import type { Document, DocumentNode, Traits } from './document.ts'

const TRAITS: Record<string, Traits> = {
  start: { outlets: ['main'], effect: 'pure', loop: null, trigger: true },
  step: { outlets: ['main', 'other'], effect: 'pure', loop: null, trigger: false },
  each: { outlets: ['main'], effect: 'pure', loop: 'list', trigger: false },
}
const traitsOf = (node: DocumentNode) => TRAITS[node.block] ?? null
const node = (id: string, block = 'step', more: Partial<DocumentNode> = {}): DocumentNode => ({
  id,
  key: id,
  block,
  version: 1,
  ...more,
})

/** A workflow from nodes and edges written as `a>b` or `a:outlet>b`. */
const flow = (nodes: DocumentNode[], ...edges: string[]): Document => ({
  name: 'x',
  nodes: [node('s', 'start'), ...nodes],
  edges: edges.map((text, at) => {
    const [from = '', target = ''] = text.split('>')
    const [source = '', sourceHandle] = from.split(':')
    return { id: `e${at}`, source, target, ...(sourceHandle ? { sourceHandle } : {}) }
  }),
})
const codes = (document: Document) => check(document, traitsOf).map(one => `${one.code} ${one.node} ${one.field}`)

test('a sound workflow has no problem', () => {
  assert.deepEqual(
    codes(
      flow(
        [node('a'), node('b'), node('each', 'each'), node('inside', 'step', { parent: 'each' })],
        's>a',
        's>b',
        'a:other>each',
        'b>each',
      ),
    ),
    [],
  )
})

test('a circle is named by its way round, once', () => {
  const [problem] = check(flow([node('a'), node('b'), node('c')], 's>a', 'a>b', 'b>c', 'c>a'), traitsOf)
  assert.equal(problem?.code, 'workflow.cycle')
  assert.match(problem?.message ?? '', /a → b → c → a/)
  assert.deepEqual(codes(flow([node('a')], 's>a', 'a>a')), ['workflow.cycle a edges'])
})

test('a chain of a thousand nodes is walked; one more is too many', () => {
  const chain = (length: number) =>
    flow(
      Array.from({ length }, (_, at) => node(`n${at}`)),
      ...Array.from({ length: length - 1 }, (_, at) => `n${at}>n${at + 1}`),
      's>n0',
    )
  assert.deepEqual(codes(chain(999)), [])
  assert.deepEqual(codes(chain(1000)), ['workflow.too_large null nodes'])
})

test('edges that dangle, cross a border, leave no outlet, lead to a trigger or stand twice are each named', () => {
  assert.deepEqual(codes(flow([node('a')], 's>a', 'a>ghost', 'ghost>a')), [
    'edge.dangling a edges.e1',
    'edge.dangling a edges.e2',
  ])
  assert.deepEqual(
    codes(flow([node('a'), node('each', 'each'), node('in', 'step', { parent: 'each' })], 's>a', 's>each', 'a>in')),
    ['edge.crosses a edges.e2'],
  )
  const [unknown] = check(flow([node('a'), node('b')], 's>a', 'a:nowhere>b'), traitsOf)
  assert.equal(unknown?.message, '“a” has no outlet “nowhere”. It has “main”, “other”.')
  assert.deepEqual(codes(flow([node('a')], 's>a', 'a>s')).slice(0, 1), ['edge.into_trigger s edges.e1'])
  assert.deepEqual(codes(flow([node('a')], 's>a', 's>a')), ['edge.twice s edges.e1'])
})

test('keys must be names, free, and not taken by expressions', () => {
  for (const [key, code] of [
    ['two words', 'node.bad_key'],
    ['', 'node.bad_key'],
    ['1st', 'node.bad_key'],
    ['trigger', 'node.reserved_key'],
    ['__proto__', 'node.reserved_key'],
    ['constructor', 'node.reserved_key'],
    ['s', 'node.same_key'],
  ]) {
    assert.deepEqual(codes(flow([node('a', 'step', { key: key ?? '' })], 's>a')), [`${code} a key`], key)
  }
})

test('an unknown block, no trigger, and an error way without the setting are named', () => {
  assert.deepEqual(codes(flow([node('a', 'no.such')], 's>a')), ['block.unknown a block'])
  assert.deepEqual(codes({ name: 'x', nodes: [node('a')], edges: [] }), ['workflow.no_trigger null nodes'])
  assert.deepEqual(codes(flow([node('a'), node('b')], 's>a', 'a:error>b')), ['edge.error_not_routed a onError'])
  assert.deepEqual(codes(flow([node('a', 'step', { onError: 'route' }), node('b')], 's>a', 'a:error>b')), [])
})

test('what stands in something that is no container, is not there, or is itself, is named', () => {
  assert.deepEqual(codes(flow([node('a'), node('b', 'step', { parent: 'a' })], 's>a')), ['node.not_a_container b parent'])
  assert.deepEqual(codes(flow([node('b', 'step', { parent: 'ghost' })])), ['node.no_parent b parent'])
  assert.deepEqual(codes(flow([node('a', 'each', { parent: 'b' }), node('b', 'each', { parent: 'a' })])).slice(0, 2), [
    'node.inside_itself a parent',
    'node.inside_itself b parent',
  ])
})

test('what no trigger leads to is a warning', () => {
  const [problem] = check(flow([node('a'), node('lonely')], 's>a'), traitsOf)
  assert.deepEqual([problem?.code, problem?.node, problem?.severity], ['node.unreachable', 'lonely', 'warning'])
})
