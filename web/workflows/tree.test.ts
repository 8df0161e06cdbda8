import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Folder, homesFor, treeOf, wayTo } from './tree.ts'

const folder = (id: string, parentId: string | null = null, name = id): Folder => ({
  id,
  kind: 'workflows',
  name,
  parentId,
  createdAt: '2026-01-01T00:00:00.000Z',
})
const drawn = (list: Folder[]) => treeOf(list).map(({ folder: { id }, depth, height }) => `${'  '.repeat(depth)}${id} ${height}`)

test('folders are a tree, by name, with numbers in their order', () => {
  const list = [folder('b'), folder('a10', 'b'), folder('a9', 'b'), folder('c', 'a9'), folder('a')]
  assert.deepEqual(drawn(list), ['a 1', 'b 3', '  a9 2', '    c 1', '  a10 1'])
})

test('a folder whose parent is not known stands on top', () => {
  assert.deepEqual(drawn([folder('a', 'gone')]), ['a 1'])
})

test('the way to a folder begins on top, and a ring has an end', () => {
  const list = [folder('a'), folder('b', 'a'), folder('c', 'b')]
  const ids = (id: string | undefined, of = list) => wayTo(of, id).map(one => one.id)
  assert.deepEqual(ids('c'), ['a', 'b', 'c'])
  assert.deepEqual(ids(undefined), [])
  assert.deepEqual(ids('gone'), [])
  assert.equal(ids('x', [folder('x', 'y'), folder('y', 'x')]).length, 2)
})

test('a folder goes neither into itself nor below itself, nor deeper than folders may stand', () => {
  const list = [folder('a'), folder('b', 'a'), folder('c')]
  const homes = (id: string, of = list) => homesFor(treeOf(of), id).map(({ folder: { id } }) => id)
  assert.deepEqual(homes('a'), ['c'])
  assert.deepEqual(homes('c'), ['a', 'b'])
  const deep = Array.from({ length: 8 }, (_none, at) => folder(`f${at}`, at === 0 ? null : `f${at - 1}`))
  assert.deepEqual(homes('x', [...deep, folder('x')]), ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
  assert.deepEqual(homes('x', [...deep, folder('x'), folder('y', 'x')]), ['f0', 'f1', 'f2', 'f3', 'f4', 'f5'])
})
