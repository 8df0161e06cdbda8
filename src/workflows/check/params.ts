import type { z } from 'zod'
import type { Problem } from '#engine/check.ts'
import { messageOf } from '#errors.ts'
import { nearest } from './nearest.ts'
import { fieldsOf, titleAt } from './schema.ts'
import { isTemplate, type Placed, pathText, spot } from './spot.ts'

type Issue = z.core.$ZodIssue
type Path = PropertyKey[]
type Fault = { path: Path; issue: Issue }

/** A node with everything wrong is shown as wrong, not told in a hundred lines. */
const MOST = 20

/** What is wrong with the parameters of a node. What is yet to be filled is not judged by its type. */
export function checkParams({ node, block }: Placed): Problem[] {
  const { params } = node
  // A trigger is asked before anything has run: except where it is filled for each call, braces in it mean nothing.
  const literal = block.start ? Object.keys(params).filter(name => !block.later?.includes(name)) : (block.verbatim ?? [])
  const templates = templatesIn(params, literal)
  const known = fieldsOf(block)
  const surplus = Object.keys(params).filter(name => known && !known.includes(name))
  const faults = faultsOf({ node, block }, templates)
  return [
    ...surplus.map(name => surplusAt({ node, block }, [name], known ?? [])),
    ...faults.flatMap(fault => problemsOf({ node, block }, fault)),
  ].slice(0, MOST)
}

function faultsOf({ node, block }: Placed, templates: Path[]): Fault[] {
  try {
    const parsed = block.input.safeParse(node.params)
    return parsed.success ? [] : parsed.error.issues.flatMap(issue => judge(issue, [], templates))
  } catch (error) {
    // A transformation that was made for filled values may throw at a template.
    if (templates.length > 0) return []
    return [{ path: [], issue: { code: 'custom', path: [], message: messageOf(error), input: undefined } }]
  }
}

/** Where templates stand. */
function templatesIn(params: Record<string, unknown>, verbatim: readonly string[]): Path[] {
  const found: Path[] = []
  const walk = (value: unknown, path: Path): void => {
    if (isTemplate(value)) found.push(path)
    else if (Array.isArray(value)) for (const [at, one] of value.entries()) walk(one, [...path, at])
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, [...path, name])
  }
  for (const [name, value] of Object.entries(params)) if (!verbatim.includes(name)) walk(value, [name])
  return found
}

const begins = (path: Path, start: Path) => start.every((part, at) => path[at] === part)

/** What remains of an issue when templates are not judged. Of alternatives, the one that comes closest is told about. */
function judge(issue: Issue, base: Path, templates: Path[]): Fault[] {
  const path = [...base, ...issue.path]
  if (templates.some(template => begins(path, template))) return []
  if (issue.code === 'unrecognized_keys') return [{ path, issue }]
  const below = templates.some(template => begins(template, path))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branches = issue.errors.map(list => list.flatMap(one => judge(one, path, templates)))
    const deep = branches.filter(
      branch => !branch.some(one => one.path.length === path.length && one.issue.code === 'invalid_type'),
    )
    const [best] = deep.toSorted((one, other) => one.length - other.length)
    return best ?? (below ? [] : [{ path, issue }])
  }
  return below ? [] : [{ path, issue }]
}

function problemsOf(placed: Placed, { path, issue }: Fault): Problem[] {
  const { node, block } = placed
  if (issue.code === 'unrecognized_keys') {
    // Those at the top are found by the names of the fields.
    if (path.length === 0 && fieldsOf(block)) return []
    return issue.keys.map(key => surplusAt(placed, [...path, key], []))
  }
  const field = path.length === 0 ? 'params' : `params.${pathText(path)}`
  const title = titleAt(block, path) ?? (pathText(path) || block.title)
  return valueAt(node.params, path) === undefined && path.length > 0
    ? [spot(node, field, 'param.missing', `“${title}” is not filled in.`)]
    : [spot(node, field, 'param.invalid', `“${title}” is not right: ${wordsOf(issue)}.`)]
}

function surplusAt({ node, block }: Placed, path: Path, known: readonly string[]): Problem {
  const name = String(path.at(-1))
  const guess = nearest(name, known)
  const hint = guess === null ? '' : ` Did you mean “${guess}”?`
  return spot(node, `params.${pathText(path)}`, 'param.unknown', `“${block.title}” has no setting “${name}”.${hint}`)
}

const wordsOf = ({ message }: Issue) => message.replace(/^Invalid input: /, '').replace(/\.$/, '')

function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = Reflect.get(here, part)
  }
  return here
}
