import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject, MOST_ITEMS } from '#sdk/given.ts'
import { reach } from '#sdk/reach.ts'
import type { Paging, Params } from './params.ts'

/** One answer. */
export type Page = { status: number; headers: Record<string, string | string[]>; body: unknown; url: string }

type Many = Exclude<Paging, { kind: 'none' }>
type Step = { params: Params } | null
type Ask = (params: Params) => Promise<{ shown: Page; address: string; next: string | null }>

/** Fetches page after page. The answer is the last one, with the entries of all. */
export async function allPages(
  params: Params,
  how: Many,
  ask: Ask,
  context: Context,
): Promise<Page & { items: unknown[]; pages: number }> {
  const items: unknown[] = []
  const seen = new Set<string>()
  let before = ''
  let step: Step = { params: firstOf(params, how) }
  let pages = 0
  let last: Page | null = null
  while (step) {
    if (pages > 0 && how.pause > 0) await rest(how.pause, context.signal)
    const { shown, address, next } = await ask(step.params)
    pages += 1
    last = shown
    const found = itemsOf(shown, how.items)
    const same = found.length > 0 && (how.kind === 'page' || how.kind === 'offset') ? JSON.stringify(found) : ''
    if (same !== '' && same === before) {
      context.log(
        `Page ${pages} is the same as the one before, so it was the last. Does the service know the parameter “${parameterOf(how)}”?`,
      )
      break
    }
    before = same
    for (const item of found) items.push(item)
    if (items.length > MOST_ITEMS)
      throw new Refused(
        'http.too_many_items',
        `There are more than ${MOST_ITEMS} entries. Fetch fewer pages (\`pagination.maxPages\`), or filter at the service.`,
      )
    step = nextOf({ params, how, shown, address, next, found: found.length, total: items.length, pages, seen })
    if (step && pages === how.maxPages) {
      context.log(`Stopped after ${pages} pages, as the node says; there are more.`)
      break
    }
  }
  if (last === null) throw new Error('no page was asked for')
  return { ...last, items, pages }
}

const parameterOf = (how: Many) => ('parameter' in how ? how.parameter : how.kind)

/** What is known after a page. */
type After = {
  params: Params
  how: Many
  shown: Page
  address: string
  next: string | null
  found: number
  total: number
  pages: number
  seen: Set<string>
}

function nextOf({ params, how, shown, address, next, found, total, pages, seen }: After): Step {
  if (how.more !== undefined && !isTrue(reach(shown, how.more))) return null
  if (how.kind === 'next') {
    const said = how.from === undefined ? next : reach(shown, how.from)
    return typeof said === 'string' && said !== ''
      ? { params: { ...params, url: toward(said, params.url, address, seen), query: {} } }
      : null
  }
  if (how.kind === 'cursor') {
    const said = reach(shown, how.from)
    if (said === null || said === '' || said === false) return null
    if (typeof said !== 'string' && typeof said !== 'number')
      throw new Refused('http.bad_page', `\`${how.from}\` is no cursor; it must be a text or a number.`, {
        field: 'pagination.from',
      })
    once(String(said), seen)
    return { params: put(params, how.place, { [how.parameter]: said }) }
  }
  if (found === 0 || (how.size !== undefined && found < how.size)) return null
  const at = how.kind === 'page' ? how.start + pages : how.start + total
  return { params: put(params, how.place, { ...sizeOf(how), [how.parameter]: at }) }
}

/** Some services write it as a text. */
const isTrue = (value: unknown) => Boolean(value) && value !== 'false' && value !== '0'

function firstOf(params: Params, how: Many): Params {
  if (how.kind !== 'page' && how.kind !== 'offset') return params
  return put(params, how.place, { ...sizeOf(how), [how.parameter]: how.start })
}

const sizeOf = (how: Many): Record<string, number> =>
  (how.kind === 'page' || how.kind === 'offset') && how.sizeParameter && how.size !== undefined
    ? { [how.sizeParameter]: how.size }
    : {}

function put(params: Params, place: 'query' | 'body', values: Record<string, string | number>): Params {
  if (place === 'query') return { ...params, query: { ...params.query, ...values } }
  const { body = {} } = params
  if (!isObject(body))
    throw new Refused('input.wrong_kind', 'To put the parameter of the page into the body, `body` must be a JSON object.', {
      field: 'body',
    })
  return { ...params, body: { ...body, ...values } }
}

/** The address of the next page; never another host, which would be told our credential. */
function toward(said: string, first: string, address: string, seen: Set<string>): string {
  const [home, url] = [URL.parse(first), URL.parse(said, address)]
  // Behind a proxy, services often believe that they are called over http.
  if (home && url && home.host === url.host) url.protocol = home.protocol
  if (!home || !url || url.origin !== home.origin)
    throw new Refused(
      'http.other_origin',
      `The next page is at ${url?.origin ?? 'an address that cannot be read'}, not at ${home?.origin ?? 'the host'} where the first one was. It was not called, since the headers and the credential are not meant for it.`,
    )
  once(url.href, seen)
  return url.href
}

function once(mark: string, seen: Set<string>): void {
  if (seen.has(mark))
    throw new Refused(
      'http.pages_repeat',
      'The service leads back to a page that was there already, so it would never end. Check `pagination`.',
    )
  seen.add(mark)
}

function itemsOf(page: Page, path: string): readonly unknown[] {
  const found = path === '' ? onlyList(page.body) : (reach(page, path) ?? reach(page.body, path))
  if (Array.isArray(found)) return found
  if (found === null && path !== '') return []
  throw new Refused(
    'http.no_items',
    path === ''
      ? 'The answer has no list, or several. Say in `pagination.items` where the entries are, such as body.items.'
      : `\`${path}\` of the answer is no list. Say in \`pagination.items\` where the entries are, such as body.items.`,
    { field: 'pagination.items' },
  )
}

function onlyList(body: unknown): unknown {
  if (Array.isArray(body) || body === null) return body ?? []
  const lists = isObject(body) ? Object.values(body).filter(Array.isArray) : []
  return lists.length === 1 ? lists[0] : undefined
}

/** The address of the next page in the header Link. */
export function linkedNext(header: string | string[] | undefined): string | null {
  for (const part of String(header ?? '').split(/,\s*(?=<)/)) {
    const [, url = '', rest = ''] = /^\s*<([^>]*)>(.*)$/s.exec(part) ?? []
    if (/;\s*rel\s*=\s*("[^"]*\bnext\b[^"]*"|next\b)/i.test(rest)) return url
  }
  return null
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
