import { backup } from './backup.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'
import { rotateKey } from './rotate-key.ts'
import { start } from './start.ts'
import { user } from './user.ts'

/** Every command, in the order of the help. */
export const commands: Command[] = [start, doctor, user, migrate, backup, restore, rotateKey]
