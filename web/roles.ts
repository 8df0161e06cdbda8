import { ROLES, type Role } from '#http/caller.ts'
import type { Contract } from '#http/contract.ts'

/** Is the role that somebody has enough? */
export const atLeast = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs)

/** The role a call asks for, where the caller's is too small; null where it may go ahead. */
export function missing(contract: Pick<Contract, 'needs'>, has: Role | null): Role | null {
  const { needs } = contract
  if (needs === 'nobody' || needs === 'person') return null
  return has !== null && atLeast(has, needs) ? null : needs
}

/** The roles somebody may give: their own and those below, highest first. */
export const givable = (has: Role): Role[] => ROLES.filter(role => atLeast(has, role)).reverse()
