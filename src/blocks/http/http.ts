import { defineConnector } from '#sdk/define.ts'
import { request } from './request.ts'

/** Calls any service that speaks HTTP. */
export default defineConnector({
  id: 'http',
  title: 'HTTP',
  about: 'Calls any service that has an API or an address.',
  blocks: [request],
})
