import type { z } from 'zod'
import type { Problem as Stored } from '#workflows/contract.ts'
import { type Path, pathText } from './values.ts'

/** Something that is wrong with a node, as the server says it. */
export type Problem = z.output<typeof Stored>

/** What is wrong, by the field it is about. */
export type Problems = ReadonlyMap<string, readonly Problem[]>

/** Sorts the problems of a node by their fields; those of no parameter stand under nothing. */
export function problemsBy(problems: readonly Problem[]): Problems {
  const found = new Map<string, Problem[]>()
  for (const problem of problems) {
    const field = /^params\.(.+)$/.exec(problem.field ?? '')?.[1] ?? ''
    found.set(field, [...(found.get(field) ?? []), problem])
  }
  return found
}

/** What is said of exactly this field. */
export const wordsAt = (problems: Problems, path: Path): string | undefined =>
  problems
    .get(pathText(path))
    ?.map(problem => problem.message)
    .join(' ')

/** How much is wrong in a field or in what it holds. */
export function countWithin(problems: Problems, path: Path): number {
  const start = pathText(path)
  let count = 0
  for (const [field, list] of problems)
    if (field === start || field.startsWith(`${start}.`) || field.startsWith(`${start}[`)) count += list.length
  return count
}
