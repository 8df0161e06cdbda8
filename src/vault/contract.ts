import { z } from 'zod'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'

/** Neither line breaks nor half characters: names stand in lists, logs and error messages. */
const Name = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line of text' })
const Kind = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/, { error: 'must be a lower-case identifier such as slack or http.bearer' })
const Field = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, { error: 'must be an identifier of at most 64 characters' })
/** The largest that are met are key files of cloud providers, some thousand characters long. */
const Value = z.string().max(32_768)

/** How many values a credential may have. */
export const MOST_FIELDS = 50

/** What is said about more of them. */
export const TOO_MANY = `must have at most ${MOST_FIELDS} fields`

const few = (values: object) => Object.keys(values).length <= MOST_FIELDS
const many = { error: TOO_MANY }

/** A credential as everybody may see it: the names of its values, never the values. */
const Credential = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    fields: z.array(z.string()),
    createdAt: Time,
    createdBy: z.string().nullable(),
    updatedAt: Time,
  })
  .meta({ id: 'Credential' })

/** Lists the credentials. */
export const credentials = contract({
  method: 'get',
  path: '/api/credentials',
  area: 'credentials',
  needs: 'viewer',
  about: 'The credentials of the workspace: names, kinds and the names of their fields. Values are never returned.',
  query: Page.extend({ kind: Kind.optional() }),
  reply: listOf(Credential),
})

/** Makes a credential. */
export const createCredential = contract({
  method: 'post',
  path: '/api/credentials',
  area: 'credentials',
  needs: 'editor',
  status: 201,
  creates: true,
  about: 'Keep a credential. Its values are encrypted and cannot be read back.',
  body: z.strictObject({ name: Name, kind: Kind, values: z.record(Field, Value).refine(few, many) }),
  reply: Credential,
})

/** Changes a credential. */
export const changeCredential = contract({
  method: 'put',
  path: '/api/credentials/:id',
  area: 'credentials',
  needs: 'editor',
  about:
    'Change the name or values of a credential. A value of null removes the field; fields that are not named stay as they are.',
  params: Id,
  body: z.strictObject({ name: Name.optional(), values: z.record(Field, Value.nullable()).refine(few, many).optional() }),
  reply: Credential,
  fails: ['credential.not_found', 'credential.unreadable'],
})

/** Deletes a credential. */
export const deleteCredential = contract({
  method: 'delete',
  path: '/api/credentials/:id',
  area: 'credentials',
  needs: 'editor',
  about: 'Delete a credential for good.',
  params: Id,
  reply: Done,
  fails: ['credential.not_found'],
})
