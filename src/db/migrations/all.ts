import type { Migration } from '#db/migration.ts'
import { house } from './0001-house.ts'
import { engine } from './0002-engine.ts'
import { kept } from './0003-kept.ts'
import { triggers } from './0004-triggers.ts'
import { models } from './0005-models.ts'
import { usage } from './0006-usage.ts'
import { memories } from './0007-memories.ts'
import { mcp } from './0008-mcp.ts'

/** Every migration, in the order in which they are done. A published one is never changed. */
export const migrations: readonly Migration[] = [house, engine, kept, triggers, models, usage, memories, mcp]
