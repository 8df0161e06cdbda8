import type { Client } from '@modelcontextprotocol/client'
import type { Context } from '#sdk/context.ts'
import { line } from './clean.ts'

/** So many lines about progress are worth reading. */
const MOST = 200

/** What a server tells while it works becomes lines in the log of the node. */
export function listen(client: Client, context: Context): void {
  client.setNotificationHandler('notifications/message', ({ params: { level, logger, data } }) => {
    const words = typeof data === 'string' ? data : (JSON.stringify(data) ?? '')
    context.log(`${level}${logger ? ` of ${line(logger, 100)}` : ''}: ${line(words, 2_000)}`)
  })
}

/** Writes how far it is. */
export function progress(
  context: Context,
): (it: { progress: number; total?: number | undefined; message?: string | undefined }) => void {
  let count = 0
  return it => {
    count += 1
    if (count > MOST) return
    const far = it.total === undefined ? `${it.progress}` : `${it.progress} of ${it.total}`
    context.log(it.message ? `${far}: ${line(it.message)}` : far)
  }
}
