import type { Reply } from '#http/contract.ts'
import type { connectors } from '#workflows/catalogue/contract.ts'

/** A kind of credential, with its fields. */
export type CredentialKind = Reply<typeof connectors>['items'][number]['credentials'][number]

/** The kinds of these ids, in their order. */
export function kindsOf(ids: readonly string[], all: readonly { credentials: CredentialKind[] }[]): CredentialKind[] {
  const known = new Map(all.flatMap(one => one.credentials.map(kind => [kind.id, kind] as const)))
  return ids.flatMap(id => known.get(id) ?? [])
}

/** The values as the vault takes them: texts. */
export const textsOf = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, typeof value === 'string' ? value : String(value)]],
    ),
  )

/** The fields that must be there and are not. */
export function missingIn({ fields }: CredentialKind, values: Record<string, unknown>): string[] {
  const required = Array.isArray(fields.required) ? fields.required.filter(name => typeof name === 'string') : []
  const properties = typeof fields.properties === 'object' && fields.properties !== null ? fields.properties : {}
  return required.filter(name => {
    const property: unknown = Reflect.get(properties, name)
    const hasDefault = typeof property === 'object' && property !== null && 'default' in property
    return !hasDefault && (values[name] === undefined || values[name] === '')
  })
}
