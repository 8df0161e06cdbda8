import { parentPort } from 'node:worker_threads'

/** Work for the thread: a module whose default export is a function of one value. */
export type Order = { id: number; module: string; input: unknown }

/** What came of it. An error is told by its parts, which is all that crosses between threads. */
export type Outcome = { id: number; value: unknown } | { id: number; failure: Broken }

/** An error in parts. */
export type Broken = { name: string; message: string; code: string | null; details: unknown }

const port = parentPort

port?.on('message', async ({ id, module, input }: Order) => {
  try {
    const { default: work } = await import(module)
    port.postMessage({ id, value: await work(input) } satisfies Outcome)
  } catch (error) {
    port.postMessage({ id, failure: brokenOf(error) } satisfies Outcome)
  }
})

function brokenOf(error: unknown): Broken {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: null, details: null }
  const { name, message } = error
  return {
    name,
    message,
    code: 'code' in error ? String(error.code) : null,
    details: 'details' in error ? (error.details ?? null) : null,
  }
}
