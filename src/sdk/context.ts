import type { Ask, Counted, Drawing, Judged, Part, Reply, Tool } from './model.ts'

/** What a block may use of the world. Nothing else is there: no network, no files, no clock of its own. */
export type Context = {
  /** Aborted when the execution ends, is cancelled or the time of the node is over. */
  readonly signal: AbortSignal
  /** When this attempt began, in milliseconds. */
  readonly now: number
  readonly attempt: number
  /** The same for every attempt of this activation and for no other: for services that take an idempotency key. */
  readonly key: string
  /** The time zone of the workflow. */
  readonly timezone: string
  /** The execution, as templates see it. */
  readonly execution: { readonly id: string }
  /** The kind and the values of the node's credential; null when it has none. */
  readonly credential: { readonly kind: string; readonly values: Readonly<Record<string, string>> } | null
  /** Writes a line into the log of the node. Secrets are masked. */
  log(line: string): void
  /** Makes a function that fills a field of `later` with these names in addition to those of the node. */
  filler(field: string): (extra: Record<string, unknown>) => unknown
  /** Calls a public address over HTTP. */
  call(request: CallRequest): Promise<CallReply>
  /** Runs somebody's JavaScript where it can do no harm. */
  script(script: Script): Promise<ScriptResult>
  /** Does heavy work beside everybody else's: calls the default export of a module of the block, `new URL('./page.ts', import.meta.url)`. */
  apart(module: URL, input: unknown): Promise<unknown>
  /** Starts a program on this machine, where the operator allowed this very command. It is ended with the attempt at the latest. */
  program(wanted: Program): Promise<Running>
  /** Sends a mail: by the server that is named, or else by that of the installation. */
  mail(letter: MailLetter, server?: MailServer): Promise<{ id: string; accepted: string[]; rejected: string[] }>
  /**
   * Lets an event happen: whoever listens to it in the workspace is started. It is written down together with what the node puts
   * out, so it happens once, and not at all where the node fails. Answers with its id.
   */
  emit(name: string, data: unknown): string
  /** Of a container that calls: what it said in each round, and what came of what it called for. */
  rounds(): Promise<readonly Round[]>
  /** Of a container that calls: the nodes inside, as a model sees them. */
  tools(): Promise<readonly NodeTool[]>
  /** Of a block that offers tools: the one that is called, and with what; null where it is not called as a tool. */
  readonly asked: { readonly tool: string; readonly input: unknown } | null
  readonly memory: BlockMemory
  readonly models: BlockModels
  readonly files: BlockFiles
}

/** A round of a container that calls. A call that failed came to `{ error }`. */
export type Round = { readonly said: unknown; readonly results: readonly unknown[] }

/** A tool, and the node that stands behind it; of several tools that one node offers, which one. */
export type NodeTool = Tool & { readonly node: string; readonly offered: string | null }

/** What was said under a key, by executions that came before. */
export type BlockMemory = {
  /** The last so many lines, oldest first, and a summary of what lies before them, as far as somebody made one. */
  read(key: string, most: number, where: MemoryPlace): Promise<{ summary: string | null; lines: MemoryLine[] }>
  /** Adds to it: with the end of the node, and only if it ends well. A summary stands for everything before the newest `kept` lines. */
  add(key: string, lines: readonly MemoryLine[], where: MemoryPlace, summary?: { text: string; kept: number }): void
}

/** Who shares a memory: the executions of the workflow, or of all workflows of the workspace. */
export type MemoryPlace = 'workflow' | 'workspace'

/** Something that was said. */
export type MemoryLine = { role: 'user' | 'assistant'; text: string }

/** One HTTP request. Every address, also of a redirect, is checked before it is called. */
export type CallRequest = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** How many redirects are followed; 0 answers with the redirect itself. */
  redirects?: number
  /** Milliseconds for the whole of it. */
  timeout?: number
  /** The most bytes of an answer. */
  maxBytes?: number
  /** An HTTP proxy to go through. */
  proxy?: string
  /** Gives up this call. That of the context does so anyway. */
  signal?: AbortSignal
  /** A last word, such as the end of a session: it is sent also where the node was given up, and takes five seconds at most. */
  parting?: boolean
}

/** What came back. The body is read once, whole or as it comes. */
export type CallReply = {
  status: number
  /** Lower-case names; several values of one name are joined with a comma, those of `set-cookie` are a list. */
  headers: Record<string, string | string[]>
  /** The address that answered in the end. */
  url: string
  bytes(): Promise<Uint8Array>
  text(): Promise<string>
  stream(): AsyncIterable<Uint8Array>
}

/** JavaScript with what it is given. `code` is the body of an async function of `input`. */
export type Script = { code: string; input: unknown; timeout: number; memory: number }

/** What a script returned. */
export type ScriptResult = { value: unknown }

/** A command with its words; no shell reads them. */
export type Program = { command: string; args?: readonly string[]; env?: Readonly<Record<string, string>> }

/** A program that runs. What it says about itself goes into the log of the node. */
export type Running = {
  /** What it writes, as it comes; it is read once. Fails when the program ends badly or writes too much. */
  readonly output: AsyncIterable<Uint8Array>
  write(text: string): Promise<void>
  /** Closes its input, gives it a moment to end by itself, and ends it with everything it has started. */
  end(): Promise<void>
}

/** A mail server of somebody's own. */
export type MailServer = {
  host: string
  port: number
  /** TLS from the first byte. */
  secure: boolean
  /** Without `secure`: true insists on changing to TLS, false never does; left out, it changes if the server can. */
  starttls?: boolean
  user?: string
  password?: string
}

/** A mail. */
export type MailLetter = {
  from?: string
  to: string[]
  cc?: string[]
  bcc?: string[]
  replyTo?: string
  subject: string
  text?: string
  html?: string
  attachments?: { name: string; type: string; bytes: AsyncIterable<Uint8Array> }[]
}

/** Models, each call made once. What they take is counted with the node, also where it fails in the end. */
export type BlockModels = {
  /** Asks a model. `live`: its text is shown while it comes; false for what people should not read along. */
  ask(ask: Ask, how?: Bounds & { live?: boolean }): Promise<Reply>
  /** Vectors of texts, in their order. */
  embed(model: string, texts: readonly string[], how?: Bounds): Promise<{ vectors: number[][] } & Counted>
  /** Pictures of what is described. */
  draw(model: string, wanted: Drawing, how?: Bounds): Promise<{ images: { bytes: Uint8Array; type: string }[] } & Counted>
  /** What a model that was made to moderate says of texts and pictures; null where this one was made for something else. */
  moderate(model: string, parts: readonly Part[], how?: Bounds): Promise<(Judged & Counted) | null>
}

/** What bounds a call of a model. */
export type Bounds = {
  /** Dollars that this activation may take in all, with what was asked before in it; fails with `Refused` before a call that could go over it. */
  budget?: number
  /** Aborted when the block wants it no more; a `TryLater` or `Refused` as the reason is what the call then fails with. */
  signal?: AbortSignal
}

/** A file as values carry it. */
export type FileValue = { id: string; name: string; type: string; size: number; url: string }

/** The files of the workspace. */
export type BlockFiles = {
  save(bytes: AsyncIterable<Uint8Array> | Uint8Array, about: { name: string; type?: string }): Promise<FileValue>
  /** Fails with `Refused` when there is no such file. */
  open(id: string): Promise<FileValue & { bytes: AsyncIterable<Uint8Array> }>
}
