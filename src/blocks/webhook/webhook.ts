import { defineConnector } from '#sdk/define.ts'
import { receive } from './receive.ts'

/** Starts by calls from outside. */
export default defineConnector({
  id: 'webhook',
  title: 'Webhooks',
  about: 'Starts when another program calls.',
  blocks: [receive],
})
