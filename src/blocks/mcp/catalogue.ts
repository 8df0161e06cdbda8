import type { Tool } from '@modelcontextprotocol/client'
import type { Session } from './session.ts'

/** All tools of a server, page by page. */
export async function toolsOf({ client, ask }: Session): Promise<Tool[]> {
  return (await ask(options => client.listTools(undefined, options))).tools
}

/** The names of its tools; null where it does not say. */
export async function namesOf(session: Session): Promise<string[] | null> {
  try {
    return (await toolsOf(session)).map(tool => tool.name)
  } catch {
    // It was asked only to make a message better.
    return null
  }
}
