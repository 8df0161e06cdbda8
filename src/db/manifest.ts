import { z } from 'zod'
import { Stop } from '#errors.ts'

const Count = z.number().int().nonnegative()
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The first file of a backup: what the rest is. */
export const Manifest = z.strictObject({
  format: z.literal('promptpilot-backup'),
  version: z.literal(1),
  kind: z.enum(['sqlite', 'postgres']),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.string()),
  /** Rows of each table. */
  counts: z.record(z.string(), Count),
  database: z.strictObject({ size: Count, sha256: Sha256 }),
  /** The SHA-256 of the key file, where it was asked for. */
  key: Sha256.nullable(),
})

/** What a backup says about itself. */
export type Manifest = z.infer<typeof Manifest>

/** The last file of a backup: without it the backup is not whole. */
export const End = z.strictObject({
  files: Count,
  bytes: Count,
  /** Files that the database knew and that were gone, at most a hundred of them. */
  missing: z.array(z.string()),
  missingCount: Count,
})

/** What a backup says when it is through. */
export type End = z.infer<typeof End>

/** Names of the files of a backup. */
export const NAMES = { manifest: 'manifest.json', database: 'database', key: 'key', end: 'end.json', files: 'files/' }

/** Reads a manifest; says so where it is not one, or one of a later time. */
export function parseManifest(text: string): Manifest {
  const shape = z.looseObject({ format: z.string(), version: z.number() }).safeParse(json(text))
  if (!shape.success || shape.data.format !== 'promptpilot-backup') throw new Stop('This is not a backup of PromptPilot.')
  if (shape.data.version > 1) throw new Stop('The backup was made by a newer PromptPilot, which must also restore it.')
  return parse(Manifest, text, NAMES.manifest)
}

/** Reads the end of a backup. */
export const parseEnd = (text: string): End => parse(End, text, NAMES.end)

function parse<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const parsed = schema.safeParse(json(text))
  if (parsed.success) return parsed.data
  throw new Stop(`The backup is damaged: ${name} is not as it was written.`, { cause: parsed.error })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
