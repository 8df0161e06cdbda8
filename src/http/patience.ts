/** How long the frame waits for what, in milliseconds. */
export type Patience = {
  /** For the head of a request. */
  headers: number
  /** For the whole of a JSON body. */
  body: number
  /** For the next bytes of an upload. */
  stall: number
  /** For the whole of an upload. */
  arrival: number
  /** For an answer in JSON, once the request is there. */
  answer: number
  /** For what a refused sender still sends: a connection that is closed under it would take the refusal with it. */
  rest: number
  /** For clients in the middle of a conversation, before idle connections are closed at the end. */
  farewell: number
  /** For everything that still runs at the end. */
  end: number
}

/** As long as is good for people on bad connections. With what follows after it, the end takes less than ten seconds. */
export const PATIENCE: Patience = {
  headers: 15_000,
  body: 30_000,
  stall: 30_000,
  arrival: 15 * 60_000,
  answer: 60_000,
  rest: 5_000,
  farewell: 250,
  end: 8_000,
}
