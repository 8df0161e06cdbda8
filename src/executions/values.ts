import { Buffer } from 'node:buffer'
import type { Event, Held } from '#engine/events.ts'
import type { World } from '#world.ts'
import { isTooDeep, tooDeep } from './depth.ts'
import { jsonOf, measure } from './pieces.ts'

/** A value whose JSON is longer stands in `files/`, once, and the journal refers to it. */
const SMALL = 64 * 1024
/** The longest value that is taken at all. */
const LONGEST = 512 * 2 ** 20
/** How much JSON of large values is kept ready; as objects it takes some three times as much. */
const KEPT = 24 * 2 ** 20

/** Puts values into the form in which the journal holds them, and back. */
export type Values = {
  /** At once for a small value. */
  hold(workspace: string, value: unknown): Held | Promise<Held>
  read(workspace: string, held: Held): unknown
  /** The JSON of a large value, without keeping it. */
  text(workspace: string, hash: string): Promise<string>
}

/** Values of one process. */
export function makeValues({ files }: Pick<World, 'files'>): Values {
  const kept = new Map<string, { value: Promise<unknown>; bytes: number }>()
  let size = 0

  async function store(workspace: string, value: unknown): Promise<Held> {
    if (isTooDeep(value)) throw tooDeep()
    const { hash, size: bytes } = await files.put(workspace, jsonOf(value), LONGEST)
    keep(`${workspace} ${hash}`, Promise.resolve(value), bytes)
    return { ref: hash, bytes }
  }

  async function text(workspace: string, hash: string): Promise<string> {
    const parts: Buffer[] = []
    for await (const part of await files.get(workspace, hash)) parts.push(part)
    return Buffer.concat(parts).toString()
  }

  function load(workspace: string, hash: string, bytes: number): Promise<unknown> {
    const name = `${workspace} ${hash}`
    const known = kept.get(name)
    if (known) {
      kept.delete(name)
      kept.set(name, known)
      return known.value
    }
    const value = text(workspace, hash).then(json => JSON.parse(json) as unknown)
    value.catch(() => drop(name))
    return keep(name, value, bytes)
  }

  function keep(name: string, value: Promise<unknown>, bytes: number): Promise<unknown> {
    drop(name)
    kept.set(name, { value, bytes })
    size += bytes
    for (const oldest of kept.keys()) {
      if (size <= KEPT) break
      drop(oldest)
    }
    return value
  }

  function drop(name: string): void {
    size -= kept.get(name)?.bytes ?? 0
    kept.delete(name)
  }

  function read(workspace: string, held: Held): unknown {
    if ('value' in held) return held.value
    if ('ref' in held) return load(workspace, held.ref, held.bytes)
    const parts = held.list.map(one => read(workspace, one))
    return parts.some(part => part instanceof Promise) ? Promise.all(parts) : parts
  }

  return {
    hold: (workspace, value) => (isSmall(value) ? { value: value ?? null } : store(workspace, value)),
    read,
    text,
  }
}

function refsOf(held: Held | undefined, found: Map<string, number> = new Map()): Map<string, number> {
  if (held === undefined || 'value' in held) return found
  if ('ref' in held) found.set(held.ref, held.bytes)
  else for (const one of held.list) refsOf(one, found)
  return found
}

/** Every large value that these events refer to, with its size. */
export function refsIn(events: readonly Event[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const event of events) {
    if (event.type === 'accepted') refsOf(event.input, found)
    else if (event.type === 'done') refsOf(event.reply, refsOf(event.output, found))
    else if (event.type === 'opened') refsOf(event.list, found)
    else if (event.type === 'turned') refsOf(event.result, found)
    else if (event.type === 'called') for (const held of [event.said, ...event.calls.map(call => call.item)]) refsOf(held, found)
  }
  return found
}

/** Is its JSON certainly short? Looks no further than it must. */
function isSmall(value: unknown): boolean {
  return measure(value, SMALL) >= 0
}
