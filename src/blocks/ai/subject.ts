import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Part } from '#sdk/model.ts'
import { FILES_RULE, fence } from './fence.ts'
import { opened, written } from './material.ts'
import type { Files } from './params.ts'

/** What a model is to work on. */
export type Subject = {
  /** In a fence, as a model that writes is shown it. */
  parts: Part[]
  /** As it is, for a model that only measures. */
  bare: Part[]
  /** What such a model must be told about it; empty where there is nothing. */
  rule: string
}

/** Reads a text and files as what a model is to work on. */
export async function subjectOf({ text, files }: { text?: unknown; files?: Files }, context: Context): Promise<Subject> {
  const given = written(text)
  const shown = await opened(files, context)
  if (given.trim() === '') return { parts: shown, bare: shown, rule: shown.length > 0 ? FILES_RULE : '' }
  const fenced = fence(given)
  return {
    parts: [{ is: 'text', text: fenced.text }, ...shown],
    bare: [{ is: 'text', text: given }, ...shown],
    rule: fenced.rule,
  }
}

/** The same, where there must be something. */
export async function neededSubject(given: { text?: unknown; files?: Files }, context: Context): Promise<Subject> {
  const subject = await subjectOf(given, context)
  if (subject.parts.length > 0) return subject
  throw new Refused('input.missing', '`text` is empty, so there is nothing to work on. Fill it in, such as {{ trigger.body }}.')
}

/** Parts of a system text, without those that are empty. */
export const together = (...parts: (string | undefined)[]): string => parts.filter(part => part?.trim()).join('\n\n')
