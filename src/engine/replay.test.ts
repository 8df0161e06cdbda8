import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from './compile.ts'
import { type Command, decide, take } from './decide.ts'
import type { Document, DocumentEdge, DocumentNode, Traits } from './document.ts'
import type { Event, Outcome } from './events.ts'
import { begin, fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { recover } from './recover.ts'
import { retryAt } from './retry.ts'
import { type Cell, pathOf, type State } from './state.ts'

/** What a node does is a pure function of where it stands and which attempt it is, so that every replay sees the same world. */
const dice = (text: string): number => {
  let hash = 2166136261
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619)
  return ((hash >>> 8) % 1000) / 1000
}

const TRAITS: Record<string, Traits> = {
  start: { outlets: ['main'], effect: 'pure', loop: null, trigger: true },
  pure: { outlets: ['main', 'other'], effect: 'pure', loop: null, trigger: false },
  flaky: { outlets: ['main', 'other', 'error'], effect: 'repeatable', loop: null, trigger: false },
  once: { outlets: ['main', 'error'], effect: 'once', loop: null, trigger: false },
  wait: { outlets: ['main', 'other'], effect: 'pure', loop: null, trigger: false },
  each: { outlets: ['main', 'error'], effect: 'pure', loop: 'list', trigger: false },
  until: { outlets: ['main', 'error'], effect: 'pure', loop: 'until', trigger: false },
  group: { outlets: ['main', 'error'], effect: 'pure', loop: 'once', trigger: false },
  agent: { outlets: ['main', 'error'], effect: 'repeatable', loop: 'calls', trigger: false },
}

/** Any workflow that `check` would accept: edges lead forward, containers hold two levels. */
const documents = fc
  .array(
    fc.record({
      block: fc.constantFrom('pure', 'pure', 'flaky', 'once', 'wait', 'each', 'until', 'group', 'agent', 'agent'),
      parent: fc.nat(),
      from: fc.array(fc.record({ node: fc.nat(), outlet: fc.nat() }), { minLength: 1, maxLength: 3 }),
      join: fc.constantFrom('all', 'all', 'any'),
      onError: fc.constantFrom('stop', 'continue', 'route'),
      afterCrash: fc.constantFrom('ask', 'retry'),
      disabled: fc.constantFrom(false, false, false, false, true),
      askFirst: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map(drafts => {
    const nodes: DocumentNode[] = [{ id: 'n0', key: 'start', block: 'start', version: 1 }]
    const edges: DocumentEdge[] = []
    drafts.forEach(({ block, parent, from, join, onError, afterCrash, disabled, askFirst }, at) => {
      const containers = nodes.filter(node => TRAITS[node.block]?.loop && depth(nodes, node) < 2)
      const home = [undefined, undefined, ...containers.map(node => node.id)][parent % (containers.length + 2)]
      const id = `n${at + 1}`
      const earlier = nodes.filter(node => node.parent === home)
      nodes.push({
        id,
        key: `k${at + 1}`,
        block,
        version: 1,
        join: join as 'all',
        onError: onError as 'stop',
        afterCrash: afterCrash as 'ask',
        disabled,
        askFirst,
        ...(home ? { parent: home } : {}),
      })
      const taken = new Set<string>()
      for (const { node, outlet } of from) {
        const source = earlier[node % earlier.length]
        const outlets = TRAITS[source?.block ?? '']?.outlets ?? []
        const handle = outlets[outlet % outlets.length] ?? 'main'
        if (!source || taken.has(source.id + handle)) continue
        taken.add(source.id + handle)
        edges.push({ id: `e${edges.length}`, source: source.id, target: id, sourceHandle: handle })
      }
    })
    return { name: 'random', nodes, edges } satisfies Document
  })

function depth(nodes: DocumentNode[], node: DocumentNode): number {
  const parent = nodes.find(one => one.id === node.parent)
  return parent ? 1 + depth(nodes, parent) : 1
}

type Run = { events: Event[]; outcome: Outcome }

/** Goes on with an execution until its end, the way the shell does, one thing at a time and in an order of the dice's choice. */
function goOn(plan: Plan, before: readonly Event[], order: string): Run {
  const events = [...before]
  const state = begin(plan)
  for (const event of events) fold(state, event)
  let now = events.at(-1)?.at ?? 0
  const append = (event: Event) => {
    events.push(event)
    fold(state, event)
  }
  if (events.length === 0) append({ type: 'accepted', at: 0, trigger: 'n0', input: { value: 1 }, deadline: null })
  else for (const event of recover(state, now)) append(event)
  for (let step = 0; state.status === 'running'; step += 1) {
    assert.ok(step < 20_000, 'it does not end')
    const commands = decide(state, now, 0)
    const able = commands.filter(command => command.do !== 'sleep')
    const command = able[Math.floor(dice(`${order} ${step}`) * able.length)]
    if (command) perform(state, command, now, append)
    else if (!hear(state, now, append))
      now = commands.flatMap(one => (one.do === 'sleep' ? [one.until] : []))[0] ?? assert.fail(`stuck: ${JSON.stringify(events)}`)
  }
  return { events, outcome: state.status as Outcome }
}

function perform(state: State, command: Command, at: number, append: (event: Event) => void): void {
  take(state, command)
  if (command.do === 'finish') {
    append({ type: 'finished', at, outcome: command.outcome, failure: command.failure })
    return
  }
  if (command.do === 'turn') {
    const { path } = command.frame
    append({ type: 'turned', at, path, result: { value: path }, again: dice(`again ${path}`) < 0.5 })
    return
  }
  if (command.do !== 'run') return
  const { cell, attempt } = command
  const path = pathOf(cell)
  const roll = dice(`${path} ${attempt}`)
  const { block, loop, effect } = cell.node
  if (cell.node.askFirst && !cell.allowed) {
    append({ type: 'suspended', at, from: at, path, attempt, wait: { kind: 'permission', until: null } })
    return
  }
  if (loop === 'calls') {
    append(callOrEnd(state, cell, at))
    return
  }
  if (loop) {
    append({
      type: 'opened',
      at,
      path,
      list: { value: null },
      most: loop === 'once' ? 1 : loop === 'until' ? 3 : Math.floor(roll * 4),
      atOnce: loop === 'list' ? 2 : 1,
      onItemError: (['stop', 'skip', 'collect'] as const)[Math.floor(roll * 3)] ?? 'stop',
    })
    return
  }
  if (effect === 'once') append({ type: 'started', at, path, attempt })
  if (block === 'wait') {
    append({ type: 'suspended', at, from: at, path, attempt, wait: { kind: 'approval', until: null } })
    return
  }
  if (block !== 'pure' && roll < 0.4) {
    append({
      type: 'failed',
      at,
      from: at,
      path,
      attempt,
      failure: { code: 'test.failed', message: 'as the dice say' },
      retryAt: retryAt(cell.node.retry, attempt, at, 0.5),
    })
    return
  }
  append({
    type: 'done',
    at,
    from: at,
    path,
    attempt,
    outlet: roll < 0.7 || effect === 'once' ? 'main' : 'other',
    ...(roll > 0.9 ? { also: ['main'] } : {}),
    output: { value: `${path}#${attempt}` },
  })
}

/** An agent: up to three rounds, each of which calls some of what stands in it, or fails. */
function callOrEnd({ plan }: State, { node, turns, frame, ...cell }: Cell, at: number): Event {
  const path = pathOf({ node, turns, frame, ...cell })
  const rounds = turns?.rounds.length ?? 0
  const roll = dice(`${path} round ${rounds} ${cell.attempt}`)
  const attempt = cell.attempt + 1
  const tools = (plan.scopes[node.opens ?? -1]?.starts ?? []).map(one => plan.nodes[one]?.key ?? '')
  if (roll < 0.2) {
    const failure = { code: 'test.failed', message: 'as the dice say' }
    return { type: 'failed', at, from: at, path, attempt, failure, retryAt: retryAt(node.retry, attempt, at, 0.5) }
  }
  if (rounds >= 3 || roll < 0.4) return { type: 'done', at, from: at, path, attempt, outlet: 'main', output: { value: rounds } }
  const calls = tools.flatMap((one, place) =>
    [one, one]
      .filter((_, again) => dice(`${path} ${rounds} ${place} ${again}`) < 0.5)
      .map(key => ({ node: key, item: { value: key } })),
  )
  return { type: 'called', at, from: at, path, attempt, said: { value: rounds }, calls, atOnce: 1 + Math.floor(roll * 3) }
}

/** Whoever is waited for answers. */
function hear(state: State, at: number, append: (event: Event) => void): boolean {
  for (const frame of state.frames.values()) {
    for (const cell of frame.cells) {
      const path = pathOf(cell)
      if (cell.is === 'asking') append({ type: 'answered', at, path, answer: 'repeat', by: 'somebody' })
      else if (cell.is === 'suspended' && cell.wait?.kind === 'permission')
        append(
          dice(`allowed ${path}`) < 0.8
            ? { type: 'allowed', at, path, by: 'somebody' }
            : {
                type: 'failed',
                at,
                from: at,
                path,
                attempt: cell.attempt,
                failure: { code: 'test.no', message: 'no' },
                retryAt: null,
              },
        )
      else if (cell.is === 'suspended')
        append({
          type: 'done',
          at,
          from: at,
          path,
          attempt: cell.attempt,
          outlet: dice(`heard ${path}`) < 0.5 ? 'main' : 'other',
          output: { value: path },
        })
      else continue
      return true
    }
  }
  return false
}

/** What was done, but for turns that failed: how far their other branches came is a matter of time. */
function doneIn({ events }: Run, other: Run): string[] {
  const failed = [...events, ...other.events].flatMap(event =>
    event.type === 'failed' && event.retryAt === null ? [event.path.replace(/[^.]*$/, '')] : [],
  )
  const broken = failed.filter(frame => frame !== '')
  return events
    .flatMap(event =>
      event.type === 'done' && !broken.some(frame => event.path.startsWith(frame)) ? [`${event.path} -> ${event.outlet}`] : [],
    )
    .toSorted()
}

function assertSound(run: Run, where: string): void {
  const done = run.events.flatMap(event => (event.type === 'done' ? [event.path] : []))
  assert.equal(new Set(done).size, done.length, `${where}: something succeeded twice`)
  assert.equal(run.events.filter(event => event.type === 'finished').length, 1, where)
}

test('killed after any event, and again after any later one, the end is the same and nothing succeeds twice', {
  timeout: 240_000,
}, () => {
  fc.assert(
    fc.property(documents, fc.nat(), (document, salt) => {
      const plan = compile(document, node => TRAITS[node.block] ?? null)
      const whole = goOn(plan, [], `${salt}`)
      assertSound(whole, 'unharmed')
      for (let first = 1; first < whole.events.length; first += 1) {
        const once = goOn(plan, whole.events.slice(0, first), `${salt} ${first}`)
        assertSound(once, `killed after ${first}`)
        assert.equal(once.outcome, whole.outcome, `killed after ${first}`)
        if (whole.outcome === 'completed') assert.deepEqual(doneIn(once, whole), doneIn(whole, once), `killed after ${first}`)
        const second = first + Math.floor(dice(`${salt} ${first} second`) * (once.events.length - first))
        const twice = goOn(plan, once.events.slice(0, Math.max(second, 1)), `${salt} ${first} ${second}`)
        assertSound(twice, `killed after ${first} and ${second}`)
        assert.equal(twice.outcome, whole.outcome, `killed after ${first} and ${second}`)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 300) },
  )
})

test('the order in which branches finish never changes the result', () => {
  fc.assert(
    fc.property(documents, document => {
      const plan = compile(document, node => TRAITS[node.block] ?? null)
      const runs = ['a', 'b', 'c', 'd'].map(order => goOn(plan, [], order))
      for (const run of runs) {
        assert.equal(run.outcome, runs[0]?.outcome)
        if (run.outcome === 'completed') assert.deepEqual(doneIn(run, runs[0] ?? run), doneIn(runs[0] ?? run, run))
      }
    }),
    { numRuns: 500 },
  )
})

test('a failed execution that is revived repeats nothing that succeeded', () => {
  fc.assert(
    fc.property(documents, fc.nat(), (document, salt) => {
      const plan = compile(document, node => TRAITS[node.block] ?? null)
      let run = goOn(plan, [], `${salt}`)
      for (let tries = 0; run.outcome === 'failed' && tries < 20; tries += 1) {
        const last = run.events.at(-1)
        run = goOn(plan, [...run.events, { type: 'revived', at: last?.at ?? 0, by: 'somebody' }], `${salt} ${tries}`)
        const done = run.events.flatMap(event => (event.type === 'done' ? [event.path] : []))
        assert.equal(new Set(done).size, done.length)
      }
    }),
    { numRuns: 300 },
  )
})
