import type { z } from 'zod'
import type { Effect, Loop } from '#engine/plan.ts'
import type { Context } from './context.ts'
import type { Ending } from './ending.ts'
import type { Tool } from './model.ts'
import type { Listed } from './outlets.ts'

/** Values a service wants, kept in the vault. `fields` says which; those with the hint `secret` are never shown again. */
export type Credential = {
  /** Such as `http.basic`: the kind a stored credential has. */
  readonly id: string
  readonly title: string
  readonly about: string
  readonly fields: z.ZodObject
}

/** What a trigger that knows its times beforehand is asked with: its time zone, and when it was armed. */
export type Armed = { readonly zone: string; readonly since: number }

/** How a trigger comes to know that it is to start: by hand, by calls of its address, at times it knows beforehand, or by events. */
export type Wake<Params = unknown> =
  | { readonly by: 'hand' }
  | { readonly by: 'call' }
  | {
      readonly by: 'time'
      /** The first time after `after`; null when there is none any more. Fails with `Refused` where the parameters cannot be meant. */
      next(params: Params, after: number, armed: Armed): number | null
    }
  | {
      readonly by: 'event'
      /** The names of the events it listens to; one that ends in `.*` stands for all that begin so. */
      names(params: Params): readonly string[]
    }

/** What starts an execution: `kind` is the word for it that executions and lists show. */
export type Start = { readonly kind: string } & Wake

/** Where a block stands in the palette. */
export type Group = 'start' | 'flow' | 'data' | 'service' | 'ai'

/** What a block answers with: its output, for the outlet `main`, or something else than that. */
type Answer<Out> = Out | Ending | Promise<Out | Ending>

/** One kind of box, said once: the form, the docs, the palette, the checks, the engine and the tests are derived from this. */
export type Block<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> = {
  /** `connector.verb`; forever. */
  readonly id: string
  /** Raised by a change that breaks published workflows, which keep the version they were published with. */
  readonly version: number
  readonly title: string
  readonly about: string
  readonly group: Group
  /** The name of an icon of Lucide. */
  readonly icon: string
  /** The parameters when their templates are filled. Every field has a title; hints stand in `meta`, see `fields.ts`. */
  readonly input: In
  readonly output: Out
  /** `main` unless said. */
  readonly outlets?: readonly string[] | Listed
  readonly effect: Effect | ((params: unknown) => Effect)
  /** It is a container. `run` answers with `turns(…)`. */
  readonly loop?: Loop
  /** It starts an execution and is never run itself. */
  readonly start?: Start
  /** Fields in which `{{` means nothing, such as code. */
  readonly verbatim?: readonly string[]
  /** Fields that `run` fills itself, once for each item: `context.filler('where')`. */
  readonly later?: readonly string[]
  /** Of a container: fields that are filled at the end of each turn, and given to `turn`. */
  readonly perTurn?: readonly string[]
  /** The kinds of credential it can use. */
  readonly credentials?: readonly Credential[]
  /** A function is given the parameters as they were written. */
  readonly credentialNeeded?: boolean | ((params: unknown) => boolean)
  /**
   * Inside of an agent it stands for several tools, and says for which. `run` finds in `context.asked` which of them is called. Any other
   * block is one tool, with what its templates read of `item` as its input.
   */
  offer?(input: z.output<In>, context: Context): Promise<readonly Tool[]>
  /** Parameters and what comes of them; the documentation and the catalogue of the assistant show it. */
  readonly example: { readonly input: z.input<In>; readonly output: z.output<Out> }
  run(input: z.output<In>, context: Context): Answer<z.output<Out>>
  /** Of a container: the result of a turn whose body is done, and whether there is one more. Given the fields of `perTurn`. */
  turn?(filled: Record<string, unknown>, turn: { index: number; last: unknown }): { result: unknown; again: boolean }
}

/** A folder of blocks that belong together. */
export type Connector = {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly credentials?: readonly Credential[]
  readonly blocks: readonly Block[]
}

/** Declares a block; keeps its exact types. */
export function defineBlock<In extends z.ZodType, Out extends z.ZodType>(it: Block<In, Out>): Block {
  // In a list of blocks nobody knows what each takes; the engine gives each what its own `input` has parsed.
  return it
}

/** A block that starts executions: it is not run, it is woken. What it puts out is `{{ trigger }}`. */
type Trigger<In extends z.ZodType, Out extends z.ZodType> = Pick<
  Block<In, Out>,
  'id' | 'version' | 'title' | 'about' | 'icon' | 'input' | 'output' | 'later' | 'credentials' | 'credentialNeeded' | 'example'
> & { readonly start: { readonly kind: string } & Wake<z.output<In>> }

/** Declares a trigger; everything else about it follows from how it wakes. */
export function defineTrigger<In extends z.ZodType, Out extends z.ZodType>(it: Trigger<In, Out>): Block {
  return defineBlock({ ...it, group: 'start', effect: 'pure', run: () => it.example.output })
}

/** Declares a kind of credential. */
export const defineCredential = (it: Credential): Credential => it

/** Declares a connector. */
export const defineConnector = (it: Connector): Connector => it
