import type { Problem } from '#engine/check.ts'
import type { Traits } from '#engine/document.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { type Node, spot } from './spot.ts'

const DAY = 86_400_000

/** From the least to the most that makes sense, and how it is called. Times are in milliseconds. */
const RETRY = {
  attempts: [1, 100, 'The number of attempts must be a whole number from 1 to 100.'],
  delay: [0, DAY, 'The first pause must be at most a day.'],
  factor: [1, 100, 'The factor must be from 1 to 100.'],
  max: [0, DAY, 'The longest pause must be at most a day.'],
} as const

const LONGEST_TIMEOUT = 30 * DAY
const LONGEST_CACHE = 365 * DAY

/** What is wrong with how often a node is tried, how long it may take and what happens when it fails. */
export function checkNode(node: Node, traits: Traits | null, routed: boolean): Problem[] {
  const problems: Problem[] = []
  for (const [name, [least, most, words]] of Object.entries(RETRY)) {
    const value = node.retry?.[name as keyof typeof RETRY]
    if (value === undefined) continue
    if (value < least || value > most || (name === 'attempts' && !Number.isInteger(value)))
      problems.push(spot(node, `retry.${name}`, 'node.bad_retry', words))
  }
  const { timeout } = node
  if (timeout !== undefined && (timeout < 1 || timeout > LONGEST_TIMEOUT))
    problems.push(spot(node, 'timeout', 'node.bad_timeout', 'The time limit must be from 1 millisecond to 30 days.'))
  const { cache } = node
  if (cache && (cache.ttl < 1 || cache.ttl > LONGEST_CACHE))
    problems.push(spot(node, 'cache.ttl', 'node.bad_cache', 'What it puts out can be kept from 1 millisecond to 365 days.'))
  if (cache && (traits?.effect === 'once' || traits?.trigger || traits?.loop))
    problems.push(
      spot(
        node,
        'cache',
        'node.not_cached',
        traits.effect === 'once'
          ? 'What it does outside must be done each time, so nothing of it can be kept.'
          : 'Only what a node itself puts out can be kept; this one is a trigger or a container.',
      ),
    )
  if (node.onError === 'route' && !routed)
    problems.push(
      spot(
        node,
        'onError',
        'node.error_leads_nowhere',
        'When it fails it takes the outlet “error”, but nothing is connected there.',
        'warning',
      ),
    )
  if (traits?.effect === 'once' && (node.retry?.attempts ?? 1) > 1)
    problems.push(
      spot(
        node,
        'retry.attempts',
        'node.repeats',
        'It is tried again when it fails, so what it does outside may be done twice.',
        'warning',
      ),
    )
  if (traits?.trigger && (node.onError || node.retry || timeout !== undefined || node.join || node.afterCrash))
    problems.push(
      spot(node, null, 'node.trigger_never_fails', 'A trigger is not run, so settings for when it fails do nothing.', 'warning'),
    )
  return problems
}

/** What is wrong with the settings of a workflow. */
export function checkSettings({ settings }: WorkflowDocument): Problem[] {
  return isZone(settings.timezone)
    ? []
    : [
        spot(
          null,
          'settings.timezone',
          'settings.bad_timezone',
          `There is no time zone “${settings.timezone}”. Take one such as Europe/Berlin.`,
        ),
      ]
}

function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
