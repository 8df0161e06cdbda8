import type { Context } from '#sdk/context.ts'
import { isObject } from '#sdk/given.ts'
import { reach } from '#sdk/reach.ts'

/** Reads, of an entry and its number, one value for each field that was named. */
export type Reader = (item: unknown, index: number) => unknown[]

const isTemplate = (text: string | undefined) => text !== undefined && /\{[{%]/.test(text)

/**
 * Reads fields of entries. Each is a path, such as `customer.name`, or an expression that is filled for each entry; nothing means the entry itself.
 * `name` is the parameter, one of those filled later, in whose list the fields stand.
 */
export function readerOf(
  context: Pick<Context, 'filler'>,
  name: string,
  fields: readonly { field?: string | undefined }[],
): Reader {
  const fill = fields.some(one => isTemplate(one.field)) ? context.filler(name) : null
  return (item, index) => {
    const filled = fill?.({ item, index })
    return fields.map(({ field }, at) => {
      if (!field) return item
      if (!isTemplate(field)) return reach(item, field)
      const one = Array.isArray(filled) ? filled[at] : null
      return isObject(one) ? one.field : null
    })
  }
}
