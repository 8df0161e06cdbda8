/** It cannot work like this: the person must change something. Never tried again. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  readonly details: unknown

  constructor(code: string, message: string, details?: unknown) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** It did not work now: tried again as the node says. `after` is what the service asked for, in milliseconds. */
export class TryLater extends Error {
  override readonly name = 'TryLater'
  readonly code: string
  readonly after: number | null
  readonly details: unknown

  constructor(code: string, message: string, { after = null, details }: { after?: number | null; details?: unknown } = {}) {
    super(message)
    this.code = code
    this.after = after
    this.details = details
  }
}
