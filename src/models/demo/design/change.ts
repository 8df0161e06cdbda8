import { isStop, plain, wordsOf } from '#models/demo/words.ts'
import type { There } from './brief.ts'
import { step } from './build.ts'
import { type Desk, reads, say, type Tail } from './parts.ts'
import { type Step, stepsOf } from './steps.ts'
import { beginOf } from './when.ts'

/** What the answer has besides new nodes. */
export type Edit = { remove: string[]; disconnect: (Tail & { to: string })[]; did: string[] }

type Node = There['nodes'][number]

const REMOVE = /\b(?:remove|delete|drop|take out|get rid of|entferne?n?|losche?n?|nimm .{0,60}\b(?:raus|heraus|weg))\b/
const INSTEAD = /\b(?:instead|change|rather|statt\w*|andere?|lieber)\b/
const ALSO = /\b(?:also|too|additionally|as well|auch|zusatzlich|ausserdem)\b/

/** Changes a workflow that is there: takes out, sets anew or adds. What nothing is said of stays as it is. */
export function change(desk: Desk, there: There): Edit {
  const edit: Edit = { remove: [], disconnect: [], did: [] }
  for (const { key } of there.nodes) desk.taken.add(key)
  const text = plain(desk.brief.request)
  if (REMOVE.test(text)) {
    for (const node of meant(there, text)) takeOut(desk, there, node, edit)
    return edit
  }
  const again = retimed(desk, there, text, edit)
  const steps = stepsOf(desk.brief.request).filter(one => !readdressed(desk, there, one, text, edit))
  // “Every morning instead” names no step.
  const rest = again ? steps.filter(one => one.is !== 'fetch' || one.url !== null) : steps
  if (rest.length > 0) add(desk, there, rest, text, edit)
  return edit
}

/** The nodes that a text speaks of, by key, name or block. */
function meant(there: There, text: string): Node[] {
  const said = new Set(wordsOf(text).filter(word => !isStop(word)))
  const score = (node: Node) => {
    const words = [...wordsOf(node.name), ...wordsOf(node.key), ...wordsOf(node.block.replace('.', ' '))]
    return words.filter(
      word =>
        word.length > 2 &&
        (said.has(word) || [...said].some(one => one.length > 4 && (one.startsWith(word) || word.startsWith(one)))),
    ).length
  }
  const scored = there.nodes.map(node => ({ node, score: score(node) }))
  const best = Math.max(0, ...scored.map(one => one.score))
  return best === 0
    ? []
    : scored
        .filter(one => one.score === best)
        .slice(0, 1)
        .map(one => one.node)
}

/** Takes a node out and connects what it stood between. */
function takeOut(desk: Desk, there: There, { key, name, params }: Node, edit: Edit): void {
  edit.remove.push(key)
  const read = new RegExp(`\\{\\{\\s*${key}(?:\\.[\\w.]+)?\\s*\\}\\}`, 'g')
  const source = [params.text, params.html, params.list].find(value => typeof value === 'string')
  for (const node of there.nodes) {
    const text = JSON.stringify(node.params)
    // Who read it reads now what it has read.
    if (node.key !== key && text.search(read) >= 0 && typeof source === 'string')
      desk.nodes.push({ ...node, params: JSON.parse(text.replace(read, () => JSON.stringify(source).slice(1, -1))) })
  }
  const [into, out] = [there.edges.filter(edge => edge.to === key), there.edges.filter(edge => edge.from === key)]
  const main = out.filter(edge => edge.outlet === 'main').length > 0 ? out.filter(edge => edge.outlet === 'main') : out
  for (const { from, outlet } of into) for (const { to } of main) desk.connect.push({ from, outlet, to })
  edit.did.push(say(desk, `took out “${name || key}”`, `„${name || key}“ herausgenommen`))
}

/** Sets a schedule anew. */
function retimed(desk: Desk, there: There, text: string, edit: Edit): boolean {
  const begin = beginOf(text)
  if (begin?.is !== 'schedule' && begin?.is !== 'every') return false
  const clock = there.nodes.find(node => node.block === 'schedule.cron')
  const set = begin.is === 'schedule' ? { cron: begin.cron } : { every: begin.every }
  if (clock) {
    const { cron: _cron, every: _every, at: _at, ...rest } = clock.params
    desk.nodes.push({ ...clock, params: { ...rest, ...set } })
    edit.did.push(say(desk, `set “${clock.name || clock.key}” anew`, `„${clock.name || clock.key}“ neu eingestellt`))
    return true
  }
  const starts = there.nodes.filter(node => node.inside === null && !there.edges.some(edge => edge.to === node.key))
  const firsts = starts.flatMap(({ key }) => there.edges.filter(edge => edge.from === key))
  const key = desk.taken.has('clock') ? 'clock2' : 'clock'
  desk.nodes.push({
    key,
    block: 'schedule.cron',
    name: say(desk, 'On time', 'Zur festen Zeit'),
    params: { ...set, timezone: desk.brief.zone },
    inside: null,
  })
  for (const { to } of firsts) desk.connect.push({ from: key, outlet: 'main', to })
  if (INSTEAD.test(text)) edit.remove.push(...starts.map(node => node.key))
  edit.did.push(say(desk, 'added a schedule', 'einen Zeitplan hinzugefügt'))
  return true
}

/** Another address for the mail that is sent already. */
function readdressed(desk: Desk, there: There, one: Step, text: string, edit: Edit): boolean {
  const mail = there.nodes.find(node => node.block === 'email.send')
  if (one.is !== 'mail' || one.to === null || !mail || ALSO.test(text)) return false
  desk.nodes.push({ ...mail, params: { ...mail.params, to: one.to } })
  edit.did.push(say(desk, `the mail now goes to ${one.to}`, `die Mail geht jetzt an ${one.to}`))
  return true
}

const SENDS = ['email.send', 'http.request', 'core.respond']

/** Puts steps before or behind a node that is named, an approval before what goes out, and anything else at the end. */
function add(desk: Desk, there: There, steps: readonly Step[], text: string, edit: Edit): void {
  const ends = there.nodes.filter(node => node.inside === null && !there.edges.some(edge => edge.from === node.key))
  const named = /\b(before|vor|bevor|after|nach|hinter)\b(.*)$/.exec(text)
  const anchor = named ? meant(there, named[2] ?? '')[0] : undefined
  const goesOut = steps.every(one => one.is === 'approve' || one.is === 'wait')
    ? ends.find(node => SENDS.includes(node.block))
    : undefined
  const before = anchor ? (/^(?:before|vor|bevor)$/.test(named?.[1] ?? '') ? anchor : undefined) : goesOut
  const behind = before ? undefined : (anchor ?? ends.at(-1))
  const [into, out] = before
    ? [there.edges.filter(edge => edge.to === before.key), [] as There['edges']]
    : [[], behind ? there.edges.filter(edge => edge.from === behind.key) : []]
  const spot = before ?? behind
  desk.inside = spot?.inside ?? null
  desk.tails = before ? into.map(({ from, outlet }) => ({ from, outlet })) : behind ? [{ from: behind.key, outlet: 'main' }] : []
  const source = before ? there.nodes.find(node => node.key === into[0]?.from) : behind
  const known = source && desk.brief.blocks.get(source.block)
  if (source && known && there.edges.some(edge => edge.to === source.key)) reads(desk, source.key, known)
  for (const one of steps) step(desk, one)
  edit.disconnect.push(...into, ...(anchor && !before ? out : []))
  const onward = before ? [before.key] : anchor ? out.map(edge => edge.to) : []
  for (const to of onward) for (const tail of desk.tails) desk.connect.push({ ...tail, to })
  edit.did.push(
    say(
      desk,
      `added: ${desk.nodes.map(node => node.name).join(', ')}`,
      `hinzugefügt: ${desk.nodes.map(node => node.name).join(', ')}`,
    ),
  )
}
