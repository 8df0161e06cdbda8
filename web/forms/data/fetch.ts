import { executionValue } from '#executions/contract.ts'
import { send } from '../../api.ts'

/** The large value at an address, as it was given by the server. */
export async function callRaw(url: string, signal: AbortSignal): Promise<{ value: unknown }> {
  const [, id = '', hash = ''] = /^\/api\/executions\/([\w-]+)\/values\/([0-9a-f]{64})$/.exec(url) ?? []
  const response = await send(executionValue, { params: { id, hash } }, { signal })
  return { value: await response.json() }
}
