import { type GetPromptResult, ProtocolError, ProtocolErrorCode, type Prompt as Shown } from '@modelcontextprotocol/server'

/** A prompt that a client can show as a command of its own. */
export type Prompt = {
  name: string
  title: string
  description: string
  arguments: readonly { name: string; description: string; required: boolean; choices?: readonly string[] }[]
  messages(given: Readonly<Record<string, string>>): Promise<GetPromptResult['messages']>
}

/** The prompts of a workspace. */
export type ListPrompts = (workspace: string) => Promise<readonly Prompt[]>

/** Prompts are not kept here yet. */
export const noPrompts: ListPrompts = async () => []

/** A prompt as a list shows it. */
export const shownPrompt = (prompt: Prompt): Shown => ({
  name: prompt.name,
  title: prompt.title,
  description: prompt.description,
  arguments: prompt.arguments.map(({ name, description, required }) => ({ name, description, required })),
})

/** One prompt; a name that nobody has is an error of the protocol. */
export async function demandPrompt(list: ListPrompts, workspace: string, name: string): Promise<Prompt> {
  const found = (await list(workspace)).find(one => one.name === name)
  if (!found) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt “${name}” in this workspace.`)
  return found
}

/** A prompt with its arguments filled in. */
export async function promptOf(
  list: ListPrompts,
  workspace: string,
  name: string,
  given: Readonly<Record<string, string>>,
): Promise<GetPromptResult> {
  const prompt = await demandPrompt(list, workspace, name)
  const missing = prompt.arguments.find(one => one.required && given[one.name] === undefined)
  if (missing) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The argument “${missing.name}” must be given.`)
  return { description: prompt.description, messages: await prompt.messages(given) }
}
