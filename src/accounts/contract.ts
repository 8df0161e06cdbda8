import { z } from 'zod'
import { contract, Done, Id, Time } from '#http/contract.ts'
import { Email, Name, Role, Token, Workspace } from '#workspaces/contract.ts'

const Password = z.string().min(10, { error: 'must have at least 10 characters' }).max(128)
/** Where the session was renewed, `token` is its new bearer token. */
const Renewed = z.object({ ok: z.literal(true), token: z.string().nullable() })

/** A person, as the person sees it. */
export const User = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    emailVerified: z.boolean(),
    twoFactor: z.boolean(),
    ownsInstance: z.boolean(),
    createdAt: Time,
  })
  .meta({ id: 'User' })

const SignedIn = z.object({ token: z.string().nullable(), user: User }).meta({ id: 'SignedIn' })

/** What the sign-in screen offers. */
export const ways = contract({
  method: 'get',
  path: '/api/auth/ways',
  area: 'accounts',
  needs: 'nobody',
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
  method: 'post',
  path: '/api/auth/register',
  area: 'accounts',
  needs: 'nobody',
  status: 201,
  rate: 20,
  about:
    'Make an account. The first one owns the installation; later ones need an invitation unless OPEN_SIGNUP is on. `token` is null while the e-mail address has to be confirmed.',
  body: z.strictObject({ email: Email, password: Password, name: Name, invitation: Token.optional() }),
  reply: SignedIn,
  fails: ['auth.signup_closed', 'auth.email_taken', 'auth.weak_password', 'invitation.not_found', 'invitation.other_email'],
})

/** Starts a session. */
export const login = contract({
  method: 'post',
  path: '/api/auth/login',
  area: 'accounts',
  needs: 'nobody',
  rate: 60,
  about:
    'Start a session: sets the cookie and answers with a bearer token. With two-factor on, `code` is the six digits or a recovery code; without it the answer is auth.code_needed.',
  body: z.strictObject({ email: Email, password: z.string().max(1000), code: z.string().trim().max(40).optional() }),
  reply: z.object({ token: z.string(), user: User }),
  fails: ['auth.wrong_login', 'auth.code_needed', 'auth.wrong_code', 'auth.email_unverified'],
})

/** Ends the session. */
export const logout = contract({
  method: 'post',
  path: '/api/auth/logout',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'End this session.',
  reply: Done,
})

/** Begins a sign-in at a provider. */
export const provider = contract({
  method: 'post',
  path: '/api/auth/provider',
  area: 'accounts',
  needs: 'nobody',
  rate: 60,
  about: 'Begin a sign-in at an outside provider: send the browser to `url`.',
  body: z.strictObject({ provider: z.string().max(40), next: z.string().max(500).startsWith('/').default('/') }),
  reply: z.object({ url: z.string() }),
  fails: ['auth.refused'],
})

/** Asks for a link to set a new password. */
export const forgot = contract({
  method: 'post',
  path: '/api/auth/forgot',
  area: 'accounts',
  needs: 'nobody',
  status: 202,
  rate: 10,
  about:
    'Ask for a link to set a new password. The answer is the same whether or not there is such an account; `by` says where the link went.',
  body: z.strictObject({ email: Email }),
  reply: z.object({ by: z.enum(['mail', 'log']) }),
})

/** Sets a new password with the token of the link. */
export const reset = contract({
  method: 'post',
  path: '/api/auth/reset',
  area: 'accounts',
  needs: 'nobody',
  rate: 20,
  about: 'Set a new password with the token from the link. Ends all sessions.',
  body: z.strictObject({ token: Token, password: Password }),
  reply: Done,
  fails: ['auth.bad_token', 'auth.weak_password'],
})

/** Confirms an e-mail address with the token of the link. */
export const confirm = contract({
  method: 'post',
  path: '/api/auth/confirm',
  area: 'accounts',
  needs: 'nobody',
  rate: 20,
  about: 'Confirm an e-mail address with the token from the link.',
  body: z.strictObject({ token: z.string().min(1).max(2000) }),
  reply: Done,
  fails: ['auth.bad_token'],
})

/** Who am I? */
export const me = contract({
  method: 'get',
  path: '/api/me',
  area: 'accounts',
  needs: 'person',
  about: 'The caller, the active workspace and role, and all workspaces.',
  reply: z.object({
    user: User,
    workspace: z.string().nullable(),
    role: Role.nullable(),
    workspaces: z.array(Workspace),
    via: z.enum(['session', 'key']),
    mayCreateWorkspaces: z.boolean(),
  }),
})

/** Changes the name. */
export const rename = contract({
  method: 'patch',
  path: '/api/me',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'Change your name.',
  body: z.strictObject({ name: Name }),
  reply: User,
})

/** Lists the sessions. */
export const sessions = contract({
  method: 'get',
  path: '/api/me/sessions',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'Your sessions.',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        current: z.boolean(),
        address: z.string().nullable(),
        agent: z.string().nullable(),
        createdAt: Time,
        expiresAt: Time,
      }),
    ),
    next: z.null(),
  }),
})

/** Ends one session. */
export const endSession = contract({
  method: 'delete',
  path: '/api/me/sessions/:id',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'End one of your sessions.',
  params: Id,
  reply: Done,
  fails: ['session.not_found'],
})

/** Ends all other sessions. */
export const endSessions = contract({
  method: 'delete',
  path: '/api/me/sessions',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'End all your sessions but this one.',
  reply: Done,
})

/** Changes the password. */
export const changePassword = contract({
  method: 'post',
  path: '/api/me/password',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 20,
  about: 'Change your password. Ends your other sessions.',
  body: z.strictObject({ current: z.string().max(1000), password: Password }),
  reply: Done,
  fails: ['auth.wrong_password', 'auth.weak_password'],
})

/** Begins two-factor. */
export const enableTwoFactor = contract({
  method: 'post',
  path: '/api/me/two-factor',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 20,
  about:
    'Begin two-factor sign-in: the address for the authenticator and the recovery codes, shown once. It is on after the first code was confirmed.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) }),
  fails: ['auth.two_factor_on', 'auth.wrong_password'],
})

/** Turns two-factor on with a first code. */
export const confirmTwoFactor = contract({
  method: 'post',
  path: '/api/me/two-factor/confirm',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 20,
  about: 'Turn two-factor on with a first code from the authenticator.',
  body: z.strictObject({ code: z.string().trim().max(20) }),
  reply: Renewed,
  fails: ['auth.two_factor_off', 'auth.wrong_code'],
})

/** Turns two-factor off. */
export const disableTwoFactor = contract({
  method: 'post',
  path: '/api/me/two-factor/disable',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 20,
  about: 'Turn two-factor off.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: Renewed,
  fails: ['auth.wrong_password'],
})

/** Makes new recovery codes. */
export const recoveryCodes = contract({
  method: 'post',
  path: '/api/me/two-factor/recovery-codes',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 20,
  about: 'New recovery codes, shown once; the old ones end.',
  body: z.strictObject({ password: z.string().max(1000) }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
  fails: ['auth.two_factor_off', 'auth.wrong_password'],
})

/** Everything we know about a person. */
export const exportAccount = contract({
  method: 'get',
  path: '/api/me/export',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  about: 'Everything this installation keeps about you, as JSON.',
  reply: z.record(z.string(), z.unknown()),
})

/** Erases a person and everything that is theirs. */
export const erase = contract({
  method: 'post',
  path: '/api/me/erase',
  area: 'accounts',
  needs: 'person',
  inPerson: true,
  rate: 10,
  about:
    'Erase your account with everything that is yours alone, at once and for good. `password` may be left out by a person who has none and signed in within the last five minutes.',
  body: z.strictObject({ password: z.string().max(1000).optional() }),
  reply: Done,
  fails: ['auth.wrong_password', 'auth.fresh_needed', 'account.sole_owner', 'account.instance_owner'],
})
