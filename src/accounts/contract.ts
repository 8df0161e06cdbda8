import { z } from 'zod'
import { ROLES } from '#http/caller.ts'
import { contract, listOf, Page, raw } from '#http/contract.ts'

const Email = z.email({ error: 'must be an e-mail address' }).max(254).transform(text => text.toLowerCase())
const Password = z.string().min(10, { error: 'must have at least 10 characters' }).max(128)
const Name = z.string().trim().min(1, { error: 'must not be empty' }).max(100)
const Token = z.string().min(1).max(500)
const Time = z.iso.datetime()
const Id = z.strictObject({ id: z.string().min(1).max(64) })
const Done = z.object({ ok: z.literal(true) })
/** Where the session was renewed, `token` is its new bearer token. */
const Renewed = z.object({ ok: z.literal(true), token: z.string().nullable() })

/** A role of a workspace. */
export const Role = z.enum(ROLES)

/** A person, as the person sees it. */
export const User = z
  .object({ id: z.string(), email: z.string(), name: z.string(), emailVerified: z.boolean(), twoFactor: z.boolean(), ownsInstance: z.boolean(), createdAt: Time })
  .meta({ id: 'User' })

const Workspace = z.object({ id: z.string(), name: z.string(), role: Role, createdAt: Time }).meta({ id: 'Workspace' })
const SignedIn = z.object({ token: z.string().nullable(), user: User }).meta({ id: 'SignedIn' })

/** What the sign-in screen offers. */
export const ways = contract({
  method: 'get', path: '/api/auth/ways', area: 'accounts', needs: 'nobody',
  about: 'Which ways to sign in and to register this installation offers.',
  reply: z.object({
    /** first: nobody has an account yet; the first one owns the installation. */
    register: z.enum(['first', 'open', 'invited']),
    mail: z.boolean(),
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
})

/** Makes an account. */
export const register = contract({
  method: 'post', path: '/api/auth/register', area: 'accounts', needs: 'nobody', status: 201, rate: 20,
  about: 'Make an account. The first one owns the installation; later ones need an invitation unless OPEN_SIGNUP is on. `token` is null while the e-mail address has to be confirmed.',
  body: z.strictObject({ email: Email, password: Password, name: Name, invitation: Token.optional() }),
  reply: SignedIn,
  fails: ['auth.signup_closed', 'auth.email_taken', 'auth.weak_password', 'invitation.not_found', 'invitation.other_email'],
})

/** Starts a session. */
export const login = contract({
  method: 'post', path: '/api/auth/login', area: 'accounts', needs: 'nobody', rate: 60,
  about: 'Start a session: sets the cookie and answers with a bearer token. With two-factor on, `code` is the six digits or a recovery code; without it the answer is auth.code_needed.',
  body: z.strictObject({ email: Email, password: z.string().max(1000), code: z.string().trim().max(40).optional() }),
  reply: z.object({ token: z.string(), user: User }),
  fails: ['auth.wrong_login', 'auth.code_needed', 'auth.wrong_code', 'auth.email_unverified'],
})

/** Ends the session. */
export const logout = contract({
  method: 'post', path: '/api/auth/logout', area: 'accounts', needs: 'person', inPerson: true,
  about: 'End this session.',
  reply: Done,
})

/** Begins a sign-in at a provider. */
export const provider = contract({
  method: 'post', path: '/api/auth/provider', area: 'accounts', needs: 'nobody', rate: 60,
  about: 'Begin a sign-in at an outside provider: send the browser to `url`.',
  body: z.strictObject({ provider: z.string().max(40), next: z.string().max(500).startsWith('/').default('/') }),
  reply: z.object({ url: z.string() }),
  fails: ['auth.refused'],
})

/** Asks for a link to set a new password. */
export const forgot = contract({
  method: 'post', path: '/api/auth/forgot', area: 'accounts', needs: 'nobody', status: 202, rate: 10,
  about: 'Ask for a link to set a new password. The answer is the same whether or not there is such an account; `by` says where the link went.',
  body: z.strictObject({ email: Email }),
  reply: z.object({ by: z.enum(['mail', 'log']) }),
})

/** Sets a new password with the token of the link. */
export const reset = contract({
  method: 'post', path: '/api/auth/reset', area: 'accounts', needs: 'nobody', rate: 20,
  about: 'Set a new password with the token from the link. Ends all sessions.',
  body: z.strictObject({ token: Token, password: Password }),
  reply: Done,
  fails: ['auth.bad_token', 'auth.weak_password'],
})

/** Confirms an e-mail address with the token of the link. */
export const confirm = contract({
  method: 'post', path: '/api/auth/confirm', area: 'accounts', needs: 'nobody', rate: 20,
  about: 'Confirm an e-mail address with the token from the link.',
  body: z.strictObject({ token: z.string().min(1).max(2000) }),
  reply: Done,
  fails: ['auth.bad_token'],
})

/** Who am I? */
export const me = contract({
  method: 'get', path: '/api/me', area: 'accounts', needs: 'person',
  about: 'The caller, the active workspace and role, and all workspaces.',
  reply: z.object({ user: User, workspace: z.string().nullable(), role: Role.nullable(), workspaces: z.array(Workspace), via: z.enum(['session', 'key']), mayCreateWorkspaces: z.boolean() }),
})

/** Changes the name. */
export const rename = contract({
  method: 'patch', path: '/api/me', area: 'accounts', needs: 'person', inPerson: true,
  about: 'Change your name.',
  body: z.strictObject({ name: Name }),
  reply: User,
})

/** Lists the sessions. */
export const sessions = contract({
  method: 'get', path: '/api/me/sessions', area: 'accounts', needs: 'person', inPerson: true,
  about: 'Your sessions.',
  reply: z.object({
    items: z.array(z.object({ id: z.string(), current: z.boolean(), address: z.string().nullable(), agent: z.string().nullable(), createdAt: Time, expiresAt: Time })),
    next: z.null(),
  }),
})

/** Ends one session. */
export const endSession = contract({
  method: 'delete', path: '/api/me/sessions/:id', area: 'accounts', needs: 'person', inPerson: true,
  about: 'End one of your sessions.',
  params: Id, reply: Done, fails: ['session.not_found'],
})

/** Ends all other sessions. */
export const endSessions = contract({
  method: 'delete', path: '/api/me/sessions', area: 'accounts', needs: 'person', inPerson: true,
  about: 'End all your sessions but this one.',
  reply: Done,
})

/** Changes the password. */
export const changePassword = contract({
  method: 'post', path: '/api/me/password', area: 'accounts', needs: 'person', inPerson: true, rate: 20,
  about: 'Change your password. Ends your other sessions.',
  body: z.strictObject({ current: z.string().max(1000), password: Password }),
  reply: Done,
  fails: ['auth.wrong_password', 'auth.weak_password'],
})

/** Begins two-factor. */
export const enableTwoFactor = contract({
  method: 'post', path: '/api/me/two-factor', area: 'accounts', needs: 'person', inPerson: true, rate: 20,
  about: 'Begin two-factor sign-in: the address for the authenticator and the recovery codes, shown once. It is on after the first code was confirmed.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) }),
  fails: ['auth.wrong_password'],
})

/** Turns two-factor on with a first code. */
export const confirmTwoFactor = contract({
  method: 'post', path: '/api/me/two-factor/confirm', area: 'accounts', needs: 'person', inPerson: true, rate: 20,
  about: 'Turn two-factor on with a first code from the authenticator.',
  body: z.strictObject({ code: z.string().trim().max(20) }),
  reply: Renewed,
  fails: ['auth.wrong_code'],
})

/** Turns two-factor off. */
export const disableTwoFactor = contract({
  method: 'post', path: '/api/me/two-factor/disable', area: 'accounts', needs: 'person', inPerson: true, rate: 20,
  about: 'Turn two-factor off.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: Renewed,
  fails: ['auth.wrong_password'],
})

/** Makes new recovery codes. */
export const recoveryCodes = contract({
  method: 'post', path: '/api/me/two-factor/recovery-codes', area: 'accounts', needs: 'person', inPerson: true, rate: 20,
  about: 'New recovery codes, shown once; the old ones end.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
  fails: ['auth.wrong_password'],
})

/** Everything we know about a person. */
export const exportAccount = contract({
  method: 'get', path: '/api/me/export', area: 'accounts', needs: 'person', inPerson: true,
  about: 'Everything this installation keeps about you, as JSON.',
  reply: z.record(z.string(), z.unknown()),
})

/** Erases a person and everything that is theirs. */
export const erase = contract({
  method: 'post', path: '/api/me/erase', area: 'accounts', needs: 'person', inPerson: true, rate: 10,
  about: 'Erase your account with everything that is yours alone, at once and for good. `password` may be left out by a person who has none and signed in within the last five minutes.',
  body: z.strictObject({ password: z.string().max(1000).optional() }),
  reply: Done,
  fails: ['auth.wrong_password', 'auth.fresh_needed', 'account.sole_owner', 'account.instance_owner'],
})

/** Lists the caller's workspaces. */
export const workspaces = contract({
  method: 'get', path: '/api/workspaces', area: 'workspaces', needs: 'person',
  about: 'The workspaces you are a member of.',
  reply: z.object({ items: z.array(Workspace), next: z.null() }),
})

/** Makes a workspace. */
export const createWorkspace = contract({
  method: 'post', path: '/api/workspaces', area: 'workspaces', needs: 'person', inPerson: true, status: 201, creates: true,
  about: 'Make a workspace; you own it.',
  body: z.strictObject({ name: Name }),
  reply: Workspace,
  fails: ['workspace.creation_closed'],
})

/** Makes a workspace the active one of the session. */
export const selectWorkspace = contract({
  method: 'post', path: '/api/workspaces/:id/select', area: 'workspaces', needs: 'person', inPerson: true,
  about: 'Make this the active workspace of the session.',
  params: Id, reply: Workspace, fails: ['workspace.not_found'],
})

/** Renames the workspace. */
export const renameWorkspace = contract({
  method: 'patch', path: '/api/workspace', area: 'workspaces', needs: 'admin',
  about: 'Rename the active workspace.',
  body: z.strictObject({ name: Name }),
  reply: Workspace,
})

/** Deletes the workspace. */
export const deleteWorkspace = contract({
  method: 'delete', path: '/api/workspace', area: 'workspaces', needs: 'owner', inPerson: true,
  about: 'Delete the active workspace with everything in it. `name` must be its name.',
  query: z.strictObject({ name: z.string() }),
  reply: Done,
})

const Member = z.object({ id: z.string(), name: z.string(), email: z.string(), role: Role, joinedAt: Time, you: z.boolean() }).meta({ id: 'Member' })

/** Lists the members. */
export const members = contract({
  method: 'get', path: '/api/members', area: 'workspaces', needs: 'viewer',
  about: 'The members of the workspace; `id` is the id of the person.',
  query: Page, reply: listOf(Member),
})

/** Changes a role. */
export const changeRole = contract({
  method: 'patch', path: '/api/members/:id', area: 'workspaces', needs: 'admin',
  about: 'Change the role of a member. Nobody gives or takes a role above their own.',
  params: Id, body: z.strictObject({ role: Role }), reply: Member,
  fails: ['member.not_found', 'role.too_high', 'member.last_owner'],
})

/** Removes a member. */
export const removeMember = contract({
  method: 'delete', path: '/api/members/:id', area: 'workspaces', needs: 'viewer',
  about: 'Remove a member (admin), or leave (your own id). Their keys for this workspace end with it.',
  params: Id, reply: Done, fails: ['member.not_found', 'role.too_small', 'role.too_high', 'member.last_owner'],
})

const Invitation = z
  .object({ id: z.string(), email: z.string(), role: Role, state: z.enum(['open', 'accepted', 'revoked', 'expired']), invitedBy: z.string().nullable(), createdAt: Time, expiresAt: Time })
  .meta({ id: 'Invitation' })

/** Lists the invitations. */
export const invitations = contract({
  method: 'get', path: '/api/invitations', area: 'workspaces', needs: 'admin',
  about: 'The invitations of the workspace.',
  query: Page, reply: listOf(Invitation),
})

/** Invites somebody. */
export const invite = contract({
  method: 'post', path: '/api/invitations', area: 'workspaces', needs: 'admin', status: 201, creates: true,
  about: 'Invite somebody by e-mail. `link` is shown once: it was mailed, or, without a mail server, printed in the log; you can also send it yourself.',
  body: z.strictObject({ email: Email, role: Role.default('editor') }),
  reply: Invitation.extend({ link: z.string(), sent: z.enum(['mail', 'log', 'failed']) }),
  fails: ['role.too_high', 'member.exists'],
})

/** Takes an invitation back. */
export const revokeInvitation = contract({
  method: 'delete', path: '/api/invitations/:id', area: 'workspaces', needs: 'admin',
  about: 'Take an invitation back.',
  params: Id, reply: Done, fails: ['invitation.not_found'],
})

/** Looks at an invitation by the token of its link. */
export const lookAtInvitation = contract({
  method: 'post', path: '/api/invitations/look', area: 'workspaces', needs: 'nobody', rate: 60,
  about: 'What an invitation is for, by the token from its link.',
  body: z.strictObject({ token: Token }),
  reply: z.object({ workspace: z.string(), email: z.string(), role: Role, invitedBy: z.string().nullable(), hasAccount: z.boolean() }),
  fails: ['invitation.not_found'],
})

/** Accepts an invitation. */
export const acceptInvitation = contract({
  method: 'post', path: '/api/invitations/accept', area: 'workspaces', needs: 'person', inPerson: true,
  about: 'Join the workspace of an invitation; it becomes the active one.',
  body: z.strictObject({ token: Token }),
  reply: Workspace,
  fails: ['invitation.not_found', 'invitation.other_email'],
})

const Key = z
  .object({ id: z.string(), name: z.string(), role: Role, start: z.string(), owner: z.string(), createdAt: Time, expiresAt: Time.nullable(), usedAt: Time.nullable(), state: z.enum(['active', 'expired', 'revoked']) })
  .meta({ id: 'ApiKey' })

/** Lists the API keys. */
export const keys = contract({
  method: 'get', path: '/api/keys', area: 'keys', needs: 'viewer',
  about: 'Your API keys for the workspace; an admin sees those of all members.',
  query: Page, reply: listOf(Key),
})

/** Makes an API key. */
export const createKey = contract({
  method: 'post', path: '/api/keys', area: 'keys', needs: 'viewer', inPerson: true, status: 201, creates: true,
  about: 'Make an API key for the workspace. `key` is shown once. Its role is at most yours, now and later.',
  body: z.strictObject({ name: Name, role: Role.optional(), expiresAt: Time.optional() }),
  reply: Key.extend({ key: z.string() }),
  fails: ['role.too_high'],
})

/** Revokes an API key. */
export const revokeKey = contract({
  method: 'delete', path: '/api/keys/:id', area: 'keys', needs: 'viewer',
  about: 'Revoke an API key: your own, or as an admin any.',
  params: Id, reply: Done, fails: ['key.not_found'],
})

const Entry = z
  .object({ id: z.string(), at: Time, actorId: z.string().nullable(), actor: z.string(), via: z.string(), action: z.string(), targetId: z.string().nullable(), target: z.string().nullable(), details: z.record(z.string(), z.unknown()), address: z.string().nullable(), agent: z.string().nullable() })
  .meta({ id: 'AuditEntry' })
const AuditFilter = { action: z.string().max(100).optional(), actor: z.string().max(254).optional(), target: z.string().max(100).optional(), from: Time.optional(), to: Time.optional() }

/** Lists the audit log. */
export const audit = contract({
  method: 'get', path: '/api/audit', area: 'audit', needs: 'admin',
  about: 'Every change and sign-in: who, what, when, from where. `action` may end in `*`.',
  query: Page.extend(AuditFilter), reply: listOf(Entry),
})

/** Exports the audit log. */
export const exportAudit = contract({
  method: 'get', path: '/api/audit/export', area: 'audit', needs: 'admin',
  about: 'The whole audit log, filtered, as CSV or as JSON lines.',
  query: z.strictObject({ ...AuditFilter, format: z.enum(['csv', 'jsonl']).default('csv') }),
  reply: raw('file', 'text/csv', 'One line per entry.'),
})

/** The audit log as it grows. */
export const auditStream = contract({
  method: 'get', path: '/api/audit/events', area: 'audit', needs: 'admin',
  about: 'Server-sent events: new entries of the audit log as they are made; resumes after Last-Event-ID.',
  reply: raw('stream', 'text/event-stream', 'Events of type `entry`, each with an AuditEntry as data.'),
})

/** Every endpoint of this folder. */
export const contracts = [
  ways, register, login, logout, provider, forgot, reset, confirm,
  me, rename, sessions, endSession, endSessions, changePassword, enableTwoFactor, confirmTwoFactor, disableTwoFactor, recoveryCodes, exportAccount, erase,
  workspaces, createWorkspace, selectWorkspace, renameWorkspace, deleteWorkspace, members, changeRole, removeMember,
  invitations, invite, revokeInvitation, lookAtInvitation, acceptInvitation, keys, createKey, revokeKey, audit, exportAudit, auditStream,
]
