import { z } from 'zod'
import type { Context } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { line } from './clean.ts'
import { CREDENTIALS } from './credentials.ts'
import { offered } from './offer.ts'
import { nameOf, PLACE } from './place.ts'
import { withServer } from './session.ts'
import { CALLING, effectOf, Outcome, use } from './use.ts'

/** Brings the tools of an MCP server to an agent. */
export const server = defineBlock({
  id: 'mcp.server',
  version: 1,
  title: 'Tools of an MCP server',
  about:
    'Inside of an agent: all tools of a server that speaks the Model Context Protocol, or some of them, become tools of the agent.',
  group: 'ai',
  icon: 'plug',
  input: z.strictObject({
    ...PLACE,
    allow: z.array(z.string().min(1).max(500)).max(500).default([]).meta({
      title: 'Only these tools',
      description: 'Their names, as the server lists them; left empty, all of them.',
      ui: 'list',
    }),
    ...CALLING,
  }),
  output: Outcome,
  effect: effectOf,
  credentials: CREDENTIALS,
  example: {
    input: { server: 'https://mcp.example.com/mcp', allow: ['get_weather'] },
    output: {
      content: [{ type: 'text', text: 'It is 21 °C and sunny in Berlin.' }],
      structured: { temperature: 21, sky: 'sunny' },
      text: 'It is 21 °C and sunny in Berlin.',
      isError: false,
    },
  },
  offer: ({ allow, repeatable: _repeatable, answers: _answers, ...place }, context) => offered(place, allow, context),
  run: ({ allow, repeatable: _repeatable, answers, ...place }, context) => {
    const { tool, given } = askedOf(context)
    if (allow.length > 0 && !allow.includes(tool))
      throw new Refused(
        'mcp.no_tool',
        `${nameOf(place)} may not be asked for the tool ${line(tool, 100)} here. Allowed: ${allow.join(', ')}.`,
      )
    return withServer(
      place,
      context,
      session => use(session, { tool, given, acceptErrors: false }, place, context),
      answers ?? null,
    )
  },
})

function askedOf({ asked }: Context): { tool: string; given: Record<string, unknown> } {
  if (asked === null)
    throw new Refused(
      'mcp.not_in_agent',
      'This node brings tools to an agent, and no agent called it. Put it inside of one; outside, use “Use a tool of an MCP server”.',
    )
  const given = asked.input ?? {}
  if (!isObject(given))
    throw new Refused('input.wrong_kind', `The tool ${line(asked.tool, 100)} takes its arguments by name: give an object.`)
  return { tool: asked.tool, given }
}
