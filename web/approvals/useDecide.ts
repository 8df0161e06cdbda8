import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { approval, approvals, decide, execution } from '#executions/contract.ts'
import { Failure } from '../api.ts'
import { queries, useAct } from '../query.ts'
import { say } from '../ui/toasts.ts'

const TOUCHED = [approval, approvals, execution]

/** Decides. Where somebody else was faster, that is said, and the page shows it. */
export function useDecide() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const act = useAct(decide, {
    refresh: TOUCHED,
    quiet: true,
    done({ decision, executionId }) {
      const key = `approvals.done.${decision}` as 'approvals.done.approved'
      say(t(key))
      void navigate({ to: '/execution/$id', params: { id: executionId } })
    },
  })
  const send = (args: Parameters<typeof act.mutate>[0]) =>
    act.mutate(args, {
      onError(error) {
        if (!(error instanceof Failure) || error.code !== 'approval.decided') return
        say(t('approvals.late'), 'info')
        for (const { path } of TOUCHED) void queries.invalidateQueries({ queryKey: [path] })
      },
    })
  return { send, busy: act.isPending, error: act.error, wanted: act.variables?.body.decision ?? null }
}
