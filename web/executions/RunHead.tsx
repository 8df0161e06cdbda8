import { Link, useNavigate } from '@tanstack/react-router'
import { Ban, GitCompareArrows, GitFork, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cancel as cancelContract, type execution } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import type { Drawing } from '../canvas/drawing.ts'
import { costText } from '../canvas/took.ts'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Copy } from '../ui/Copy.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { Time } from '../ui/Time.tsx'
import { spoken } from '../words/words.ts'
import { type Again, useCancel, useRetry } from './acts.ts'
import { CompareWith } from './CompareWith.tsx'
import { Fork } from './Fork.tsx'
import { isOver, type Status as Phase } from './filter.ts'
import { costOf, spanOf } from './phase.ts'
import { startWord } from './Row.tsx'
import { Status } from './Status.tsx'
import { dollarsOf } from './states.ts'
import { Took } from './Took.tsx'
import type { Sight } from './watch.ts'

type Props = {
  execution: Reply<typeof execution>
  drawing: Drawing
  sight: Sight
  status: Phase
  onGoOn: () => void
}

/** What ran, how it stands, and what can be done with it. */
export function RunHead({ execution, drawing, sight, status, onGoOn }: Props) {
  const { t } = useTranslation()
  const { id, workflowId, version, trigger, createdAt, forkedFrom } = execution
  const [open, setOpen] = useState<'fork' | 'compare' | 'cancel' | null>(null)
  const why = useWhy(cancelContract)
  const cancel = useCancel()
  const cost = dollarsOf(costOf(sight.events))
  const shut = () => setOpen(null)
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3">
      <div className="grid min-w-0 flex-1 basis-72 gap-1">
        <div className="flex min-w-0 items-center gap-3">
          <h1 className="truncate text-base" dir="auto">
            {drawing.name}
          </h1>
          <span role="status">
            <Status status={status} />
          </span>
        </div>
        <p className="flex flex-wrap gap-x-2 gap-y-0.5 text-xs text-muted">
          <Link to="/executions" search={{ workflow: workflowId }} className="text-accent hover:underline">
            {t('runs.allOf')}
          </Link>
          <span>{version === null ? t('runs.draft') : t('runs.version', { version })}</span>
          <span>{startWord(trigger, t)}</span>
          <Time at={createdAt} />
          <Took of={spanOf(sight.events)} />
          {cost === null ? <span>{t('canvas.costUnknown')}</span> : cost > 0 && <span>{costText(cost, spoken())}</span>}
          {forkedFrom && (
            <Link to="/execution/$id" params={{ id: forkedFrom }} className="text-accent hover:underline">
              {t('runs.forkedFrom')}
            </Link>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Copy text={location.href} label={t('runs.copyLink')} />
        <Button size="small" icon={<GitCompareArrows aria-hidden className="size-4" />} onClick={() => setOpen('compare')}>
          {t('runs.compare')}
        </Button>
        <Button size="small" why={why} icon={<GitFork aria-hidden className="size-4" />} onClick={() => setOpen('fork')}>
          {t('runs.fork')}
        </Button>
        {isOver(status) ? (
          <RetryMenu id={id} status={status} why={why} onGoOn={onGoOn} />
        ) : (
          <Button
            size="small"
            variant="danger"
            why={why}
            busy={cancel.isPending}
            icon={<Ban aria-hidden className="size-4" />}
            onClick={() => setOpen('cancel')}
          >
            {t('runs.cancel')}
          </Button>
        )}
      </div>
      {open === 'fork' && <Fork execution={execution} drawing={drawing} onClose={shut} />}
      {open === 'compare' && <CompareWith execution={execution} onClose={shut} />}
      <Confirm
        open={open === 'cancel'}
        onClose={shut}
        title={t('runs.askCancelOne', { name: drawing.name })}
        about={t('runs.askCancelAbout')}
        act={t('runs.cancel')}
        busy={cancel.isPending}
        onAct={() => cancel.mutate({ params: { id } }, { onSuccess: shut })}
      />
    </header>
  )
}

type RetryProps = { id: string; status: Phase; why: string | undefined; onGoOn: () => void }

function RetryMenu({ id, status, why, onGoOn }: RetryProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const retry = useRetry(made => (made === id ? onGoOn() : void navigate({ to: '/execution/$id', params: { id: made } })))
  const icon = <RotateCw aria-hidden className="size-4" />
  const again = (body: Again) => retry.mutate({ params: { id }, body })
  if (why !== undefined)
    return (
      <Button size="small" why={why} icon={icon}>
        {t('runs.retry')}
      </Button>
    )
  return (
    <Menu
      trigger={
        <Button size="small" busy={retry.isPending} icon={icon}>
          {t('runs.retry')}
        </Button>
      }
    >
      {status !== 'completed' && (
        <>
          <MenuItem onSelect={() => again({ from: 'failed', version: 'same' })}>{t('runs.retryFailed')}</MenuItem>
          <MenuItem onSelect={() => again({ from: 'failed', version: 'live' })}>{t('runs.retryFailedLive')}</MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem onSelect={() => again({ from: 'start', version: 'same' })}>{t('runs.retryStart')}</MenuItem>
      <MenuItem onSelect={() => again({ from: 'start', version: 'live' })}>{t('runs.retryStartLive')}</MenuItem>
    </Menu>
  )
}
