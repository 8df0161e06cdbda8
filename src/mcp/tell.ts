import type { ServerContext } from '@modelcontextprotocol/server'
import type { Event } from '#engine/events.ts'
import type { Ready } from '#executions/plans.ts'

/** Tells a client what happens while it waits: how far it is, and what the nodes say. `done` is how many it knows of. */
export type Teller = { done: number; hear(event: Event): Promise<void>; end(completed: boolean): Promise<void> }

/** Makes a teller. A client that asked for no progress and wants no log hears nothing. */
export function makeTeller({ mcpReq }: ServerContext, ready: Ready, total: number, done: number): Teller {
  const progressToken = mcpReq._meta?.progressToken
  const names = new Map(ready.drawn.nodes.map(node => [node.key, node.name || node.key]))
  const nameOf = (path: string) => names.get(path.split('.').at(-1) ?? '') ?? path
  // Whoever has gone hears nothing more; what goes on is not stopped by that.
  const quietly = (going: Promise<void>) => going.catch(() => {})
  const log = (level: 'info' | 'warning' | 'error', data: unknown, node: string) => quietly(mcpReq.log(level, data, node))
  async function progress(message: string): Promise<void> {
    if (progressToken === undefined) return
    const params = { progressToken, progress: teller.done, total: Math.max(total, teller.done), message }
    await quietly(mcpReq.notify({ method: 'notifications/progress', params }))
  }
  const teller: Teller = {
    done,
    async hear(event) {
      if (event.type === 'accepted') {
        await log('info', 'The workflow has started.', ready.drawn.name)
        await progress('The workflow has started.')
      }
      if (event.type !== 'done' && event.type !== 'failed') return
      const name = nameOf(event.path)
      for (const line of event.lines ?? []) await log('info', line, event.path)
      if (event.type === 'failed') {
        const again = event.retryAt === null ? '' : ' It is tried again.'
        return log(event.retryAt === null ? 'error' : 'warning', `“${name}” failed: ${event.failure.message}${again}`, event.path)
      }
      await log('info', `“${name}” is done.`, event.path)
      // What is inside a loop is not counted: nobody knows how often it turns.
      if (event.path.includes('[')) return
      teller.done += 1
      await progress(`“${name}” is done.`)
    },
    async end(completed) {
      if (!completed) return
      const last = Math.max(total, teller.done + 1)
      if (teller.done < last) {
        teller.done = last
        await progress('The workflow has ended.')
      }
      await log('info', 'The workflow has ended.', ready.drawn.name)
    },
  }
  return teller
}
