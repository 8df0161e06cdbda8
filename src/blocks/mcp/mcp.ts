import { defineConnector } from '#sdk/define.ts'
import { call } from './call.ts'
import { prompt } from './prompt.ts'
import { read } from './read.ts'
import { server } from './server.ts'
import { tools } from './tools.ts'

/** Uses servers that speak the Model Context Protocol. */
export default defineConnector({
  id: 'mcp',
  title: 'MCP',
  about: 'Uses tools, resources and prompts of servers that speak the Model Context Protocol.',
  blocks: [call, server, tools, read, prompt],
})
