import { z } from 'zod'
import { contract } from '#http/contract.ts'
import { GivenDocument } from '#workflows/contract.ts'

/** The languages templates are written in. */
export const TONGUES = ['en', 'de'] as const

const Template = z
  .object({
    id: z.string(),
    name: z.string(),
    about: z.string(),
    icon: z.string(),
    document: GivenDocument.meta({ description: 'As `POST /api/workflows` takes it.' }),
    example: z.unknown().meta({ description: 'An input to try it with.' }),
  })
  .meta({ id: 'Template' })

/** Workflows to begin with. */
export const templates = contract({
  method: 'get',
  path: '/api/templates',
  area: 'workflows',
  needs: 'viewer',
  about: 'Workflows to begin with. They run as they are, on the demo model and without any credential.',
  query: z.strictObject({ language: z.enum(TONGUES).default('en') }),
  reply: z.object({ items: z.array(Template), next: z.null() }),
})
