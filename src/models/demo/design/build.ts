import {
  approve,
  check,
  classify,
  each,
  extract,
  fetch,
  mail,
  pause,
  post,
  respond,
  summarise,
  translate,
  write,
} from './make.ts'
import { type Desk, put, say } from './parts.ts'
import type { Step } from './steps.ts'
import type { Begin } from './when.ts'

/** Puts the trigger. `asks` says whether a person is to give a text. */
export function begin(
  desk: Desk,
  it: Begin,
  { asks, number, answers }: { asks: boolean; number: string | null; answers: boolean },
): void {
  const name = (english: string, german: string) => say(desk, english, german)
  if (it.is === 'schedule' || it.is === 'every') {
    const params = it.is === 'schedule' ? { cron: it.cron, timezone: desk.brief.zone } : { every: it.every }
    put(desk, 'clock', 'schedule.cron', name('On time', 'Zur festen Zeit'), params)
  } else if (it.is === 'hook') {
    put(desk, 'hook', 'webhook.receive', name('When it is called', 'Bei einem Aufruf'), answers ? { reply: 'respond' } : {})
    given(desk, 'trigger.body', asks)
  } else if (it.is === 'event') {
    put(desk, 'heard', 'event.on', name('When it happens', 'Wenn es passiert'), { event: it.event })
    desk.text = '{{ trigger.data }}'
    desk.data = 'trigger.data'
  } else {
    const share =
      it.is === 'form'
        ? { share: { as: 'form', result: 'output' } }
        : it.is === 'chat'
          ? { share: { as: 'chat', result: 'output' } }
          : {}
    const text = { name: 'text', title: name('Text', 'Text'), type: 'longtext', required: true }
    const count = number === null ? [] : [{ name: number, title: number, type: 'number', required: true }]
    const fields = it.is === 'chat' ? [] : [...(asks || it.is === 'form' ? [text] : []), ...count]
    put(desk, 'start', 'manual.start', name('Start', 'Start'), { ...(fields.length > 0 ? { fields } : {}), ...share })
    if (it.is === 'chat') desk.text = '{{ trigger.message }}'
    else given(desk, 'trigger', asks || it.is === 'form')
    desk.isText = true
  }
}

function given(desk: Desk, data: string, asks: boolean): void {
  desk.data = data
  if (!asks) return
  desk.text = `{{ ${data}.text }}`
  desk.isText = true
}

/** Puts one step. */
export function step(desk: Desk, it: Step): void {
  switch (it.is) {
    case 'fetch':
      fetch(desk, it)
      break
    case 'each':
      each(desk)
      break
    case 'extract':
      extract(desk, it)
      break
    case 'classify':
      classify(desk, it)
      break
    case 'check':
      check(desk, it)
      break
    case 'translate':
      translate(desk, it)
      break
    case 'summarise':
      summarise(desk)
      break
    case 'write':
      write(desk, it)
      break
    case 'approve':
      approve(desk)
      break
    case 'wait':
      pause(desk, it)
      break
    case 'mail':
      mail(desk, it)
      break
    case 'post':
      post(desk, it)
      break
    case 'respond':
      respond(desk)
  }
}
