import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { child } from '#sdk/ending.ts'

/** Starts another workflow. */
export const workflow = defineBlock({
  id: 'core.workflow',
  version: 1,
  title: 'Run a workflow',
  about: 'Starts the live version of another workflow, and waits for what comes of it unless told not to.',
  group: 'flow',
  icon: 'workflow',
  input: z.strictObject({
    workflow: z.string().min(1, 'Choose a workflow.').meta({ title: 'Workflow', ui: 'workflow' }),
    input: z
      .unknown()
      .optional()
      .meta({ title: 'Input', description: 'What the other workflow sees as {{ trigger }}.', ui: 'json' }),
    wait: z
      .boolean()
      .default(true)
      .meta({ title: 'Wait for it', description: 'Without waiting, the output is the id of the execution.' }),
  }),
  output: z.unknown().meta({ title: 'Output', description: 'The output of the other workflow.' }),
  // What is started is written down together with the end of this node, so it cannot be started twice.
  effect: 'pure',
  example: { input: { workflow: 'wf_invoices', input: { id: 4711 } }, output: { total: 99 } },
  run: it => child(it.workflow, it.input ?? null, it.wait),
})
