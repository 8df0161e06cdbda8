import { z } from 'zod'
import { ROLES } from '#http/caller.ts'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'

/** An e-mail address; all of ours are in small letters. */
export const Email = z
  .email({ error: 'must be an e-mail address' })
  .max(254)
  .transform(text => text.toLowerCase())

/** What people call a thing or themselves. */
export const Name = z.string().trim().min(1, { error: 'must not be empty' }).max(100)

/** The secret part of a link. */
export const Token = z.string().min(1).max(500)

/** A role of a workspace. */
export const Role = z.enum(ROLES)

/** A workspace, as one of its members sees it. */
export const Workspace = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    createdAt: Time,
    onFailure: z.string().nullable().meta({
      description: 'The workflow that is started when an execution fails whose own workflow names none.',
    }),
    quota: z.number().nullable().meta({
      description: 'How many of its executions may be queued or running at once; null for what the installation allows.',
    }),
  })
  .meta({ id: 'Workspace' })

/** Lists the caller's workspaces. */
export const workspaces = contract({
  method: 'get',
  path: '/api/workspaces',
  area: 'workspaces',
  needs: 'person',
  about: 'The workspaces you are a member of.',
  reply: z.object({ items: z.array(Workspace), next: z.null() }),
})

/** Makes a workspace. */
export const createWorkspace = contract({
  method: 'post',
  path: '/api/workspaces',
  area: 'workspaces',
  needs: 'person',
  inPerson: true,
  status: 201,
  creates: true,
  about: 'Make a workspace; you own it.',
  body: z.strictObject({ name: Name }),
  reply: Workspace,
  fails: ['workspace.creation_closed'],
})

/** Makes a workspace the active one of the session. */
export const selectWorkspace = contract({
  method: 'post',
  path: '/api/workspaces/:id/select',
  area: 'workspaces',
  needs: 'person',
  inPerson: true,
  about: 'Make this the active workspace of the session.',
  params: Id,
  reply: Workspace,
  fails: ['workspace.not_found'],
})

const Quota = z.number().int().min(1).max(10_000_000)

/** Renames the workspace, or names the workflow for what fails in it. */
export const renameWorkspace = contract({
  method: 'patch',
  path: '/api/workspace',
  area: 'workspaces',
  needs: 'admin',
  about:
    'Rename the active workspace, name the workflow that is started when an execution fails (null for none), or say how many executions may be under way (`quota`; null for what the installation allows).',
  body: z.strictObject({
    name: Name.optional(),
    onFailure: Id.shape.id.nullable().optional(),
    quota: Quota.nullable().optional(),
  }),
  reply: Workspace,
})

/** Deletes the workspace. */
export const deleteWorkspace = contract({
  method: 'delete',
  path: '/api/workspace',
  area: 'workspaces',
  needs: 'owner',
  inPerson: true,
  about: 'Delete the active workspace with everything in it. `name` must be its name.',
  query: z.strictObject({ name: z.string() }),
  reply: Done,
})

const Member = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: Role, joinedAt: Time, you: z.boolean() })
  .meta({ id: 'Member' })

/** Lists the members. */
export const members = contract({
  method: 'get',
  path: '/api/members',
  area: 'workspaces',
  needs: 'viewer',
  about: 'The members of the workspace; `id` is the id of the person.',
  query: Page,
  reply: listOf(Member),
})

/** Changes a role. */
export const changeRole = contract({
  method: 'patch',
  path: '/api/members/:id',
  area: 'workspaces',
  needs: 'admin',
  about: 'Change the role of a member. Nobody gives or takes a role above their own.',
  params: Id,
  body: z.strictObject({ role: Role }),
  reply: Member,
  fails: ['member.not_found', 'role.too_high', 'member.last_owner'],
})

/** Removes a member. */
export const removeMember = contract({
  method: 'delete',
  path: '/api/members/:id',
  area: 'workspaces',
  needs: 'viewer',
  about: 'Remove a member (admin), or leave (your own id). Their keys for this workspace end with it.',
  params: Id,
  reply: Done,
  fails: ['member.not_found', 'role.too_small', 'role.too_high', 'member.last_owner'],
})

const Invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    role: Role,
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    invitedBy: z.string().nullable(),
    createdAt: Time,
    expiresAt: Time,
  })
  .meta({ id: 'Invitation' })

/** Lists the invitations. */
export const invitations = contract({
  method: 'get',
  path: '/api/invitations',
  area: 'workspaces',
  needs: 'admin',
  about: 'The invitations of the workspace.',
  query: Page,
  reply: listOf(Invitation),
})

/** Invites somebody. */
export const invite = contract({
  method: 'post',
  path: '/api/invitations',
  area: 'workspaces',
  needs: 'admin',
  status: 201,
  creates: true,
  about:
    'Invite somebody by e-mail. `link` is shown once: it was mailed, or, without a mail server, printed in the log; you can also send it yourself.',
  body: z.strictObject({ email: Email, role: Role.default('editor') }),
  reply: Invitation.extend({ link: z.string(), sent: z.enum(['mail', 'log', 'failed']) }),
  fails: ['role.too_high', 'member.exists'],
})

/** Takes an invitation back. */
export const revokeInvitation = contract({
  method: 'delete',
  path: '/api/invitations/:id',
  area: 'workspaces',
  needs: 'admin',
  about: 'Take an invitation back.',
  params: Id,
  reply: Done,
  fails: ['invitation.not_found'],
})

/** Looks at an invitation by the token of its link. */
export const lookAtInvitation = contract({
  method: 'post',
  path: '/api/invitations/look',
  area: 'workspaces',
  needs: 'nobody',
  rate: 60,
  about: 'What an invitation is for, by the token from its link.',
  body: z.strictObject({ token: Token }),
  reply: z.object({
    workspace: z.string(),
    email: z.string(),
    role: Role,
    invitedBy: z.string().nullable(),
    hasAccount: z.boolean(),
  }),
  fails: ['invitation.not_found'],
})

/** Accepts an invitation. */
export const acceptInvitation = contract({
  method: 'post',
  path: '/api/invitations/accept',
  area: 'workspaces',
  needs: 'person',
  inPerson: true,
  about: 'Join the workspace of an invitation; it becomes the active one.',
  body: z.strictObject({ token: Token }),
  reply: Workspace,
  fails: ['invitation.not_found', 'invitation.other_email'],
})

const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    start: z.string(),
    owner: z.string(),
    createdAt: Time,
    expiresAt: Time.nullable(),
    usedAt: Time.nullable(),
    startsPerMinute: z
      .number()
      .nullable()
      .meta({ description: 'How many executions it may start in a minute; null for what the installation says.' }),
    atOnce: z
      .number()
      .nullable()
      .meta({ description: 'How many executions it may have queued or running; null for what the installation says.' }),
    state: z.enum(['active', 'expired', 'revoked']),
  })
  .meta({ id: 'ApiKey' })

/** Lists the API keys. */
export const keys = contract({
  method: 'get',
  path: '/api/keys',
  area: 'keys',
  needs: 'viewer',
  about: 'Your API keys for the workspace; an admin sees those of all members.',
  query: Page,
  reply: listOf(Key),
})

/** Makes an API key. */
export const createKey = contract({
  method: 'post',
  path: '/api/keys',
  area: 'keys',
  needs: 'viewer',
  inPerson: true,
  status: 201,
  creates: true,
  about:
    'Make an API key for the workspace. `key` is shown once. Its role is at most yours, now and later. `startsPerMinute` and `atOnce` bound the executions it starts.',
  body: z.strictObject({
    name: Name,
    role: Role.optional(),
    expiresAt: Time.optional(),
    startsPerMinute: z.number().int().min(1).max(1_000_000).optional(),
    atOnce: z.number().int().min(1).max(1_000_000).optional(),
  }),
  reply: Key.extend({ key: z.string() }),
  fails: ['role.too_high'],
})

/** Revokes an API key. */
export const revokeKey = contract({
  method: 'delete',
  path: '/api/keys/:id',
  area: 'keys',
  needs: 'viewer',
  about: 'Revoke an API key: your own, or as an admin any.',
  params: Id,
  reply: Done,
  fails: ['key.not_found'],
})
