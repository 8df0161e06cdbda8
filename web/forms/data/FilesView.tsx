import { useQuery } from '@tanstack/react-query'
import { Download, File as FileIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { downloadFile } from '#uploads/contract.ts'
import { send } from '../../api.ts'
import { saveAs } from '../../save.ts'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { sizeOf } from '../../ui/time.ts'
import { say } from '../../ui/toasts.ts'
import { tell } from '../../words/tell.ts'
import { type FileValue, shownAs } from './kind.ts'
import { ProseView } from './ProseView.tsx'

/** Larger files are shown only when somebody asks for them. */
const AT_ONCE = 8 * 2 ** 20

/** Files, shown where the browser can show them, and to be kept. */
export function FilesView({ files }: { files: readonly FileValue[] }) {
  return (
    <ul className="grid min-w-0 grid-cols-1 gap-3">
      {files.map(file => (
        <li key={file.id} className="grid min-w-0 gap-2.5 rounded-xl border border-line bg-well p-3">
          <One file={file} />
        </li>
      ))}
    </ul>
  )
}

function One({ file }: { file: FileValue }) {
  const { t, i18n } = useTranslation()
  const kind = shownAs(file.type)
  const [wanted, setWanted] = useState(file.size <= AT_ONCE)
  const save = async () => {
    try {
      const response = await send(downloadFile, { params: { id: file.id } }, {})
      saveAs(file.name, await response.blob())
    } catch (error) {
      say(tell(error, t), 'danger')
    }
  }
  return (
    <>
      <div className="flex min-w-0 items-center gap-2.5">
        <FileIcon aria-hidden className="size-4 shrink-0 text-muted" />
        <div className="grid min-w-0 flex-1">
          <bdi className="truncate text-[0.8125rem] font-medium">{file.name}</bdi>
          <span className="text-xs text-muted">
            {file.type} · {sizeOf(file.size, i18n.language)}
          </span>
        </div>
        <Button
          size="tiny"
          variant="quiet"
          aria-label={t('files.downloadThis', { name: file.name })}
          icon={<Download aria-hidden className="size-4" />}
          onClick={() => void save()}
        />
      </div>
      {kind &&
        (wanted ? (
          <Inline file={file} kind={kind} />
        ) : (
          <Button size="small" onClick={() => setWanted(true)}>
            {t('data.show')}
          </Button>
        ))}
    </>
  )
}

/** The bytes come with the workspace of this tab, so they are fetched and shown from memory. */
function Inline({ file, kind }: { file: FileValue; kind: 'image' | 'audio' | 'video' | 'text' }) {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['bytes', file.id],
    queryFn: async ({ signal }) => (await send(downloadFile, { params: { id: file.id } }, { signal })).blob(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  })
  if (error) return <p className="text-xs text-danger">{tell(error, t)}</p>
  if (!data) return <Skeleton className="h-32 rounded-lg" />
  return <Bytes bytes={data} file={file} kind={kind} />
}

function Bytes({ bytes, file, kind }: { bytes: Blob; file: FileValue; kind: 'image' | 'audio' | 'video' | 'text' }) {
  const [address, setAddress] = useState<string | null>(null)
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    if (kind === 'text') {
      void bytes.text().then(setText)
      return
    }
    const made = URL.createObjectURL(new Blob([bytes], { type: file.type }))
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes, file.type, kind])
  if (text !== null) return <ProseView text={text} label={file.name} />
  if (address === null) return <Skeleton className="h-32 rounded-lg" />
  switch (kind) {
    case 'image':
      return (
        <img
          src={address}
          alt={file.name}
          className="max-h-96 max-w-full justify-self-start rounded-lg border border-line object-contain"
        />
      )
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: nobody has written captions for what a workflow made
      return <audio controls src={address} aria-label={file.name} className="w-full" />
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: nobody has written captions for what a workflow made
      return <video controls src={address} aria-label={file.name} className="max-h-96 w-full rounded-lg" />
    case 'text':
      return null
  }
}
