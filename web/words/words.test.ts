import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as accounts from '#accounts/contract.ts'
import * as audit from '#audit/contract.ts'
import type { Contract } from '#http/contract.ts'
import * as pages from '#triggers/pages/contract.ts'
import * as uploads from '#uploads/contract.ts'
import * as vault from '#vault/contract.ts'
import * as workspaces from '#workspaces/contract.ts'
import { de } from './de.ts'
import { en } from './en.ts'

type Tree = { [name: string]: string | Tree }

const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value] as [string, string]] : flat(value, `${path}${name}.`),
  )

const english = new Map(flat(en))
const german = new Map(flat(de))
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()

test('both languages say the same things, with the same holes to fill', () => {
  assert.deepEqual([...german.keys()].sort(), [...english.keys()].sort())
  for (const [key, text] of english) assert.deepEqual(holes(german.get(key) ?? ''), holes(text), key)
})

test('no sentence is empty or was left in the other language', () => {
  for (const [key, text] of [...english, ...german]) assert.notEqual(text.trim(), '', key)
  const same = [...english].filter(([key, text]) => text.length > 14 && german.get(key) === text).map(([key]) => key)
  assert.deepEqual(same, [])
})

const isContract = (it: unknown): it is Contract => it !== null && typeof it === 'object' && 'method' in it && 'path' in it

/** These say something in the words of the server that no list of ours could know. */
const IN_THE_WORDS_OF_THE_SERVER = [
  'auth.code_needed',
  'auth.refused',
  'file.too_large',
  'request.bad_multipart',
  'request.wrong_type',
]

test('whatever a call can fail with is told in the language of the reader', () => {
  const contracts = [accounts, audit, uploads, vault, workspaces, pages].flatMap(folder =>
    Object.values(folder).filter(isContract),
  )
  assert.ok(contracts.length > 40)
  const codes = new Set(contracts.flatMap(one => one.fails ?? []))
  const untold = [...codes].filter(code => !english.has(`errors.${code}`) && !IN_THE_WORDS_OF_THE_SERVER.includes(code))
  assert.deepEqual(untold, [])
})

test('every group the audit log can be narrowed to has actions, and every action has a group', () => {
  assert.deepEqual(Object.keys(en.audit.groups).sort(), Object.keys(en.audit.actions).sort())
})
