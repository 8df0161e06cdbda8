import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Context, Running } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Place } from './place.ts'

type Parts = {
  /** Takes messages out of what is written, line by line. */
  buffer: { append(chunk: Buffer): void; readMessage(): JSONRPCMessage | null }
  write(message: JSONRPCMessage): string
}

/** Speaks with a server that is a program, over its input and output. */
export class Pipe implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: <T extends JSONRPCMessage>(message: T) => void
  readonly #place: Place
  readonly #context: Context
  readonly #parts: Parts
  readonly #lost: (reason: unknown) => void
  #running: Running | null = null
  #closing = false

  constructor(place: Place, context: Context, parts: Parts, lost: (reason: unknown) => void) {
    this.#place = place
    this.#context = context
    this.#parts = parts
    this.#lost = lost
  }

  async start(): Promise<void> {
    const { command, args, env } = this.#place
    if (command === '') throw new Refused('mcp.no_server', 'No program is named: fill in `command`, such as npx.')
    try {
      this.#running = await this.#context.program({ command, args, env: { ...env, ...secrets(this.#context) } })
    } catch (error) {
      // The words of whoever starts programs say best what is to be done.
      this.#lost(error)
      throw error
    }
    void this.#read(this.#running)
  }

  async #read({ output }: Running): Promise<void> {
    try {
      for await (const chunk of output) this.#take(chunk)
      if (!this.#closing) throw new Refused('mcp.no_answer', `${this.#place.command} ended before it had answered.`)
    } catch (error) {
      if (!this.#closing) this.#lost(error)
    }
    this.onclose?.()
  }

  #take(chunk: Uint8Array): void {
    try {
      this.#parts.buffer.append(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    } catch {
      const { command, maxBytes } = this.#place
      throw new Refused('mcp.too_large', `${command} wrote a line of more than ${maxBytes} bytes, the limit of this node.`)
    }
    for (;;) {
      try {
        const message = this.#parts.buffer.readMessage()
        if (message === null) return
        this.onmessage?.(message)
      } catch (error) {
        // A line that is no message; programs say this and that.
        this.onerror?.(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#running?.write(this.#parts.write(message))
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#running?.end()
  }
}

function secrets({ credential }: Context): Record<string, string> {
  if (credential === null) return {}
  if (credential.kind !== 'mcp.env')
    throw new Refused('credential.wrong_kind', 'A program takes a credential of the kind “Variables of a program” (mcp.env).')
  const { values } = credential
  return Object.fromEntries(
    ['', '2', '3'].flatMap(which => {
      const name = values[`name${which}`]?.trim()
      return name ? [[name, values[`value${which}`] ?? '']] : []
    }),
  )
}
