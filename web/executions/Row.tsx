import { Link } from '@tanstack/react-router'
import i18next, { type TFunction } from 'i18next'
import { Ban, RotateCw } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { Time } from '../ui/Time.tsx'
import { type Item, isOver } from './filter.ts'
import { Status } from './Status.tsx'
import { Took } from './Took.tsx'

/** What started an execution, in a word. */
export function startWord(start: string, t: TFunction): string {
  const key = `runs.starts.${start}`
  return i18next.exists(key) ? t(key as 'runs.starts.api') : start
}

type Props = {
  item: Item
  name: string
  picked: boolean
  why: string | undefined
  onPick: (id: string) => void
  onCancel: (id: string) => void
  onRetry: (id: string) => void
}

/** The columns of the list; on small screens two lines. */
export const COLUMNS =
  'grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 md:grid-cols-[2rem_8rem_minmax(0,1fr)_7rem_6rem_8rem_3rem]'

/** An execution in the list. */
export const Row = memo(function Row({ item, name, picked, why, onPick, onCancel, onRetry }: Props) {
  const { t } = useTranslation()
  const { id, status, error } = item
  const again = status === 'failed' || status === 'cancelled'
  return (
    <div className={classes(COLUMNS, 'h-full border-b border-line transition-colors hover:bg-hover', picked && 'bg-hover')}>
      <span className="flex">
        <input
          type="checkbox"
          aria-label={t('runs.pick', { name, id })}
          checked={picked}
          onChange={() => onPick(id)}
          className="size-4 accent-accent pointer-coarse:size-6"
        />
      </span>
      <span className="max-md:order-last max-md:col-start-2">
        <Status status={status} />
      </span>
      <span className="grid min-w-0">
        <Link
          data-run
          to="/execution/$id"
          params={{ id }}
          className="truncate rounded text-sm font-medium hover:text-accent"
          dir="auto"
        >
          {name}
        </Link>
        <span className="truncate text-xs text-muted" dir="auto" title={error?.message}>
          {error && status === 'failed' ? error.message : progressOf(item, t)}
        </span>
      </span>
      <span className="truncate text-xs text-muted max-md:hidden">{startWord(item.trigger, t)}</span>
      <span className="text-right text-xs text-muted max-md:hidden">
        <Took of={item} />
      </span>
      <span className="text-right text-xs text-muted max-md:order-last max-md:col-start-3">
        <Time at={item.createdAt} />
      </span>
      <span className="flex justify-end max-md:row-start-1 max-md:col-start-3">
        {again && (
          <Button
            size="tiny"
            variant="quiet"
            why={why}
            aria-label={t('runs.retryThis', { name })}
            title={t('runs.retry')}
            icon={<RotateCw aria-hidden className="size-4" />}
            onClick={() => onRetry(id)}
          />
        )}
        {!isOver(status) && (
          <Button
            size="tiny"
            variant="quiet"
            why={why}
            aria-label={t('runs.cancelThis', { name })}
            title={t('runs.cancel')}
            icon={<Ban aria-hidden className="size-4" />}
            onClick={() => onCancel(id)}
          />
        )}
      </span>
    </div>
  )
})

function progressOf({ version, completedNodes, totalNodes, currentNode, status }: Item, t: TFunction): string {
  const which = version === null ? t('runs.draft') : t('runs.version', { version })
  const steps = t('runs.progress', { done: completedNodes, all: totalNodes })
  return [which, steps, isOver(status) ? null : currentNode].filter(Boolean).join(' · ')
}
