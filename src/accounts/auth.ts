import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
// Each by its own name: all plugins together are 14 MB more.
import { bearer } from 'better-auth/plugins/bearer'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { World } from '#world.ts'
import { noteSignIns } from './notes.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { admitNewcomer, chooseWorkspace } from './policy.ts'

/** A person stays signed in for this long after the last visit. */
export const SESSION_SECONDS = 30 * 24 * 3600

/** The header in which the frame tells the address it has found out; a client's own is overwritten. */
export const ADDRESS_HEADER = 'x-promptpilot-address'

/** Better Auth on our tables: it owns passwords, sessions, two-factor and outside providers; workspaces, roles and keys are ours. */
export function makeAuth(world: World, secret: Uint8Array) {
  const { config, log } = world
  return betterAuth({
    ...tables,
    appName: 'PromptPilot',
    secret: Buffer.from(secret).toString('base64'),
    baseURL: config.publicUrl ?? world.place(),
    basePath: '/api/auth',
    database: { db: world.db, type: world.database.kind === 'sqlite' ? 'sqlite' : 'postgres' },
    telemetry: { enabled: false },
    // Ours are in the frame: limits per address and door, and the origin check for every change made with a cookie.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'promptpilot',
      useSecureCookies: false,
      disableCSRFCheck: true,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: ({ model }: { model: string }) => world.ids.next(PREFIX[model] ?? 'aut') },
    },
    trustedOrigins: async request => [config.publicUrl ?? world.place(), ...(request ? [new URL(request.url).origin] : [])],
    logger: {
      log: (level, message, ...rest) =>
        log[level === 'debug' ? 'debug' : level === 'error' ? 'error' : 'debug'](
          { from: 'accounts', rest: rest.map(String) },
          message,
        ),
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
      requireEmailVerification: world.mail.configured,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      // Not awaited: how long the mail server takes would tell a stranger whether the address has an account.
      sendResetPassword: async ({ user, token }) => {
        world.mail
          .send(resetLetter(user.email, `${world.place()}/reset#${token}`))
          .catch(error => log.error({ err: error }, 'a link for a new password could not be mailed'))
      },
    },
    emailVerification: {
      sendOnSignIn: true,
      expiresIn: 24 * 3600,
      sendVerificationEmail: ({ user, token }) => world.mail.send(confirmLetter(user.email, `${world.place()}/confirm#${token}`)),
    },
    account: { ...tables.account, accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: true } },
    socialProviders: socialProviders(world),
    plugins: [bearer(), twoFactor({ issuer: 'PromptPilot', schema: twoFactorTables }), genericOAuth({ config: oidc(world) })],
    databaseHooks: {
      user: { create: { before: user => admitNewcomer(world, user) } },
      session: { create: { before: session => chooseWorkspace(world, session) } },
    },
    hooks: { after: createAuthMiddleware(context => noteSignIns(world, context)) },
  } satisfies BetterAuthOptions)
}

/** The running Better Auth. */
export type Auth = ReturnType<typeof makeAuth>

/** The outside providers that are set up. */
export function providersOf({ config }: World): { id: string; name: string }[] {
  const list: { id: string; name: string }[] = []
  if (config.githubClientId) list.push({ id: 'github', name: 'GitHub' })
  if (config.googleClientId) list.push({ id: 'google', name: 'Google' })
  if (config.oidcIssuer) list.push({ id: 'oidc', name: config.oidcName })
  return list
}

function socialProviders({ config }: World) {
  const { githubClientId, githubClientSecret, googleClientId, googleClientSecret } = config
  return {
    ...(githubClientId && githubClientSecret ? { github: { clientId: githubClientId, clientSecret: githubClientSecret } } : {}),
    ...(googleClientId && googleClientSecret ? { google: { clientId: googleClientId, clientSecret: googleClientSecret } } : {}),
  }
}

function oidc({ config }: World) {
  const { oidcIssuer, oidcClientId, oidcClientSecret } = config
  if (!oidcIssuer || !oidcClientId || !oidcClientSecret) return []
  const discoveryUrl = `${oidcIssuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return [
    {
      providerId: 'oidc',
      discoveryUrl,
      clientId: oidcClientId,
      clientSecret: oidcClientSecret,
      scopes: ['openid', 'profile', 'email'],
      pkce: true,
    },
  ]
}

const resetLetter = (to: string, link: string) => ({
  to,
  link,
  subject: 'A new password for PromptPilot',
  text: `Somebody asked for a new password for your account. If it was you, set it here within an hour:\n\n${link}\n\nIf it was not you, do nothing: the password stays as it is.`,
})

const confirmLetter = (to: string, link: string) => ({
  to,
  link,
  subject: 'Confirm your e-mail address',
  text: `Confirm that this address is yours within a day:\n\n${link}`,
})

const PREFIX: Record<string, string> = { user: 'usr', session: 'ses', account: 'acc', verification: 'ver', twoFactor: 'two' }

const times = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** Better Auth's names for the columns of `db/migrations/0001-house.ts`. */
const tables = {
  user: {
    modelName: 'users',
    fields: { emailVerified: 'email_verified', ...times },
    additionalFields: { standing: { type: 'string', input: false, defaultValue: 'person' } },
  },
  session: {
    modelName: 'sessions',
    expiresIn: SESSION_SECONDS,
    fields: { userId: 'user_id', ipAddress: 'ip_address', userAgent: 'user_agent', expiresAt: 'expires_at', ...times },
    additionalFields: { workspaceId: { type: 'string', required: false, input: false, fieldName: 'workspace_id' } },
  },
  account: {
    modelName: 'accounts',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...times,
    },
    encryptOAuthTokens: true,
  },
  verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } },
} satisfies Partial<BetterAuthOptions>

const twoFactorTables = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'two_factors',
    fields: {
      backupCodes: 'backup_codes',
      userId: 'user_id',
      failedVerificationCount: 'failed_count',
      lockedUntil: 'locked_until',
    },
  },
}
