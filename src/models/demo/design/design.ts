import { LABEL } from '#models/demo/request.ts'
import { clip, languageOf, plain } from '#models/demo/words.ts'
import type { Ask } from '#sdk/model.ts'
import { type Brief, briefOf } from './brief.ts'
import { begin, step } from './build.ts'
import { change, type Edit } from './change.ts'
import { type Desk, say } from './parts.ts'
import { type Step, stepsOf } from './steps.ts'
import { type Begin, beginOf } from './when.ts'

/** Builds a workflow of the patterns it knows, in the form that the ask wants. */
export function designFor(ask: Ask): unknown {
  const brief = briefOf(ask)
  const desk: Desk = {
    brief,
    german: languageOf(brief.request) === 'de',
    nodes: [],
    connect: [],
    variables: {},
    taken: new Set(),
    inside: null,
    tails: [],
    text: null,
    isText: false,
    data: 'trigger',
    missing: [],
    open: [],
  }
  const edit = brief.there ? change(desk, brief.there) : made(desk)
  return {
    explanation: explained(desk, edit),
    name: brief.there || desk.nodes.length === 0 ? '' : titleOf(brief),
    description: '',
    nodes: desk.nodes.map(node => ({ ...node, params: JSON.stringify(node.params), credential: null, settings: '{}' })),
    connect: desk.connect,
    disconnect: edit?.disconnect ?? [],
    remove: edit?.remove ?? [],
    variables: JSON.stringify(desk.variables),
    timezone: null,
  }
}

const READS: readonly Step['is'][] = ['summarise', 'translate', 'extract', 'classify']

/** A new workflow; nothing where no step is known. */
function made(desk: Desk): null {
  const { request } = desk.brief
  const text = plain(request)
  const found = beginOf(text)
  const named = stepsOf(request)
  // Whoever chats wants an answer.
  const steps: Step[] = found?.is === 'chat' && named.length === 0 ? [{ is: 'write', order: request }] : named
  if (steps.length === 0) return null
  const start: Begin = found ?? (steps.some(one => one.is === 'respond') ? { is: 'hook' } : { is: 'hand' })
  const clocked = start.is === 'schedule' || start.is === 'every'
  const needs = steps.some(one => READS.includes(one.is) || one.is === 'check' || one.is === 'each')
  // Nobody gives a clock a text: it must come from somewhere.
  const fetches = steps.some(one => one.is === 'fetch')
  const all: Step[] = clocked && needs && !fetches ? [{ is: 'fetch', url: null, page: true }, ...steps] : steps
  const count = steps.find(one => one.is === 'check')
  const number =
    count?.is === 'check' && count.field !== null && !fetches && !steps.some(one => one.is === 'extract') ? count.field : null
  const writes = steps.some(one => one.is === 'write') && start.is === 'hook'
  const asks =
    !fetches && !clocked && (writes || steps.some(one => READS.includes(one.is) || (one.is === 'check' && one.field === null)))
  begin(desk, start, { asks, number, answers: steps.some(one => one.is === 'respond') })
  const list = all.filter(one => one.is !== 'respond' || start.is === 'hook')
  const once = list.filter(one => one.is === 'respond')
  const kind = say(
    desk,
    'Answer what the person writes, kindly and briefly.',
    'Antworte freundlich und kurz auf das, was der Mensch schreibt.',
  )
  for (const one of list.filter(it => it.is !== 'respond'))
    step(desk, start.is === 'chat' && one.is === 'write' ? { is: 'write', order: kind } : one)
  if (desk.inside !== null) leave(desk)
  for (const one of once) step(desk, one)
  return null
}

/** Out of the loop again. */
function leave(desk: Desk): void {
  const key = desk.inside ?? ''
  desk.inside = null
  desk.tails = [{ from: key, outlet: 'main' }]
  desk.text = `{{ ${key} }}`
  desk.isText = false
}

/** The first words of the request, of addresses only the host. */
function titleOf({ request }: Brief): string {
  const line = request
    .replace(/https?:\/\/([^\s/]+)\S*?(?=[,.;:!?]?(?:\s|$))/g, '$1')
    .replace(/\s+(?:to|an)\s+\S+@\S+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const short = line.length <= 60 ? line : clip(line, 60).replace(/\s+\S*$/, '')
  const bare = short.replace(/(?:[\s,.;:]+|\s(?:and|to|the|a|an|it|und|an|per|die|der|das|den|in))+$/i, '')
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`
}

/** What was made, in the language of the request; and plainly that no AI has made it. */
function explained(desk: Desk, edit: Edit | null): string {
  const parts = (list: readonly string[]) => [...new Set(list)].join(say(desk, ', ', ', '))
  const nothing = desk.nodes.length === 0 && (edit?.remove.length ?? 0) === 0
  const head = say(
    desk,
    'This is the demo, not an AI: it knows a few patterns (times, webhooks, forms, pages, summaries, classes, values, translations, conditions, loops, approvals, mail, calls) and goes by words.',
    'Das ist die Demo, keine KI: Sie kennt ein paar Muster (Zeiten, Webhooks, Formulare, Seiten, Zusammenfassungen, Klassen, Werte, Übersetzungen, Bedingungen, Schleifen, Freigaben, Mails, Aufrufe) und geht nach Wörtern.',
  )
  if (nothing)
    return `${LABEL} ${head} ${say(desk, 'It has recognised none of them here. Try: “Every morning, fetch https://example.org, summarise it and mail it to me.”', 'Hier hat sie keines erkannt. Versuchen Sie: „Rufe jeden Morgen https://example.org ab, fasse es zusammen und schicke es mir per Mail.“')}`
  const did = edit ? edit.did.join('; ') : desk.nodes.map(node => node.name).join(' → ')
  const made = say(
    desk,
    `It has ${edit ? 'changed' : 'built'}: ${did}. Look at every step before you publish.`,
    `Sie hat ${edit ? 'geändert' : 'gebaut'}: ${did}. Sehen Sie jeden Schritt an, bevor Sie veröffentlichen.`,
  )
  const open = desk.open.length === 0 ? '' : say(desk, ` Fill in: ${parts(desk.open)}.`, ` Tragen Sie ein: ${parts(desk.open)}.`)
  const lost =
    desk.missing.length === 0
      ? ''
      : say(
          desk,
          ` There is no block here for: ${parts(desk.missing)}.`,
          ` Dafür gibt es hier keinen Baustein: ${parts(desk.missing)}.`,
        )
  return `${LABEL} ${head} ${made}${open}${lost}`
}
