import type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/client'
import { Refused, TryLater } from '#sdk/fail.ts'
import { nameOf, type Place } from './place.ts'
import type { Seen } from './seen.ts'

const CUT = 'ended its answer before it was there, and it could not be taken up again.'
const NONE = 'answered, but not to what it was asked. Check the address.'
/** The code for errors of a server's own making. */
const LOST = -32000

/**
 * A transport that knows when an answer can no longer come, because what should have brought it is over. The client itself would
 * wait until its time is up; here it is told of an error.
 */
export class Watched implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: Parameters<NonNullable<Transport['onmessage']>>[1]) => void
  readonly hasPerRequestStream = true
  readonly #inner: Transport
  readonly #waiting = new Set<string | number>()
  readonly #seen: Seen
  readonly #place: Place

  constructor(inner: Transport, seen: Seen, place: Place) {
    this.#inner = inner
    this.#seen = seen
    this.#place = place
    inner.onclose = () => this.onclose?.()
    inner.onerror = error => this.onerror?.(error)
    inner.onmessage = (message, extra) => {
      if ('id' in message && message.id !== undefined && !('method' in message)) this.#waiting.delete(message.id)
      this.onmessage?.(message, extra)
    }
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version)
  }

  start(): Promise<void> {
    return this.#inner.start()
  }

  close(): Promise<void> {
    this.#waiting.clear()
    return this.#inner.close()
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    if (!('method' in message && 'id' in message)) return this.#inner.send(message, options)
    const { id } = message
    this.#waiting.add(id)
    const before = this.#seen.streams
    const onRequestStreamEnd = () => {
      options.onRequestStreamEnd?.()
      this.#lost(id, CUT)
    }
    await this.#inner.send(message, { ...options, onRequestStreamEnd })
    if (this.#seen.streams === before) this.#lost(id, NONE)
  }

  #lost(id: string | number, what: string): void {
    if (!this.#waiting.delete(id)) return
    const text = `${nameOf(this.#place)} ${what}`
    this.#seen.trouble ??= what === CUT ? new TryLater('mcp.cut_off', text) : new Refused('mcp.bad_answer', text)
    this.onmessage?.({ jsonrpc: '2.0', id, error: { code: LOST, message: text } })
  }
}
