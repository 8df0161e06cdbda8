import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeLog } from '#log.ts'
import { printMail } from './print.ts'

test('without a mail server the link stands in the log, whole, with the one it is for', async () => {
  const lines: Record<string, unknown>[] = []
  const mail = printMail(makeLog({ level: 'info', format: 'json', out: { write: line => void lines.push(JSON.parse(line)) } }))
  assert.equal(mail.configured, false)
  const link = 'http://localhost:3000/invite#AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'
  await mail.send({ to: 'a@example.org', subject: 'Come in', text: `A text with ${link}`, link })
  const { time, ...line } = lines[0] ?? {}
  assert.deepEqual(line, { level: 40, to: 'a@example.org', link, message: 'Come in (not mailed: SMTP_URL is not set)' })
  await mail.close()
})
