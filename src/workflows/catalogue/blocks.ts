import type { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { Block, Credential } from '#sdk/define.ts'
import type { Library } from '#sdk/library.ts'
import { inputOf, jsonSchema } from '#workflows/check/schema.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'

type Shown = z.output<typeof contract.block.reply>

const catalogues = new WeakMap<Library, Shown[]>()
const shown = new WeakMap<Block, Shown>()

/** Every block in its newest version. Made once, for it never changes while the process runs. */
export function blocks({ library }: World) {
  const items = catalogues.get(library) ?? library.blocks.map(block => show(library, block))
  catalogues.set(library, items)
  return { items, next: null }
}

/** One block. */
export function block({ library }: World, { params, query }: Given<typeof contract.block>): Shown {
  const found = query.version === undefined ? library.newest(params.block) : library.find(params.block, query.version)
  if (!found) throw new Fault('block.not_found')
  return show(library, found)
}

/** Every connector with its kinds of credential. */
export function connectors({ library }: World) {
  const items = library.connectors.map(({ id, title, about, blocks: own, credentials = [] }) => {
    const used = [...credentials, ...own.flatMap(one => one.credentials ?? [])]
    const kinds = [...new Map(used.map(one => [one.id, one])).values()]
    const ids = [...new Set(own.map(one => one.id))]
    return { id, title, about, blocks: ids, credentials: kinds.map(showCredential) }
  })
  return { items, next: null }
}

function show(library: Library, it: Block): Shown {
  const known = shown.get(it)
  if (known) return known
  const { id, version, title, about, group, icon, start, loop = null, outlets = ['main'], example } = it
  const made: Shown = {
    id,
    version,
    connector: library.connectors.find(one => one.blocks.includes(it))?.id ?? '',
    title,
    about,
    group,
    icon,
    start: start?.kind ?? null,
    loop,
    effect: typeof it.effect === 'function' ? 'depends' : it.effect,
    outlets: 'each' in outlets ? null : [...outlets],
    outletsBy:
      'each' in outlets ? { each: outlets.each, first: [...(outlets.first ?? [])], last: [...(outlets.last ?? [])] } : null,
    input: inputOf(it),
    output: jsonSchema(it.output, 'output'),
    verbatim: [...(it.verbatim ?? [])],
    later: [...(it.later ?? [])],
    perTurn: [...(it.perTurn ?? [])],
    credentials: (it.credentials ?? []).map(one => one.id),
    credentialNeeded: it.credentialNeeded === true,
    example,
  }
  shown.set(it, made)
  return made
}

function showCredential({ id, title, about, fields }: Credential) {
  const schema = jsonSchema(fields, 'input')
  const secrets = Object.entries(fields.shape).flatMap(([name, field]) => (isSecret(field) ? [name] : []))
  return { id, title, about, fields: schema, secrets }
}

const isSecret = (field: unknown): boolean =>
  typeof field === 'object' &&
  field !== null &&
  'meta' in field &&
  typeof field.meta === 'function' &&
  field.meta()?.ui === 'secret'
