import { z } from 'zod'
import { known } from './known.ts'
import type { Ability, Listed } from './provider.ts'
import { readAnswer } from './read.ts'

/** A list of models as the providers write it: `data` or `models`, `id` or `name`, and where it goes on. */
const LIST = z.object({
  data: z.array(z.looseObject({ id: z.string(), display_name: z.string().nullish() })).nullish(),
  models: z
    .array(
      z.looseObject({
        name: z.string(),
        displayName: z.string().nullish(),
        inputTokenLimit: z.number().nullish(),
        supportedGenerationMethods: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
  nextPageToken: z.string().nullish(),
})

/** More models than any server has, on more pages. */
const MOST = { models: 2_000, pages: 40 }

/** Asks a server what models it has. */
export async function listFrom(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Record<string, string>,
  provider: string,
  signal: AbortSignal,
): Promise<Listed[]> {
  const found: Listed[] = []
  const next = new URL(url)
  for (let page = 0; page < MOST.pages && found.length < MOST.models; page += 1) {
    const list = await readAnswer(await fetch(next, { headers, signal }), next.href, LIST)
    for (const { id, display_name } of list.data ?? []) found.push(listed(provider, id, display_name, null, null))
    for (const one of list.models ?? []) found.push(ofGoogle(provider, one))
    if (list.nextPageToken) next.searchParams.set('pageToken', list.nextPageToken)
    else if (list.has_more && list.last_id) next.searchParams.set('after_id', list.last_id)
    else break
  }
  return found.slice(0, MOST.models)
}

type OfGoogle = NonNullable<z.infer<typeof LIST>['models']>[number]

function ofGoogle(provider: string, { name, displayName, inputTokenLimit, supportedGenerationMethods }: OfGoogle): Listed {
  const embeds = supportedGenerationMethods?.some(method => /embed/i.test(method)) === true
  return listed(provider, name.replace(/^models\//, ''), displayName, inputTokenLimit, embeds ? ['embeds'] : null)
}

/** What is known of a model by its name stands beside what its server says. */
function listed(
  provider: string,
  name: string,
  title: string | null | undefined,
  context: number | null | undefined,
  abilities: Ability[] | null,
): Listed {
  const it = known(provider, name)
  return {
    name,
    title: title ?? it?.title ?? name,
    abilities: it?.abilities ?? abilities ?? ['text'],
    context: context ?? it?.context ?? null,
  }
}
