import { defineConnector } from '#sdk/define.ts'
import { send } from './send.ts'

/** Sends mail. */
export default defineConnector({
  id: 'email',
  title: 'E-mail',
  about: 'Sends mail, by your own mail server or by that of the installation.',
  blocks: [send],
})
