import type { Readable } from 'node:stream'

/** What a stored value is known by: the SHA-256 of its bytes, in hex. */
export type Hash = string

/** What was read of a value: `head` is its first 4,100 bytes. */
export type Value = { hash: Hash; size: number; head: Uint8Array }

/** A stored value, as a list shows it; `storedAt` is when it was last put. */
export type Stored = { workspace: string; hash: Hash; size: number; storedAt: number }

/** Keeps large values and people's files by the hash of their bytes, apart for each workspace. */
export type Files = {
  /**
   * Stores a stream; refuses with `file.too_large` past the limit and leaves nothing behind. `before` is awaited when all bytes
   * are known and before they can be found: the place to write down what refers to them, so that nobody takes them for orphans.
   */
  put(
    workspace: string,
    bytes: AsyncIterable<Uint8Array>,
    limit: number,
    before?: (value: Value) => Promise<void>,
  ): Promise<Value>
  /** Opens what was stored, from a byte to a byte (both included) if asked. Fails with `file.not_found`. */
  get(workspace: string, hash: Hash, range?: { start: number; end: number }): Promise<Readable>
  has(workspace: string, hash: Hash): Promise<boolean>
  remove(workspace: string, hash: Hash): Promise<void>
  /** Removes everything of a workspace. */
  removeAll(workspace: string): Promise<void>
  /** Everything that is stored, in no order. */
  list(): AsyncIterable<Stored>
  /** Writes, reads and removes a small value; throws when that does not work. */
  check(): Promise<void>
}
