import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileBox, Search, Upload as UploadIcon } from 'lucide-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { files, uploadFile } from '#uploads/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { Title } from '../frame/Title.tsx'
import { pages } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { classes } from '../ui/classes.ts'
import { Empty } from '../ui/Empty.tsx'
import { Input } from '../ui/Input.tsx'
import { Segments } from '../ui/Segments.tsx'
import { FileTable } from './FileTable.tsx'
import { Underway } from './Underway.tsx'
import { useUploads } from './uploads.ts'

const route = getRouteApi('/inside/files')

/** The files of the workspace. */
export function Files() {
  const { t } = useTranslation()
  const { bucket = 'uploads', q } = route.useSearch()
  const navigate = route.useNavigate()
  const why = useWhy(uploadFile)
  const { uploads, send } = useUploads()
  const chooser = useRef<HTMLInputElement>(null)
  const list = useInfiniteQuery(pages(files, { bucket, ...(q ? { q } : {}) }))
  const choose = (
    <Button
      variant="primary"
      icon={<UploadIcon aria-hidden className="size-4" />}
      why={why}
      onClick={() => chooser.current?.click()}
    >
      {t('files.upload')}
    </Button>
  )
  return (
    <Drop why={why} onDrop={send}>
      <Title>{t('places.files')}</Title>
      <Head title={t('places.files')} about={t('files.about')} action={choose} />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t('files.drop')}
        onChange={event => {
          send(event.target.files ?? [])
          event.target.value = ''
        }}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Segments
          label={t('files.bucket')}
          value={bucket}
          choices={[
            { value: 'uploads', label: t('files.buckets.uploads') },
            { value: 'generated', label: t('files.buckets.generated') },
          ]}
          onChange={next =>
            void navigate({ search: { ...(next === 'generated' ? { bucket: next } : {}), ...(q ? { q } : {}) }, replace: true })
          }
        />
        <Find
          value={q ?? ''}
          onChange={next =>
            void navigate({
              search: { ...(bucket === 'generated' ? { bucket } : {}), ...(next ? { q: next } : {}) },
              replace: true,
            })
          }
        />
      </div>
      <Underway uploads={uploads} />
      <Card flush>
        <Pages
          list={list}
          empty={
            <Empty icon={<FileBox />} title={q ? t('files.noneFound') : t('files.none')}>
              {q ? t('files.noneFoundAbout') : bucket === 'generated' ? t('files.noneGenerated') : t('files.noneAbout')}
            </Empty>
          }
        >
          {items => <FileTable items={items} />}
        </Pages>
      </Card>
    </Drop>
  )
}

/** Typing does not ask the server at every letter. */
const PAUSE = 300

function Find({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => latest.current(typed), PAUSE)
    return () => clearTimeout(timer)
  }, [typed, value])
  return (
    <search className="relative w-full sm:w-64">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
      <Input
        type="search"
        aria-label={t('files.find')}
        placeholder={t('files.find')}
        maxLength={200}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        className="pl-9"
      />
    </search>
  )
}

type DropProps = { why: string | undefined; onDrop: (list: Iterable<File>) => void; children: React.ReactNode }

/** The whole screen takes files that are dropped on it. */
function Drop({ why, onDrop, children }: DropProps) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const drag = (event: DragEvent) => {
    if (why || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const leave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null)) setOver(false)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!why) onDrop(event.dataTransfer.files)
  }
  return (
    <section aria-label={t('places.files')} onDragOver={drag} onDragLeave={leave} onDrop={drop} className="relative grid gap-6">
      {children}
      <div
        aria-hidden
        className={classes(
          'glass pointer-events-none absolute -inset-3 z-10 grid place-items-center rounded-2xl border-2 border-dashed border-accent/60 transition-opacity',
          over ? 'opacity-100' : 'opacity-0',
        )}
      >
        <p className="grid justify-items-center gap-2 text-base font-medium">
          <UploadIcon className="size-6 text-accent" />
          {t('files.drop')}
        </p>
      </div>
    </section>
  )
}
