import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { acceptInvitation, invitations, invite, lookAtInvitation, revokeInvitation } from './invitations.ts'
import { createKey, keys, revokeKey } from './keys.ts'
import { changeRole, members, removeMember } from './members.ts'
import { workspacesOf } from './queries.ts'
import { createWorkspace, deleteWorkspace, renameWorkspace, selectWorkspace } from './workspace.ts'

/** Every endpoint of workspaces, members, invitations and keys. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.workspaces, async ({ caller }) => ({ items: await workspacesOf(world.db, caller.user.id), next: null }))
  serve(frame, it.createWorkspace, given => createWorkspace(world, given))
  serve(frame, it.selectWorkspace, given => selectWorkspace(world, given))
  serve(frame, it.renameWorkspace, given => renameWorkspace(world, given))
  serve(frame, it.deleteWorkspace, given => deleteWorkspace(world, given))
  serve(frame, it.members, given => members(world, given))
  serve(frame, it.changeRole, given => changeRole(world, given))
  serve(frame, it.removeMember, given => removeMember(world, given))
  serve(frame, it.invitations, given => invitations(world, given))
  serve(frame, it.invite, given => invite(world, given))
  serve(frame, it.revokeInvitation, given => revokeInvitation(world, given))
  serve(frame, it.lookAtInvitation, given => lookAtInvitation(world, given))
  serve(frame, it.acceptInvitation, given => acceptInvitation(world, given))

  serve(frame, it.keys, given => keys(world, given))
  serve(frame, it.createKey, given => createKey(world, given))
  serve(frame, it.revokeKey, given => revokeKey(world, given))
}
