import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickLanguage } from './language.ts'

test('the language that was chosen wins over what the browser asks for', () => {
  assert.equal(pickLanguage('de', ['en-US']), 'de')
  assert.equal(pickLanguage('tlh', ['de-AT']), 'de')
})

test('the first language that we speak is taken, in any country, else English', () => {
  assert.equal(pickLanguage(null, ['fr-FR', 'de-CH', 'en']), 'de')
  assert.equal(pickLanguage(null, ['en-GB', 'de']), 'en')
  assert.equal(pickLanguage(null, ['fr', 'it']), 'en')
  assert.equal(pickLanguage(null, []), 'en')
})
