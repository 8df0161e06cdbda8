import type { Server } from './server.ts'

/** The password of everybody in the stories. */
export const PASSWORD = 'a quiet cockpit at night'

/** Makes an account through the API and answers with its token. */
export async function join(server: Server, name: string, email: string, invitation?: string): Promise<string> {
  const body = { name, email, password: PASSWORD, ...(invitation ? { invitation } : {}) }
  const { status, body: reply } = await server.call('POST', '/api/auth/register', { body })
  if (status !== 201) throw new Error(`${email} could not register: ${JSON.stringify(reply)}`)
  return String(reply.token)
}

/** Invites somebody and answers with the token of the link. */
export async function invite(server: Server, token: string, email: string, role: string): Promise<string> {
  const { status, body } = await server.call('POST', '/api/invitations', { token, body: { email, role } })
  if (status !== 201) throw new Error(`${email} could not be invited: ${JSON.stringify(body)}`)
  return String(body.link).split('#')[1] ?? ''
}

/** The id of whoever a token belongs to. */
export async function idOf(server: Server, token: string): Promise<string> {
  const { body } = await server.call('GET', '/api/me/export', { token })
  const user = body.user ?? body.account
  if (user && typeof user === 'object' && 'id' in user) return String(user.id)
  throw new Error(`no id in ${JSON.stringify(body)}`)
}

/** Fills a workspace with what a team has after some days: people, keys, credentials, files. Answers with the owner's token. */
export async function furnish(server: Server): Promise<string> {
  const owner = await join(server, 'Ada Lovelace', 'ada@example.org')
  await server.call('PATCH', '/api/workspace', { token: owner, body: { name: 'Analytical Engines' } })
  for (const [name, email, role] of [
    ['Grace Hopper', 'grace@example.org', 'admin'],
    ['محمد بن موسى الخوارزمي', 'musa@example.org', 'editor'],
    ['👩‍🚀 Valentina Tereshkova', 'valentina@example.org', 'operator'],
    ['Wolfeschlegelsteinhausenbergerdorff-Hubert-Blaine von Ach-du-meine-Güte-ist-der-lang', 'hubert@example.org', 'viewer'],
  ] as const)
    await join(server, name, email, await invite(server, owner, email, role))
  await invite(server, owner, 'katherine@example.org', 'editor')
  for (const [name, role, expiresAt] of [
    ['Nightly report', 'operator', '2031-01-01T00:00:00Z'],
    ['Deploy from GitHub Actions', 'editor', undefined],
    ['مفتاح الاختبار', 'viewer', undefined],
  ] as const)
    await server.call('POST', '/api/keys', { token: owner, body: { name, role, ...(expiresAt ? { expiresAt } : {}) } })
  for (const [name, kind, values] of [
    ['Slack of the support team', 'http.bearer', { token: 'xoxb-1' }],
    ['Mail server', 'http.basic', { username: 'ada', password: 'secret' }],
    ['OpenAI', 'api.key', { key: 'sk-1', organization: 'org-1', project: 'p' }],
  ] as const)
    await server.call('POST', '/api/credentials', { token: owner, body: { name, kind, values } })
  for (const [name, content] of [
    ['orders-2026-q1.csv', 'a,b\n1,2\n'],
    ['📦 Lieferschein für Müller & Söhne (final) v2.txt', 'hello'],
    ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ] as const) {
    const body = new FormData()
    body.append('file', new Blob([content]), name)
    await server.call('POST', '/api/files', { token: owner, body })
  }
  return owner
}
