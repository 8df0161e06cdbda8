import { useMutation } from '@tanstack/react-query'
import { Download, FileArchive, FileAudio, File as FileIcon, FileImage, FileText, FileVideo } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { deleteFile, downloadFile, files } from '#uploads/contract.ts'
import { send } from '../api.ts'
import { useWhy } from '../frame/me.ts'
import { useNames } from '../frame/people.ts'
import { useAct } from '../query.ts'
import { saveAs } from '../save.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { type Column, Table } from '../ui/Table.tsx'
import { Time } from '../ui/Time.tsx'
import { sizeOf } from '../ui/time.ts'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'

type Item = Reply<typeof files>['items'][number]

const ICONS: [RegExp, typeof FileIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/zip|tar|gzip|compressed/, FileArchive],
  [/^text\/|pdf|json|document/, FileText],
]

/** The files, one to a line. */
export function FileTable({ items }: { items: Item[] }) {
  const { t, i18n } = useTranslation()
  const [removing, setRemoving] = useState<Item>()
  const why = useWhy(deleteFile)
  const nameOf = useNames()
  const columns: Column<Item>[] = [
    {
      name: 'name',
      head: t('files.name'),
      lead: true,
      cell: file => {
        const Icon = ICONS.find(([pattern]) => pattern.test(file.type))?.[1] ?? FileIcon
        return (
          <div className="flex min-w-0 items-center gap-3">
            <Icon aria-hidden className="size-5 shrink-0 text-muted" />
            <div className="grid min-w-0 gap-0.5">
              <bdi className="line-clamp-2 text-left font-medium" title={file.name}>
                {file.name}
              </bdi>
              <code className="truncate text-xs text-muted">{file.type}</code>
            </div>
          </div>
        )
      },
    },
    {
      name: 'size',
      head: t('files.size'),
      cell: file => <span className="whitespace-nowrap tabular-nums">{sizeOf(file.size, i18n.language)}</span>,
    },
    { name: 'by', head: t('files.by'), cell: file => <bdi>{nameOf(file.createdBy)}</bdi> },
    { name: 'when', head: t('files.when'), cell: file => <Time at={file.createdAt} /> },
    {
      name: 'do',
      head: t('ui.actions'),
      end: true,
      cell: file => (
        <div className="flex gap-2">
          <Take file={file} />
          <Button
            size="small"
            variant="danger"
            why={why}
            aria-label={t('files.deleteThis', { name: file.name })}
            onClick={() => setRemoving(file)}
          >
            {t('ui.delete')}
          </Button>
        </div>
      ),
    },
  ]
  return (
    <>
      <Table label={t('places.files')} rows={items} columns={columns} keyOf={file => file.id} />
      {removing && <Remove file={removing} onClose={() => setRemoving(undefined)} />}
    </>
  )
}

function Take({ file }: { file: Item }) {
  const { t } = useTranslation()
  const taking = useMutation({
    mutationFn: async () => saveAs(file.name, await (await send(downloadFile, { params: { id: file.id } }, {})).blob()),
    onError: error => say(tell(error, t), 'danger'),
  })
  return (
    <Button
      size="small"
      icon={<Download aria-hidden className="size-4" />}
      busy={taking.isPending}
      aria-label={t('files.downloadThis', { name: file.name })}
      onClick={() => taking.mutate()}
    >
      {t('ui.download')}
    </Button>
  )
}

function Remove({ file, onClose }: { file: Item; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useAct(deleteFile, {
    refresh: [files],
    quiet: true,
    done: () => {
      onClose()
      say(t('files.deleted', { name: file.name }))
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('files.ask', { name: file.name })}
      about={t('files.askAbout')}
      act={t('ui.delete')}
      busy={remove.isPending}
      problem={remove.error ? tell(remove.error, t) : undefined}
      onAct={() => remove.mutate({ params: { id: file.id } })}
    />
  )
}
