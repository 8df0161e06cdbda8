import { z } from 'zod'

const name = z.string().trim().min(1).max(64).meta({ title: 'Name', description: 'A word or a few, such as billing.' })

const Label = z
  .union([
    name,
    z.strictObject({
      name,
      description: z.string().max(2_000).optional().meta({
        title: 'What belongs to it',
        description: 'Such as: everything about invoices, prices and refunds.',
      }),
    }),
  ])
  .meta({ title: 'Class' })

/** A class as it is used. */
export type Label = { name: string; description: string }

/** Classes, as names or with what belongs to each. No two may have the same name, and none that of an outlet that is there anyway. */
export const labels = (taken: readonly string[]) =>
  z
    .array(Label)
    .min(1)
    .max(100)
    .transform(list =>
      list.map(one =>
        typeof one === 'string' ? { name: one, description: '' } : { name: one.name, description: one.description ?? '' },
      ),
    )
    .refine(list => new Set(list.map(one => one.name.toLowerCase())).size === list.length, 'Two classes have the same name.')
    .refine(
      list => !list.some(one => taken.includes(one.name.toLowerCase())),
      `An outlet has this name already: ${taken.join(', ')}.`,
    )

/** The classes, for a model. */
export const told = (list: readonly Label[]): string =>
  list.map(one => (one.description === '' ? `- ${one.name}` : `- ${one.name}: ${one.description}`)).join('\n')
