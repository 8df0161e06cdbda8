import { defineConnector } from '#sdk/define.ts'
import { api } from './api.ts'
import { approve } from './approve.ts'
import { callback } from './callback.ts'
import { code } from './code.ts'
import { forEach } from './foreach.ts'
import { group } from './group.ts'
import { either } from './if.ts'
import { manual } from './manual.ts'
import { merge } from './merge.ts'
import { note } from './note.ts'
import { repeat } from './repeat.ts'
import { respond } from './respond.ts'
import { set } from './set.ts'
import { end } from './stop.ts'
import { choose } from './switch.ts'
import { wait } from './wait.ts'
import { workflow } from './workflow.ts'

/** What every workflow is made of: ways to start, to branch, to repeat, to wait and to end. */
export default defineConnector({
  id: 'core',
  title: 'Flow',
  about: 'Starts, branches, loops, waits and ends.',
  blocks: [
    manual,
    api,
    either,
    choose,
    merge,
    forEach,
    repeat,
    group,
    wait,
    approve,
    callback,
    workflow,
    respond,
    end,
    set,
    code,
    note,
  ],
})
