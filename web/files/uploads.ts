import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { files } from '#uploads/contract.ts'
import { Failure } from '../api.ts'
import { queries } from '../query.ts'
import { meet } from '../session.ts'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { sendFile } from './send.ts'

/** A file on its way to the server. */
export type Upload = { id: number; name: string; share: number; stop: () => void }

/** Sends files one after the other and keeps the list of those on their way. */
export function useUploads(): { uploads: readonly Upload[]; send: (list: Iterable<File>) => void } {
  const { t } = useTranslation()
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const next = useRef(0)
  const line = useRef(Promise.resolve())

  const one = async (id: number, file: File, over: AbortController) => {
    if (over.signal.aborted) return
    try {
      const { name } = await sendFile(file, {
        signal: over.signal,
        progress: share => setUploads(list => list.map(upload => (upload.id === id ? { ...upload, share } : upload))),
      })
      say(t('files.uploaded', { name }))
      await queries.invalidateQueries({ queryKey: [files.path] })
    } catch (error) {
      if (over.signal.aborted) return
      if (error instanceof Failure) meet(error)
      say(file.name, 'danger', tell(error, t))
    } finally {
      setUploads(list => list.filter(upload => upload.id !== id))
    }
  }

  const send = (list: Iterable<File>) => {
    for (const file of list) {
      const id = next.current++
      const over = new AbortController()
      const stop = () => {
        over.abort()
        setUploads(now => now.filter(upload => upload.id !== id))
      }
      setUploads(now => [...now, { id, name: file.name, share: 0, stop }])
      line.current = line.current.then(() => one(id, file, over))
    }
  }
  return { uploads, send }
}
