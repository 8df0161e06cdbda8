import type { Tool as Shown } from '@modelcontextprotocol/server'
import type { Ready } from '#executions/plans.ts'
import type { Shell } from '#executions/shell.ts'
import { TOOL_STARTS } from '#workflows/check/tool.ts'
import { listTools, type ToolRow } from './queries.ts'
import { inputSchema } from './schema.ts'

/** A workflow that is offered as a tool. */
export type Tool = { name: string; ready: Ready; nodeId: string }

const PAGE = 100

/** A page of the tools of a workspace, by name. */
export async function tools(shell: Shell, workspace: string, after: string): Promise<{ items: Tool[]; next: string | null }> {
  const rows = await listTools(shell.world.db, workspace, { after, limit: PAGE + 1 })
  const page = rows.slice(0, PAGE)
  return { items: await readable(shell, workspace, page), next: rows.length > PAGE ? (page.at(-1)?.tool ?? null) : null }
}

/** All of them. */
export const allTools = async (shell: Shell, workspace: string): Promise<Tool[]> =>
  readable(shell, workspace, await listTools(shell.world.db, workspace, {}))

/** One tool, or null where nothing is offered by this name. */
export async function findTool(shell: Shell, workspace: string, name: string): Promise<Tool | null> {
  const [row] = await listTools(shell.world.db, workspace, { name })
  return row ? toolOf(shell, workspace, row) : null
}

/** One that cannot be read, because a block of it is not there any more, does not keep the others from being offered. */
async function readable(shell: Shell, workspace: string, rows: readonly ToolRow[]): Promise<Tool[]> {
  const found = await Promise.all(
    rows.map(row =>
      toolOf(shell, workspace, row).catch(err => {
        shell.world.log.warn({ err, tool: row.tool, version: row.version }, 'a workflow cannot be offered as a tool')
        return null
      }),
    ),
  )
  return found.filter(tool => tool !== null)
}

async function toolOf(shell: Shell, workspace: string, { tool, version }: ToolRow): Promise<Tool> {
  const ready = await shell.plans.load(workspace, version)
  return { name: tool, ready, nodeId: shell.startOf(ready, TOOL_STARTS) }
}

/** What a client is told of a tool. Hints that nobody gave are left out: the protocol says what is meant then. */
export function shownTool({ name, ready, nodeId }: Tool): Shown {
  const { drawn } = ready
  const { description, readOnly, destructive, idempotent, openWorld } = drawn.settings.tool ?? {}
  return {
    name,
    title: drawn.name,
    description: description || drawn.description || `Runs the workflow “${drawn.name}”.`,
    inputSchema: inputSchema(ready, nodeId),
    annotations: {
      title: drawn.name,
      ...(readOnly === undefined ? {} : { readOnlyHint: readOnly }),
      ...(destructive === undefined ? {} : { destructiveHint: destructive }),
      ...(idempotent === undefined ? {} : { idempotentHint: idempotent }),
      ...(openWorld === undefined ? {} : { openWorldHint: openWorld }),
    },
  }
}
