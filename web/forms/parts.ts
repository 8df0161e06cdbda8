import type { Field } from './field.ts'

type Named = [string, Field]

/** A form in its parts: what is asked first, sections, and what only few need. */
export type Parts = {
  plain: Named[]
  sections: { title: string; fields: Named[] }[]
  advanced: { title: string | null; fields: Named[] }[]
}

/** Sorts fields into the parts of a form, each in the order in which they come. */
export function partsOf(fields: readonly Named[]): Parts {
  const simple = fields.filter(([, field]) => !field.advanced)
  const rare = fields.filter(([, field]) => field.advanced)
  return {
    plain: simple.filter(([, field]) => field.section === undefined),
    sections: grouped(simple.filter(([, field]) => field.section !== undefined)).map(([title, own]) => ({
      title: title ?? '',
      fields: own,
    })),
    advanced: grouped(rare).map(([title, own]) => ({ title, fields: own })),
  }
}

function grouped(fields: readonly Named[]): [string | null, Named[]][] {
  const found = new Map<string | null, Named[]>()
  for (const one of fields) {
    const title = one[1].section ?? null
    found.set(title, [...(found.get(title) ?? []), one])
  }
  return [...found]
}
