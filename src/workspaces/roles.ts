import { ROLES, type Role } from '#http/caller.ts'

/** Is the role that somebody has enough? The only place where roles are compared. */
export const atLeast = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs)

/** The smaller of two roles. */
export const smaller = (one: Role, other: Role): Role => (atLeast(one, other) ? other : one)

/** The role that is written in a row. A word that is no role gives nothing more than looking. */
export const roleOf = (text: string): Role => ROLES.find(role => role === text) ?? 'viewer'
