import { isObject } from '#sdk/given.ts'
import type { Library } from '#sdk/library.ts'
import { hinted } from '#workflows/check/schema.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { withoutSecrets } from './secret.ts'

/** Texts of a workflow are shown up to so many letters; where the whole is longer than there is room for, to fewer. */
const LETTERS = [600, 200, 60, 0]
/** The most letters of a workflow: about 4,500 tokens. */
const ROOM = 16_000

type Edge = WorkflowDocument['edges'][number]

/** A workflow as a model sees it, and the way back to what it did not see. */
export type Shown = {
  text: string
  /** Puts back what stands for something kept of a node; in another node it stands for nothing, so that no secret wanders. */
  restore(value: unknown, node: string): unknown
}

/** What a node is called: its key, or its id where another has the same key. */
export function refsOf({ nodes }: WorkflowDocument): Map<string, string> {
  const count = new Map<string, number>()
  for (const { key } of nodes) count.set(key, (count.get(key) ?? 0) + 1)
  return new Map(nodes.map(({ id, key }) => [id, key !== '' && count.get(key) === 1 ? key : id]))
}

/** Shows a workflow to a model: secrets not at all, and of what is long only the beginning. */
export function show(document: WorkflowDocument, library: Library): Shown {
  let text = ''
  let kept: Kept[] = []
  for (const letters of LETTERS) {
    kept = []
    text = JSON.stringify(shownAs(document, library, hiding(kept, letters)))
    if (text.length <= ROOM) break
  }
  return { text, restore: (value, node) => restored(value, node, kept) }
}

type Kept = { node: string; value: unknown }
type Hide = (value: unknown, node: string, secret?: boolean) => unknown

function hiding(kept: Kept[], letters: number): Hide {
  const keep = (value: unknown, node: string, beginning = '') =>
    `«kept ${kept.push({ node, value })}${beginning === '' ? '' : `: ${beginning.toWellFormed()}…`}»`
  const hide: Hide = (value, node, secret = false) => {
    if (secret || letters === 0) return keep(value, node)
    if (typeof value === 'string') {
      const clean = withoutSecrets(value)
      return clean !== value || value.length > letters || value.startsWith('«kept')
        ? keep(value, node, clean.slice(0, letters))
        : value
    }
    if (Array.isArray(value)) return value.map(one => hide(one, node))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hide(one, node)]))
  }
  return hide
}

function shownAs(document: WorkflowDocument, library: Library, hide: Hide) {
  const refs = refsOf(document)
  const { name, description, variables, settings } = document
  const edge = ({ source, sourceHandle = 'main', target }: Edge) => ({
    from: refs.get(source) ?? source,
    outlet: sourceHandle,
    to: refs.get(target) ?? target,
  })
  return {
    name,
    description,
    timezone: settings.timezone,
    variables: mapped(variables, value => hide(value, '')),
    nodes: document.nodes.map(node => {
      const key = refs.get(node.id) ?? node.id
      const block = library.find(node.block, node.version)
      const secret = new Set(block ? hinted(block, node.params, 'secret').map(({ path }) => String(path[0])) : [])
      const {
        id: _id,
        key: _key,
        block: named,
        version: _version,
        name: _name,
        params,
        parent,
        credential,
        notes,
        ...rest
      } = node
      const more = { ...rest, ...(notes === undefined ? {} : { notes: hide(notes, key) }) }
      return {
        key,
        block: named,
        name: node.name ?? '',
        params: mapped(params, (value, field) => hide(value, key, secret.has(field))),
        ...(parent === undefined ? {} : { inside: refs.get(parent) ?? parent }),
        ...(credential === undefined ? {} : { credential }),
        ...(Object.keys(more).length === 0 ? {} : { settings: more }),
      }
    }),
    edges: document.edges.map(edge),
  }
}

const mapped = (of: Record<string, unknown>, each: (value: unknown, name: string) => unknown) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, each(value, name)]))

function restored(value: unknown, node: string, kept: readonly Kept[]): unknown {
  if (typeof value === 'string') {
    const number = /^«kept (\d{1,5})[:»]/.exec(value)?.[1]
    if (number === undefined) return value
    const found = kept[Number(number) - 1]
    return found?.node === node ? found.value : null
  }
  if (Array.isArray(value)) return value.map(one => restored(one, node, kept))
  return isObject(value) ? mapped(value, one => restored(one, node, kept)) : value
}
