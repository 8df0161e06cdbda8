import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import type { Upload } from './uploads.ts'

/** What is on its way to the server. */
export function Underway({ uploads }: { uploads: readonly Upload[] }) {
  const { t } = useTranslation()
  if (uploads.length === 0) return null
  return (
    <ul aria-label={t('files.uploading')} className="card grid divide-y divide-line">
      {uploads.map(({ id, name, share, stop }) => (
        <li key={id} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 px-5 py-3.5">
          <bdi className="truncate text-[0.8125rem] font-medium">{name}</bdi>
          <Button size="tiny" variant="quiet" aria-label={t('files.stop', { name })} onClick={stop}>
            <X aria-hidden className="size-4" />
          </Button>
          <progress
            value={share}
            max={1}
            aria-label={t('files.sum', { name })}
            className="col-span-2 h-1.5 w-full overflow-hidden rounded-full bg-press [&::-webkit-progress-bar]:bg-transparent [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
          />
        </li>
      ))}
    </ul>
  )
}
