import { useTranslation } from 'react-i18next'
import { cancel, execution, executions, retry } from '#executions/contract.ts'
import { call } from '../api.ts'
import { queries, useAct } from '../query.ts'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { type Item, isOver } from './filter.ts'

const TOUCHED = [executions, execution]

/** Ends an execution, and says so. */
export function useCancel() {
  const { t } = useTranslation()
  return useAct(cancel, { refresh: TOUCHED, done: () => say(t('runs.cancelled')) })
}

/** How an execution is tried again. */
export type Again = { from: 'failed' | 'start'; version: 'same' | 'live' }

/** Tries an execution again. */
export function useRetry(done: (id: string) => void) {
  const { t } = useTranslation()
  return useAct(retry, {
    refresh: TOUCHED,
    done({ executionId }) {
      say(t('runs.retried'))
      done(executionId)
    },
  })
}

/** Which of these can be tried again or ended. */
export const actsFor = (items: readonly Item[]): { retry: Item[]; cancel: Item[] } => ({
  retry: items.filter(({ status }) => status === 'failed' || status === 'cancelled'),
  cancel: items.filter(({ status }) => !isOver(status)),
})

/** Does the same to many, a few at a time; answers how many it was done to and why it stopped working for the others. */
export function useMany() {
  const { t } = useTranslation()
  return async (act: 'retry' | 'cancel', items: readonly Item[]): Promise<void> => {
    const failures: unknown[] = []
    const left = [...items]
    const work = async () => {
      for (let item = left.shift(); item; item = left.shift()) {
        const params = { id: item.id }
        await (act === 'cancel' ? call(cancel, { params }) : call(retry, { params, body: {} })).catch(error =>
          failures.push(error),
        )
      }
    }
    await Promise.all([work(), work(), work(), work()])
    await Promise.all(TOUCHED.map(({ path }) => queries.invalidateQueries({ queryKey: [path] })))
    const count = items.length - failures.length
    if (count > 0) say(t(act === 'cancel' ? 'runs.manyCancelled' : 'runs.manyRetried', { count }))
    if (failures.length > 0) say(t('runs.manyFailed', { count: failures.length }), 'danger', tell(failures[0], t))
  }
}
