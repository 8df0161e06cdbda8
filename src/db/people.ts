/** Better Auth's own times: text in SQLite, `timestamptz` in PostgreSQL. */
type AuthTime = string | Date
/** Better Auth's own booleans: 0 and 1 in SQLite. */
type AuthFlag = boolean | number

/** The tables of people and how they sign in, as Better Auth wants them. */
export type People = {
  users: {
    id: string
    name: string
    email: string
    email_verified: AuthFlag
    image: string | null
    two_factor_enabled: AuthFlag | null
    /** `owner` for the one person who owns the installation, else `person`. */
    standing: string
    created_at: AuthTime
    updated_at: AuthTime
  }
  sessions: {
    id: string
    user_id: string
    token: string
    /** The workspace the person last chose. */
    workspace_id: string | null
    ip_address: string | null
    user_agent: string | null
    expires_at: AuthTime
    created_at: AuthTime
    updated_at: AuthTime
  }
  /** Ways to sign in: the password, or an account at a provider. */
  accounts: {
    id: string
    account_id: string
    provider_id: string
    user_id: string
    access_token: string | null
    refresh_token: string | null
    id_token: string | null
    access_token_expires_at: AuthTime | null
    refresh_token_expires_at: AuthTime | null
    scope: string | null
    password: string | null
    created_at: AuthTime
    updated_at: AuthTime
  }
  verifications: {
    id: string
    identifier: string
    value: string
    expires_at: AuthTime
    created_at: AuthTime
    updated_at: AuthTime
  }
  two_factors: {
    id: string
    secret: string
    backup_codes: string
    user_id: string
    verified: AuthFlag | null
    failed_count: number | null
    locked_until: AuthTime | null
  }
}
