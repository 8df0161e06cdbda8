import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changed, type Item, type Pages } from './list.ts'

const item = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  name: id,
  description: '',
  rev: 1,
  live: null,
  active: false,
  archived: false,
  folderId: null,
  triggers: [],
  nodes: 0,
  lastRun: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: null,
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: null,
  ...more,
})
const data = (...pages: Item[][]): Pages => ({
  pages: pages.map(items => ({ items, next: null })),
  pageParams: pages.map(() => ''),
})
const ids = (pages: Pages | undefined) => pages?.pages.map(({ items }) => items.map(({ id }) => id).join('')).join('|')
const all = data([item('a'), item('b', { active: true, live: 2 })], [item('c', { folderId: 'f' })])

test('what is archived leaves the list, and stands in that of archived ones', () => {
  const put = (one: Item) => ({ ...one, archived: true, active: false })
  assert.equal(ids(changed(all, {}, new Set(['a', 'c']), put)), 'b|')
  const away = data([item('a', { archived: true })])
  assert.equal(ids(changed(away, { archived: 'true' }, new Set(['a']), one => ({ ...one, archived: false }))), '')
})

test('what is moved leaves the list of its folder, and stays in that of all', () => {
  const move = (one: Item) => ({ ...one, folderId: 'g' })
  assert.equal(ids(changed(all, {}, new Set(['c']), move)), 'ab|c')
  assert.equal(ids(changed(data([item('c', { folderId: 'f' })]), { folder: 'f' }, new Set(['c']), move)), '')
  assert.equal(ids(changed(data([item('a')]), { folder: 'none' }, new Set(['a']), move)), '')
})

test('what is turned off leaves the list of active ones; what is deleted leaves every list', () => {
  const off = (one: Item) => ({ ...one, active: false })
  assert.equal(ids(changed(data([item('b', { active: true })]), { active: 'true' }, new Set(['b']), off)), '')
  assert.equal(ids(changed(data([item('b', { live: 1 })]), { live: 'true' }, new Set(['b']), off)), 'b')
  assert.equal(ids(changed(all, {}, new Set(['a', 'b', 'c']), null)), '|')
  assert.equal(changed(undefined, {}, new Set(['a']), null), undefined)
})
