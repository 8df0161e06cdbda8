import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { submit } from '#triggers/pages/contract.ts'
import { call, Failure } from '../api.ts'
import { holdDraft } from '../session.ts'
import { tell } from '../words/tell.ts'
import { type Entered, type Field, startOf, valuesOf, type Wrong, wrongWith } from './check.ts'
import { byChance } from './run.ts'

type Options = {
  at: string
  token: string | undefined
  fields: readonly Field[]
  sent: (follow: string) => void
  locked: () => void
}

const startAll = (fields: readonly Field[]) => Object.fromEntries(fields.map(field => [field.name, startOf(field)]))

/** What somebody fills into a form: what is entered, what is wrong with it, and sending it. */
export function useEntry({ at, token, fields, sent, locked }: Options) {
  const { t } = useTranslation()
  const id = useId()
  const self = useRef({})
  const submission = useRef(byChance())
  const [entered, setEntered] = useState<Record<string, Entered>>(() => startAll(fields))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [underway, setUnderway] = useState(0)

  useEffect(() => {
    const form = self.current
    return () => holdDraft(form, false)
  }, [])

  const words = ({ word, count = 0 }: Wrong) => t(`share.wrong.${word}`, { count })
  const show = (found: Record<string, string>) => {
    setErrors(found)
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-form="${id}"] [aria-invalid="true"]`)?.focus())
  }

  const enter = (name: string, value: Entered | ((before: Entered) => Entered)) => {
    holdDraft(self.current, true)
    setEntered(before => ({ ...before, [name]: typeof value === 'function' ? value(before[name] ?? '') : value }))
    setErrors(({ [name]: _gone, ...others }) => others)
  }

  const refused = (error: unknown) => {
    if (error instanceof Failure && error.code === 'form.locked') return locked()
    const found: Record<string, string> = {}
    for (const { path, message } of error instanceof Failure ? error.details : []) {
      const name = path.replace(/^body\.values\./, '').split('.')[0] ?? ''
      if (fields.some(field => field.name === name)) found[name] ??= message
    }
    if (Object.keys(found).length > 0) show(found)
    else setFailure(tell(error, t))
  }

  const send = async () => {
    const wrong = fields.flatMap(field => {
      const found = wrongWith(field, entered[field.name] ?? startOf(field))
      return found ? [[field.name, words(found)] as const] : []
    })
    setFailure(undefined)
    if (wrong.length > 0) return show(Object.fromEntries(wrong))
    setBusy(true)
    try {
      const body = { values: valuesOf(fields, entered), submission: submission.current, ...(token ? { token } : {}) }
      const { follow } = await call(submit, { params: { key: at }, body })
      holdDraft(self.current, false)
      sent(follow)
    } catch (error) {
      refused(error)
    } finally {
      setBusy(false)
    }
  }

  return {
    entered,
    errors,
    failure,
    /** What is on its way is waited for: an answer without the file that was chosen for it would be another. */
    busy: busy || underway > 0,
    enter,
    underway: (change: 1 | -1) => setUnderway(count => count + change),
    form: {
      'data-form': id,
      noValidate: true,
      onSubmit: (event: { preventDefault: () => void }) => {
        event.preventDefault()
        if (!busy && underway === 0) void send()
      },
    },
  }
}
