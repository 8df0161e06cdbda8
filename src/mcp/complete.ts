import { type CompleteResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { listExecutions } from '#executions/queries.ts'
import { listFiles } from '#uploads/queries.ts'
import type { Desk } from './desk.ts'
import { demandPrompt } from './prompts.ts'
import { TEMPLATES } from './resources.ts'

/** The protocol takes no more at once. */
const MOST = 100

type Reference = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string }

/** What could stand for an argument of a prompt or of a pattern of resources, from what was typed so far. */
export async function complete(
  desk: Desk,
  workspace: string,
  ref: Reference,
  argument: { name: string; value: string },
): Promise<CompleteResult> {
  const all =
    ref.type === 'ref/prompt' ? await choices(desk, workspace, ref.name, argument) : await ids(desk, workspace, ref.uri, argument)
  return { completion: { values: all.slice(0, MOST), hasMore: all.length > MOST } }
}

async function choices(
  desk: Desk,
  workspace: string,
  prompt: string,
  argument: { name: string; value: string },
): Promise<string[]> {
  const asked = (await demandPrompt(desk.prompts, workspace, prompt)).arguments.find(one => one.name === argument.name)
  if (!asked) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The prompt has no argument “${argument.name}”.`)
  return (asked.choices ?? []).filter(choice => choice.toLowerCase().startsWith(argument.value.toLowerCase()))
}

/** Files are found by a part of their name too, executions by how their id begins. */
async function ids(
  desk: Desk,
  workspace: string,
  uri: string,
  { name, value }: { name: string; value: string },
): Promise<string[]> {
  const template = TEMPLATES.find(one => one.uriTemplate === uri)
  if (!template || name !== 'id')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no pattern ${uri} with the argument “${name}”.`)
  const { db } = desk.shell.world
  if (template.name === 'file') {
    const byName = await listFiles(db, workspace, { limit: MOST, q: value })
    const byId = value.startsWith('file_') ? await listFiles(db, workspace, { limit: MOST }) : []
    return [...new Set([...byName, ...byId.filter(row => row.id.startsWith(value))].map(row => row.id))]
  }
  return (await listExecutions(db, workspace, { limit: MOST })).map(row => row.id).filter(id => id.startsWith(value))
}
