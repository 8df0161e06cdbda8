import type { Command } from './command.ts'

/** Every command, in the order of the help; loaded when it is asked for, because the server needs none of the others. */
export const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).start,
  doctor: async () => (await import('./doctor.ts')).doctor,
  user: async () => (await import('./user.ts')).user,
  migrate: async () => (await import('./migrate.ts')).migrate,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  'rotate-key': async () => (await import('./rotate-key.ts')).rotateKey,
}
