import type { z } from 'zod'
import type { Library } from '#sdk/library.ts'
import { canonical, sorted } from '#workflows/canonical.ts'
import { blockOf, calledIn, NAMED } from '#workflows/check/links.ts'
import { hinted } from '#workflows/check/schema.ts'
import { isTemplate } from '#workflows/check/spot.ts'
import { FORMAT } from '#workflows/contract.ts'
import type { Drawn, WorkflowDocument } from '#workflows/document.ts'
import type * as contract from './contract.ts'

type Node = WorkflowDocument['nodes'][number]
type Params = Node['params']
type Wanted = { kind: string; name: string }

/** How the things that a workflow refers to are called here, by their ids. */
export type Names = { credentials: ReadonlyMap<string, Wanted>; workflows: ReadonlyMap<string, string> }

/** Which ids things have here, by how files name them. */
export type Found = { credential(wanted: Wanted): string | null; workflow(name: string): string | null }

/** A workflow as a file: the same workflow gives the same bytes, here and wherever it is imported. */
export function toFile(document: WorkflowDocument, library: Library, names: Names): string {
  const nodes = document.nodes.map(({ credential, ...node }) => {
    const wanted = credential === undefined ? null : (names.credentials.get(credential) ?? wantedOf(credential))
    return { ...node, params: paramsOut(node, library, names), ...(wanted ? { credential: wanted } : {}) }
  })
  const settings = settingsOut(document.settings, names)
  return `${canonical({ format: FORMAT, ...sorted({ ...document, nodes, settings }) }, '  ')}\n`
}

/** The workflow of a file. What it refers to and is not here stays named, so that the checks can say what is missing. */
export function fromFile(body: z.output<typeof contract.importWorkflow.body>, library: Library, found: Found): Drawn {
  const { name, description, edges, layout, variables } = body
  const settings = settingsIn(body.settings, found)
  const nodes = body.nodes.map(({ credential, ...node }) => {
    const wanted = typeof credential === 'string' ? wantedOf(credential) : credential
    const id = wanted ? (found.credential(wanted) ?? `${wanted.kind}:${wanted.name}`) : credential
    const params = paramsIn(node, library, found)
    return { ...node, params, ...(typeof id === 'string' ? { credential: id } : {}) }
  })
  return { name, description, nodes, edges, layout, variables, settings }
}

/** Of `slack.bot:Team` the kind and the name; null for an id. */
export function wantedOf(credential: string): Wanted | null {
  const at = credential.indexOf(':')
  return at < 0 ? null : { kind: credential.slice(0, at), name: credential.slice(at + 1) }
}

/** Takes out what belongs to this installation: secrets, files and ids. */
function paramsOut(node: Omit<Node, 'credential'>, library: Library, { workflows }: Names): Params {
  const block = blockOf(node, library)
  if (!block) return node.params
  const params = structuredClone(node.params)
  for (const { path, value } of calledIn(node, library)) {
    const name = workflows.get(value)
    if (name !== undefined) put(params, path, NAMED + name)
    else if (!value.startsWith(NAMED)) put(params, path, undefined)
  }
  for (const { path, value } of hinted(block, node.params, 'secret')) if (!isTemplate(value)) put(params, path, undefined)
  for (const { path, value } of hinted(block, node.params, 'file')) if (isOurFile(value)) put(params, path, undefined)
  return params
}

/** The workflow for when it fails is named, as those in nodes are. */
function settingsOut(
  { onFailure, ...settings }: WorkflowDocument['settings'],
  { workflows }: Names,
): WorkflowDocument['settings'] {
  const name = onFailure === undefined ? undefined : workflows.get(onFailure)
  if (name !== undefined) return { ...settings, onFailure: NAMED + name }
  return onFailure?.startsWith(NAMED) ? { ...settings, onFailure } : settings
}

function settingsIn(settings: WorkflowDocument['settings'], found: Found): WorkflowDocument['settings'] {
  const { onFailure } = settings
  const id = onFailure?.startsWith(NAMED) ? found.workflow(onFailure.slice(NAMED.length)) : null
  return id === null ? settings : { ...settings, onFailure: id }
}

const isOurFile = (value: unknown) => (typeof value === 'string' ? /^file_\w+$/.test(value) : typeof value === 'object')

function paramsIn(node: Drawn['nodes'][number], library: Library, found: Found): Params {
  const params = structuredClone(node.params)
  for (const { path, value } of calledIn(node, library)) {
    const id = value.startsWith(NAMED) ? found.workflow(value.slice(NAMED.length)) : null
    if (id !== null) put(params, path, id)
  }
  return params
}

/** Puts a value where a path leads; undefined takes away what is there, in a list by null, so that the others keep their place. */
function put(params: Params, path: readonly (string | number)[], value: unknown): void {
  let here: unknown = params
  for (const part of path.slice(0, -1)) here = typeof here === 'object' && here !== null ? Reflect.get(here, part) : null
  const last = path.at(-1)
  if (typeof here !== 'object' || here === null || last === undefined) return
  if (value === undefined && !Array.isArray(here)) Reflect.deleteProperty(here, last)
  else Reflect.set(here, last, value ?? null)
}
