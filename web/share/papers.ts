import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { submitFile } from '#triggers/pages/contract.ts'
import { callWith } from '../api.ts'
import { tell } from '../words/tell.ts'
import type { Paper } from './check.ts'

type Options = {
  at: string
  token: string | undefined
  /** Told of each file that sets out, with 1, and of each that arrived or did not, with -1. */
  underway?: (change: 1 | -1) => void
}

/** Sends files for a form, one after the other; `busy` names the one on its way. */
export function usePapers({ at, token, underway }: Options) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState<string>()
  const [failure, setFailure] = useState<string>()
  const line = useRef(Promise.resolve())

  const one = async (file: File, add: (paper: Paper) => void) => {
    setBusy(file.name)
    try {
      const body = new FormData()
      if (token) body.append('token', token)
      body.append('file', file)
      const { file: reference, name, size } = await callWith(submitFile, { params: { key: at } }, { form: body })
      add({ file: reference, name, size })
    } catch (error) {
      setFailure(`${file.name}: ${tell(error, t)}`)
    } finally {
      setBusy(undefined)
      underway?.(-1)
    }
  }

  const send = (files: Iterable<File>, add: (paper: Paper) => void) => {
    setFailure(undefined)
    for (const file of files) {
      underway?.(1)
      line.current = line.current.then(() => one(file, add))
    }
  }
  return { busy, failure, send }
}
