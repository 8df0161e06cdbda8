import { useEffect, useRef, useState } from 'react'
import { submit } from '#triggers/pages/contract.ts'
import { call, Failure } from '../api.ts'
import { keep, recall } from '../keep.ts'
import type { Paper } from './check.ts'
import { byChance, follow } from './run.ts'
import { historyOf, newTalk, readTalk, type Said, saying, type Talk, withSaid } from './talk.ts'

type Options = { at: string; token: string | undefined; locked: () => void }

/** A conversation of this tab: what was said, and saying more. Each thing that is said starts the workflow. */
export function useConversation({ at, token, locked }: Options) {
  const name = `chat.${at}`
  const [talk, setTalk] = useState<Talk>(() => readTalk(recall(name, 'session')) ?? newTalk(byChance()))
  const now = useRef(talk)
  const over = useRef(new AbortController())
  const followed = useRef(new Set<string>())

  const set = (next: Talk) => {
    now.current = next
    keep(name, JSON.stringify(next), 'session')
    setTalk(next)
  }
  const change = (id: string, part: Partial<Said>) => set(withSaid(now.current, id, part))

  const listen = async (id: string, run: string) => {
    if (followed.current.has(run)) return
    followed.current.add(run)
    const { signal } = over.current
    try {
      const end = await follow(run, { status: () => {}, text: text => change(id, { answer: text }), signal })
      if (!end || signal.aborted) return
      const done = { follow: null, state: 'answered' as const, answer: end.text ?? '', output: end.output }
      change(id, end.status === 'completed' ? done : { follow: null, state: 'failed', number: end.id })
    } catch {
      // What cannot be followed any more can only be asked again.
      if (!signal.aborted) change(id, { follow: null, state: 'failed', number: null })
    }
  }

  const post = async ({ id, text, files }: Pick<Said, 'id' | 'text' | 'files'>) => {
    const { signal } = over.current
    const history = historyOf(now.current, id)
    const values = {
      message: text,
      ...(files.length > 0 ? { files: files.map(one => one.file) } : {}),
      ...(history.length > 0 ? { history } : {}),
    }
    const body = { values, submission: id, conversation: now.current.conversation, ...(token ? { token } : {}) }
    try {
      const sent = await call(submit, { params: { key: at }, body })
      if (signal.aborted) return
      change(id, { state: 'working', follow: sent.follow })
      await listen(id, sent.follow)
    } catch (error) {
      if (signal.aborted) return
      change(id, { state: 'unsent' })
      if (error instanceof Failure && error.code === 'form.locked') locked()
    }
  }

  const say = (text: string, files: readonly Paper[]) => {
    const it = { id: byChance(), text, files: [...files] }
    set(saying(now.current, it))
    void post(it)
  }

  /** What did not arrive is sent again as the same; what arrived and failed is said anew. */
  const again = (said: Said) => {
    const id = said.state === 'unsent' ? said.id : byChance()
    set(withSaid(now.current, said.id, { id, state: 'sending', answer: '', number: null }))
    void post({ ...said, id })
  }

  const restart = () => {
    over.current.abort()
    over.current = new AbortController()
    set(newTalk(byChance()))
  }

  // What was being answered when the page was loaded anew is followed on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page begins
  useEffect(() => {
    const mine = new AbortController()
    over.current = mine
    followed.current.clear()
    for (const { id, state, follow: run } of now.current.said) if (state === 'working' && run) void listen(id, run)
    return () => mine.abort()
  }, [])

  return { talk, say, again, restart }
}
