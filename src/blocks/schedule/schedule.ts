import { defineConnector } from '#sdk/define.ts'
import { cron } from './cron.ts'

/** Starts by the clock. */
export default defineConnector({
  id: 'schedule',
  title: 'Schedules',
  about: 'Starts at times that are known beforehand.',
  blocks: [cron],
})
