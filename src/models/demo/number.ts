import { fits, numberOf, type Schema } from './check.ts'
import type { Plain } from './merge.ts'

/** The number that fits a schema and lies nearest to one that is wished for; `nth` takes a later one. */
export function numberFor(schema: Plain, wish: number, whole: boolean, nth: number, root: Schema): number {
  const low = Math.max(numberOf(schema.minimum, -Infinity), numberOf(schema.exclusiveMinimum, -Infinity))
  const high = Math.min(numberOf(schema.maximum, Infinity), numberOf(schema.exclusiveMaximum, Infinity))
  const step = stepOf(schema, whole)
  const near = Math.min(high, Math.max(low, Number.isFinite(wish) ? wish : 0))
  for (const one of tries(near, low, high, step, nth)) if (fits(one, typed(schema, whole), root)) return one
  return near
}

const typed = (schema: Plain, whole: boolean): Plain => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const kept = Object.entries({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf })
  return { type: whole ? 'integer' : 'number', ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)) }
}

/** The step between the numbers that fit; zero where every number does. */
function stepOf({ multipleOf }: Plain, whole: boolean): number {
  const of = numberOf(multipleOf, 0)
  if (of === 0 || !whole) return of === 0 && whole ? 1 : of
  for (let times = 1; times <= 1000; times += 1) if (Number.isInteger(exact(of * times))) return exact(of * times)
  return of
}

/** Without the dust of binary fractions: 3 times 0.1 is 0.3. */
const exact = (value: number) => Number(value.toPrecision(14))

function* tries(near: number, low: number, high: number, step: number, nth: number): Generator<number> {
  if (step === 0) {
    if (nth === 0) yield near
    const room = Number.isFinite(low) && Number.isFinite(high) ? (high - low) / (nth + 2) : 0
    if (room > 0) yield exact(low + room)
    if (room > 0) yield low + room
    const far = Math.max(1, Math.abs(near) * 1e-9) * (nth + 1)
    yield near + far
    yield near - far
    return
  }
  const at = Math.round(near / step)
  for (const offset of [nth, -nth, nth + 1, -nth - 1, nth + 2, -nth - 2]) yield exact((at + offset) * step)
  const first = Math.ceil(low / step)
  if (Number.isFinite(first)) for (const offset of [nth, nth + 1]) yield exact((first + offset) * step)
}
