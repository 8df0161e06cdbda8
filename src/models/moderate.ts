import { Buffer } from 'node:buffer'
import { z } from 'zod'
import type { Judged, Part, Tokens } from '#sdk/model.ts'
import { readAnswer } from './read.ts'

const ANSWER = z.object({ results: z.array(z.object({ category_scores: z.record(z.string(), z.number()) })).min(1) })

/** It does not say what it has read, and it costs nothing. */
const NOTHING: Tokens = { input: 0, output: 0, cached: null, reasoning: null }

/** What OpenAI's models for moderation find in texts and pictures, all of them together. */
export async function moderateAt(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Record<string, string>,
  ask: { model: string; parts: readonly Part[]; signal: AbortSignal },
): Promise<Judged & { tokens: Tokens }> {
  const { model, parts, signal } = ask
  const body = JSON.stringify({ model, input: parts.flatMap(inputOf) })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
    signal,
  })
  const { results } = await readAnswer(answer, url, ANSWER)
  const scores: Record<string, number> = {}
  for (const { category_scores } of results)
    for (const [name, score] of Object.entries(category_scores)) scores[name] = Math.max(score, scores[name] ?? 0)
  return { scores, tokens: NOTHING }
}

function inputOf(part: Part): Record<string, unknown>[] {
  if (part.is === 'text') return [{ type: 'text', text: part.text }]
  if (part.is !== 'file' || !part.type.startsWith('image/')) return []
  return [{ type: 'image_url', image_url: { url: `data:${part.type};base64,${Buffer.from(part.bytes).toString('base64')}` } }]
}
