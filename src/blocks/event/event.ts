import { defineConnector } from '#sdk/define.ts'
import { emit } from './emit.ts'
import { on } from './on.ts'

/** What happens in the workspace: to start by it, and to let something happen. */
export default defineConnector({
  id: 'event',
  title: 'Events',
  about: 'Starts when something happens in the workspace, and tells of something of one’s own.',
  blocks: [on, emit],
})
