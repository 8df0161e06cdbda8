import { defineBlock } from '#sdk/define.ts'
import { agentInput, agentOutput } from './agent/params.ts'
import { takeTurn } from './agent/turn.ts'
import { CREDENTIALS } from './params.ts'

/** Works on a task in turns, with tools. */
export const agent = defineBlock({
  id: 'ai.agent',
  version: 1,
  title: 'Agent',
  about:
    'Works on a task in turns: it thinks, uses the nodes inside of it as tools, and goes on until it has an answer. Each turn and each tool is written down, so after a crash nothing is asked or done again.',
  group: 'ai',
  icon: 'bot',
  loop: 'calls',
  effect: 'repeatable',
  credentials: CREDENTIALS,
  input: agentInput,
  output: agentOutput,
  example: {
    input: { model: 'demo/writer', task: 'What is the weather in Oslo? Use the tool.', maxTurns: 5 },
    output: {
      text: 'It is 7 °C and raining in Oslo.',
      object: null,
      turns: 2,
      calls: [{ tool: 'weather', input: { city: 'Oslo' }, failed: false }],
      stoppedBy: null,
      files: [],
      model: 'demo/writer',
      usage: { inputTokens: 310, outputTokens: 42, cachedTokens: null, reasoningTokens: null },
      cost: 0,
      finishReason: 'stop',
    },
  },
  run: (input, context) => takeTurn(input, context),
})
