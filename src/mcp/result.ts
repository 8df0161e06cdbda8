import type { CallToolResult } from '@modelcontextprotocol/server'
import { catalogue, type Fault } from '#errors.ts'
import { ASK } from '#executions/decide.ts'
import { demandExecution, history, outputOf, type Row, summary } from '#executions/show.ts'
import { isObject } from '#sdk/given.ts'
import { type Block, fileBlocks, filesIn, isFile } from './content.ts'
import { approvalUrl, type Desk, executionUrl } from './desk.ts'
import { askedBy } from './follow.ts'

/** A longer output is not put before a model as a whole. */
const LONGEST = 64 * 1024
const BEGINNING = 2_000

/** The output of an execution as a resource. */
export const outputUri = (id: string): string => `promptpilot://executions/${id}/output`

/** What a client is told of an execution, as it stands now. */
export async function resultOf(desk: Desk, workspace: string, id: string): Promise<CallToolResult> {
  const row = await demandExecution(desk.shell, workspace, id)
  const told =
    row.status === 'completed' ? await completed(desk, row) : row.ended_at === null ? await open(desk, row) : failed(desk, row)
  return { ...told, _meta: { 'promptpilot/execution': { id, status: row.status, url: executionUrl(desk, id) } } }
}

async function completed({ shell }: Desk, row: Row): Promise<CallToolResult> {
  const { state } = await history(shell, row)
  const output = await outputOf(shell, row, state)
  const files = await fileBlocks(shell.world, await filesIn(shell.world, row.workspace_id, output))
  const text = typeof output === 'string' ? output : JSON.stringify(output ?? null, null, 2)
  if (text.length > LONGEST || isLarge(output)) return { content: [...tooLong(row.id, text), ...files] }
  return {
    content: [
      ...(isFile(output) || text === '' ? [] : [words(text)]),
      ...files,
      ...(text === '' ? [words('(an empty text)')] : []),
    ],
    ...(isObject(output) ? { structuredContent: output } : {}),
  }
}

/** What is kept apart from the journal. */
const isLarge = (output: unknown) => isObject(output) && isObject(output.$large)

const words = (text: string): Block => ({ type: 'text', text })

function tooLong(id: string, text: string): Block[] {
  const beginning = text.startsWith('{\n  "$large"') ? '' : ` It begins:\n\n${text.slice(0, BEGINNING)}`
  return [
    words(`The output is too long to be shown here; all of it is the resource ${outputUri(id)}.${beginning}`),
    { type: 'resource_link', uri: outputUri(id), name: 'output', mimeType: 'application/json' },
  ]
}

function failed(desk: Desk, row: Row): CallToolResult {
  const { status, error } = summary(row)
  const where = error?.path ? ` at the node “${error.path}”` : ''
  const what = status === 'cancelled' ? 'was cancelled' : `failed${where}`
  const lines = [
    `The workflow ${what}${error ? `: ${error.message}` : '.'}`,
    ...(error ? [`Code: ${error.code}.${adviceOf(error.code)}`] : []),
    `Execution: ${row.id}, ${executionUrl(desk, row.id)}`,
  ]
  const { code = null, message = null, path = null } = error ?? {}
  return {
    isError: true,
    content: [words(lines.join('\n'))],
    structuredContent: { executionId: row.id, status, error: { code, message, node: path } },
  }
}

const isCode = (code: string): code is keyof typeof catalogue => Object.hasOwn(catalogue, code)
const adviceOf = (code: string) => (isCode(code) ? ` ${catalogue[code].advice}` : '')

async function open(desk: Desk, row: Row): Promise<CallToolResult> {
  const asked = (await askedBy(desk.shell, row.workspace_id, row.id)).map(({ id, ask, kind }) => ({
    id,
    title: kind === 'answer' ? 'After a crash nobody knows whether a node did its work.' : ASK.parse(JSON.parse(ask)).title,
    url: approvalUrl(desk, id),
  }))
  const { status, totalNodes, completedNodes, currentNode } = summary(row)
  const lines =
    asked.length > 0
      ? [
          'The workflow waits for a person to decide:',
          ...asked.map(({ title, url }) => `- ${title}: ${url}`),
          'It goes on by itself after that.',
        ]
      : [`The workflow has not ended yet: ${completedNodes} of ${totalNodes} nodes are done. It goes on.`]
  lines.push(
    `Ask for its result later with promptpilot_get_execution and {"executionId": "${row.id}"}.`,
    `A person can watch it at ${executionUrl(desk, row.id)}`,
  )
  return {
    content: [words(lines.join('\n'))],
    structuredContent: { executionId: row.id, status, totalNodes, completedNodes, currentNode, waitsFor: asked },
  }
}

/** What stands in the way of a call, for the model that made it: it can often mend that itself. */
export function refusal(fault: Fault): CallToolResult {
  const details = fault.details.map(({ path, message }) => `- ${path}: ${message}`)
  const later = fault.retryAfter === undefined ? '' : ` Try again in ${fault.retryAfter} s.`
  // The advice names the details, which stand here already.
  const advice = details.length > 0 ? details : [catalogue[fault.code].advice]
  const text = [`${fault.message}${later}`, ...advice, `Code: ${fault.code}.`].join('\n')
  return { isError: true, content: [words(text)] }
}
