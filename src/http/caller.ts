/** The roles of a workspace, smallest first. */
export const ROLES = ['viewer', 'operator', 'editor', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Who is asking: a person with a session, or a program with a person's key. */
export type Caller = {
  kind: 'session' | 'key'
  /** The id of the session or of the key. */
  id: string
  user: { id: string; email: string; name: string; ownsInstance: boolean }
  /** The workspace this call is about, and what the caller is in it; null for a person without one. */
  workspace: string | null
  role: Role | null
  address: string
  agent: string
  /** Of a key: how many executions it may start in a minute, and have under way; null for what the installation says. */
  starts?: { perMinute: number | null; atOnce: number | null }
}

/** A caller who is a member of the workspace the call is about. */
export type Member = Caller & { workspace: string; role: Role }
