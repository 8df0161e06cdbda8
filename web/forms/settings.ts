import type { z } from 'zod'
import { KEY, RESERVED } from '#engine/check.ts'
import type { Node as Stored } from '#workflows/contract.ts'
import { millisOf, textOfMillis } from './duration.ts'
import { isObject, type Schema } from './schema.ts'

/** A node of a workflow, as it is stored. */
export type Node = z.output<typeof Stored>

/** What is wrong with a key; null where nothing is. */
export function wrongKey(key: string, taken: readonly string[]): 'shape' | 'reserved' | 'taken' | null {
  if (!KEY.test(key)) return 'shape'
  if (RESERVED.has(key)) return 'reserved'
  return taken.includes(key) ? 'taken' : null
}

/** What there is to set, besides the parameters. */
export type Traits = {
  trigger: boolean
  /** What running it again would mean; `depends` on its parameters. */
  effect: 'pure' | 'repeatable' | 'once' | 'depends'
  /** It stands in an agent that may call it. */
  tool: boolean
  /** Several arrows lead to it. */
  joins: boolean
}

/** The words of the settings, by the name of the setting. */
export type Say = (word: string) => string

const choice = (say: Say, name: string, values: readonly string[]) => ({
  title: say(`${name}.title`),
  oneOf: values.map(value => ({ const: value, title: say(`${name}.${value}`), description: say(`${name}.${value}About`) })),
})
const titled = (say: Say, name: string, rest: Schema): Schema => ({
  title: say(`${name}.title`),
  description: say(`${name}.about`),
  ...rest,
})

/** The settings of a node as a form of their own. */
export function settingsSchema(say: Say, { trigger, effect, tool, joins }: Traits): Schema {
  const once = effect === 'once'
  const attempts = effect === 'depends' ? {} : { default: effect === 'repeatable' ? 3 : 1 }
  const running: Record<string, Schema> = {
    onError: { ...choice(say, 'onError', ['stop', 'continue', 'route']), default: 'stop' },
    attempts: titled(say, 'attempts', { type: 'integer', minimum: 1, maximum: 100, ...attempts }),
    delay: titled(say, 'delay', { type: 'string', ui: 'duration', default: '1s', advanced: true }),
    factor: titled(say, 'factor', { type: 'number', minimum: 1, maximum: 10, default: 2, advanced: true }),
    timeout: titled(say, 'timeout', { type: 'string', ui: 'duration' }),
    ...(once ? {} : { cache: titled(say, 'cache', { type: 'string', ui: 'duration' }) }),
    ...(joins ? { join: { ...choice(say, 'join', ['all', 'any']), default: 'all' } } : {}),
    askFirst: titled(say, 'askFirst', { type: 'boolean', default: false }),
    afterCrash: { ...choice(say, 'afterCrash', ['ask', 'retry', 'fail']), default: once ? 'ask' : 'retry', advanced: true },
  }
  return {
    type: 'object',
    properties: {
      ...(tool
        ? {
            toolAbout: titled(say, 'toolAbout', { type: 'string', ui: 'longtext' }),
            toolInput: titled(say, 'toolInput', { type: 'object', ui: 'json' }),
          }
        : {}),
      ...(trigger ? {} : running),
      disabled: titled(say, 'disabled', { type: 'boolean', default: false }),
      notes: titled(say, 'notes', { type: 'string', ui: 'longtext' }),
    },
  }
}

/** The settings of a node, as the form has them. */
export function settingsOf(node: Node): Record<string, unknown> {
  const { onError, retry, timeout, cache, join, askFirst, afterCrash, disabled, notes, tool } = node
  return defined({
    onError,
    attempts: retry?.attempts,
    delay: retry?.delay === undefined ? undefined : textOfMillis(retry.delay),
    factor: retry?.factor,
    timeout: timeout === undefined ? undefined : textOfMillis(timeout),
    cache: cache === undefined ? undefined : textOfMillis(cache.ttl),
    join,
    askFirst,
    afterCrash,
    disabled,
    notes,
    toolAbout: tool?.about,
    toolInput: tool?.input,
  })
}

/** A node with other settings. A length of time that is not one stays as it was. */
export function withSettings(node: Node, given: Record<string, unknown>): Node {
  const {
    onError: _e,
    retry,
    timeout,
    cache,
    join: _j,
    askFirst: _a,
    afterCrash: _c,
    disabled: _d,
    notes: _n,
    tool,
    ...fixed
  } = node
  const delay = lasting(given.delay, retry?.delay)
  const ttl = lasting(given.cache, cache?.ttl)
  return defined({
    ...fixed,
    onError: one(given.onError, ['stop', 'continue', 'route'] as const),
    retry: filled({ ...retry, attempts: amount(given.attempts), delay, factor: amount(given.factor) }),
    timeout: lasting(given.timeout, timeout),
    cache: ttl === undefined ? undefined : { ttl },
    join: one(given.join, ['all', 'any'] as const),
    askFirst: given.askFirst === true || undefined,
    afterCrash: one(given.afterCrash, ['ask', 'retry', 'fail'] as const),
    disabled: given.disabled === true || undefined,
    notes: words(given.notes),
    tool: filled({ ...tool, about: words(given.toolAbout), input: isObject(given.toolInput) ? given.toolInput : undefined }),
  })
}

const words = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const amount = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined)
const one = <T extends string>(value: unknown, all: readonly T[]): T | undefined => all.find(word => word === value)

function lasting(value: unknown, before: number | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  return millisOf(String(value)) ?? before
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Without what says nothing. */
const defined = <T extends object>(object: T): Defined<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>

const filled = <T extends object>(object: T): Defined<T> | undefined => {
  const left = defined(object)
  return Object.keys(left).length === 0 ? undefined : left
}
