import { useMutation } from '@tanstack/react-query'
import { type ChangeEvent, type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { Failure } from './api.ts'
import { type Problem, type Problems, problemsFrom, problemsOf } from './form.ts'
import { holdDraft } from './session.ts'
import { tell } from './words/tell.ts'

type Options<T, R> = {
  start: T
  /** What the call takes; checked before anything is sent. */
  schema: z.ZodType
  /** What is checked and sent, where it is not the values as they are. */
  shape?: (values: T) => unknown
  send: (values: T) => Promise<R>
  done: (reply: R, values: T) => void
  /** Takes care of a failure; true when there is nothing left to say about it. */
  caught?: (failure: Failure, values: T) => boolean
}

/** A form: what is entered, what is wrong with it, and sending it. */
export function useDraft<T extends Record<string, string>, R>({ start, schema, shape, send, done, caught }: Options<T, R>) {
  const { t } = useTranslation()
  const id = useId()
  const self = useRef({})
  const [values, setValues] = useState(start)
  const [problems, setProblems] = useState<Problems>({})
  const [failure, setFailure] = useState<string>()

  useEffect(() => {
    const form = self.current
    return () => holdDraft(form, false)
  }, [])

  const focusWrong = () =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-form="${id}"] [aria-invalid="true"]`)?.focus())

  const sending = useMutation({
    mutationFn: send,
    onSuccess: (reply, sent) => {
      holdDraft(self.current, false)
      done(reply, sent)
    },
    onError: (error, sent) => {
      if (!(error instanceof Failure)) return setFailure(tell(error, t))
      if (caught?.(error, sent)) return
      const found = problemsFrom(error.details)
      setProblems(found)
      // What names no field of this form is told as a whole.
      if (!Object.keys(found).some(name => name in values)) setFailure(tell(error, t))
      else focusWrong()
    },
  })

  const set = <K extends keyof T & string>(name: K, value: T[K]) => {
    holdDraft(self.current, true)
    setValues(before => ({ ...before, [name]: value }))
    setProblems(({ [name]: _gone, ...others }) => others)
  }

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (sending.isPending) return
    const found = problemsOf(schema, shape ? shape(values) : values)
    setProblems(found)
    setFailure(undefined)
    if (Object.keys(found).length === 0) sending.mutate(values)
    else focusWrong()
  }

  const words = (problem: Problem | undefined) => {
    if (!problem) return undefined
    if ('text' in problem) return problem.text
    return t(`form.${problem.word}`, { count: problem.count ?? 0 })
  }

  return {
    values,
    set,
    submit,
    failure,
    busy: sending.isPending,
    problem: (name: keyof T & string) => words(problems[name]),
    reset: (next: T = start) => {
      holdDraft(self.current, false)
      setValues(next)
      setProblems({})
      setFailure(undefined)
    },
    /** For the form element. */
    form: { 'data-form': id, onSubmit: submit, noValidate: true },
    /** For an input of this name. */
    bind: <K extends keyof T & string>(name: K) => ({
      name,
      value: values[name],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(name, event.target.value as T[K]),
    }),
  }
}
