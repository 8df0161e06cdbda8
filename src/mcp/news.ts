import type { ServerEvent } from '@modelcontextprotocol/server'
import { executionTopic, type Shell } from '#executions/shell.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import { listTools } from './queries.ts'
import { named } from './resources.ts'

/** Hears what changed; what it answers is called when it need not hear any more. */
export type News = {
  /** Changes of the list of tools of a workspace. */
  listen(workspace: string, hear: (event: ServerEvent) => void): () => void
  /** Something happens to an execution. Files never change. */
  watch(uri: string, hear: (event: ServerEvent) => void): () => void
  close(): void
}

/** An execution that moves often is told of so often, in milliseconds. */
const PAUSE = 1_000

/** Tells of changes while somebody listens. */
export function makeNews({ world }: Pick<Shell, 'world'>): News {
  const { feed, db, log } = world
  const heard = new Map<string, Set<(event: ServerEvent) => void>>()
  const last = new Map<string, string>()
  let looking = Promise.resolve()

  async function look(workspace: string): Promise<void> {
    const now = JSON.stringify(await listTools(db, workspace, {}))
    if (last.get(workspace) === now) return
    last.set(workspace, now)
    for (const hear of heard.get(workspace) ?? []) hear({ kind: 'tools_list_changed' })
  }
  async function lookAll(): Promise<void> {
    for (const workspace of heard.keys()) await look(workspace)
  }
  const stop = feed.listen(TRIGGERS, () => {
    if (heard.size === 0) return
    looking = looking.then(lookAll).catch(err => log.warn({ err }, 'the tools of a workspace could not be listed'))
  })
  return {
    listen(workspace, hear) {
      const all = heard.get(workspace) ?? new Set()
      heard.set(workspace, all.add(hear))
      return () => {
        all.delete(hear)
        if (all.size > 0 || heard.get(workspace) !== all) return
        heard.delete(workspace)
        last.delete(workspace)
      }
    },
    watch(uri, hear) {
      const it = named(uri)
      if (!it || it.kind === 'file') return () => {}
      let timer: NodeJS.Timeout | undefined
      const tell = () => hear({ kind: 'resource_updated', uri })
      const deaf = feed.listen(executionTopic(it.id), () => {
        timer ??= setTimeout(() => {
          timer = undefined
          tell()
        }, PAUSE).unref()
      })
      return () => {
        deaf()
        clearTimeout(timer)
      }
    },
    close: stop,
  }
}
