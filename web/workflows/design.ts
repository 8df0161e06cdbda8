import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { generateWorkflow } from '#workflows/suggest/contract.ts'
import { Failure, send } from '../api.ts'
import { listener } from '../live.ts'
import { meet } from '../session.ts'
import { tell } from '../words/tell.ts'
import { BEGIN, type Story, told } from './story.ts'

/** A workflow that a model has made of a sentence. */
export type Made = Reply<typeof generateWorkflow>

const timezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Has a workflow designed, and tells how far it has come. */
export function useDesign() {
  const { t } = useTranslation()
  const [story, setStory] = useState<Story | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const under = useRef<AbortController | null>(null)
  useEffect(() => () => under.current?.abort(), [])

  const back = () => {
    under.current?.abort()
    under.current = null
    setStory(null)
    setMade(null)
    setProblem(null)
  }

  const finish = (end: Story) => {
    const read = generateWorkflow.reply.safeParse(end.made)
    setStory(null)
    if (read.success) setMade(read.data)
    else setProblem(end.problem ?? t(end.is === 'failed' ? 'errors.unknown' : 'workflows.brokeOff'))
  }

  const ask = async (prompt: string) => {
    back()
    const controller = new AbortController()
    under.current = controller
    setStory(BEGIN)
    let now = BEGIN
    try {
      const body = { prompt, timezone: timezone() }
      const response = await send(
        generateWorkflow,
        { body },
        { signal: controller.signal, headers: { accept: 'text/event-stream' } },
      )
      const cut = listener()
      const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        now = cut(piece.value).reduce(told, now)
        setStory(now)
      }
      finish(now)
    } catch (error) {
      if (controller.signal.aborted) return
      if (error instanceof Failure) meet(error)
      setStory(null)
      setProblem(error instanceof Failure ? tell(error, t) : t('workflows.brokeOff'))
    }
  }

  return { story, made, problem, busy: story !== null, ask: (prompt: string) => void ask(prompt), back }
}
