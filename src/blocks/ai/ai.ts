import { defineConnector } from '#sdk/define.ts'
import { agent } from './agent.ts'
import { chat } from './chat.ts'
import { classify } from './classify.ts'
import { embed } from './embed.ts'
import { extract } from './extract.ts'
import { image } from './image.ts'
import { moderate } from './moderate.ts'
import { CREDENTIALS } from './params.ts'
import { summarize } from './summarize.ts'
import { translate } from './translate.ts'
import { write } from './write.ts'

/** Asks models of any provider. */
export default defineConnector({
  id: 'ai',
  title: 'AI',
  about: 'Writes, reads, judges, translates, draws and works on tasks with models of any provider.',
  credentials: CREDENTIALS,
  blocks: [write, chat, extract, classify, summarize, translate, moderate, image, embed, agent],
})
