import type { CallReply, Context } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { isObject } from '#sdk/given.ts'
import { pairsOf, withQuery } from './address.ts'
import { answerOf } from './answer.ts'
import { type SignIn, signIn } from './auth.ts'
import { bodyOf } from './body.ts'
import { CREDENTIALS } from './credentials.ts'
import { failureOf } from './failure.ts'
import { headerOf, headersOf } from './headers.ts'
import { maskOf } from './mask.ts'
import { allPages, linkedNext, type Page } from './pages.ts'
import { Input, Output, type Params } from './params.ts'

/** Calls a service over HTTP. */
export const request = defineBlock({
  id: 'http.request',
  version: 1,
  title: 'HTTP request',
  about: 'Calls an address on the Internet: reads from an API, sends to it, fetches or uploads files, also page by page.',
  group: 'service',
  icon: 'globe',
  input: Input,
  output: Output,
  effect: effectOf,
  credentials: CREDENTIALS,
  example: {
    input: {
      method: 'GET',
      url: 'https://api.example.com/users',
      query: { active: true },
      headers: { accept: 'application/json' },
    },
    output: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { users: [{ id: 1, name: 'Ann' }] },
      url: 'https://api.example.com/users?active=true',
    },
  },
  async run(params, context) {
    const caller = makeCaller(context)
    if (params.pagination.kind === 'none') return (await caller(params)).shown
    return allPages(params, params.pagination, caller, context)
  },
})

/** Only what is written down is known before it runs; a template may become anything. */
function effectOf(params: unknown): 'repeatable' | 'once' {
  const { method = 'GET', idempotencyHeader } = isObject(params) ? params : {}
  if (typeof idempotencyHeader === 'string' && idempotencyHeader.trim() !== '') return 'repeatable'
  return typeof method === 'string' && /^\s*(GET|HEAD|OPTIONS|PUT|DELETE)\s*$/i.test(method) ? 'repeatable' : 'once'
}

/** Makes calls that sign in by the node's credential, anew where that helps. */
function makeCaller(context: Context) {
  let auth: SignIn | null = null
  let renewed = false
  return async (params: Params): Promise<{ shown: Page; address: string; next: string | null }> => {
    auth ??= await signIn(context)
    let reply = await send(params, auth, context)
    if (reply.status === 401 && auth.renew && !renewed) {
      renewed = true
      // Nobody wants to know what it says; the next one counts.
      for await (const _part of reply.stream()) break
      auth = await auth.renew()
      reply = await send(params, auth, context)
    }
    const mask = maskOf(auth.secrets)
    if (reply.status >= 400 && !params.acceptAnyStatus) throw await failureOf(reply, context, mask)
    const body = await answerOf(reply, params.response, context, mask, params.method)
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(mask.text) : mask.text(value),
      ]),
    )
    const shown = { status: reply.status, headers, body, url: mask.text(reply.url) }
    return { shown, address: reply.url, next: linkedNext(reply.headers.link) }
  }
}

async function send(params: Params, auth: SignIn, context: Context): Promise<CallReply> {
  const { method, url, query, headers, followRedirects, redirects, timeout, maxBytes, proxy, idempotencyHeader } = params
  const { body, headers: ofBody } = await bodyOf(params, context)
  const own = headersOf(headers)
  // The boundary of the parts is ours to say.
  if (ofBody['content-type']?.startsWith('multipart/')) delete own['content-type']
  const key = idempotencyHeader?.trim() ? [headerOf('idempotencyHeader', idempotencyHeader.trim(), context.key)] : []
  return context.call({
    method,
    url: withQuery(url, pairsOf(query), auth.query),
    headers: { ...ofBody, ...own, ...Object.fromEntries(key), ...auth.headers },
    ...(body === undefined ? {} : { body }),
    redirects: followRedirects ? redirects : 0,
    timeout,
    maxBytes,
    ...(proxy ? { proxy } : {}),
  })
}
