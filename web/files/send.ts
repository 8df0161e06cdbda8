import type { Reply } from '#http/contract.ts'
import { uploadFile } from '#uploads/contract.ts'
import { addressOf, Failure, failureOf, tab } from '../api.ts'

type Options = { progress: (share: number) => void; signal: AbortSignal }

/** Sends one file and tells how far it is: the one thing `fetch` cannot tell. */
export function sendFile(file: File, { progress, signal }: Options): Promise<Reply<typeof uploadFile>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const workspace = tab.workspace()
    const lost = () => reject(new Failure({ status: 0, code: 'network', message: 'The connection was lost.' }))
    request.open('POST', addressOf(uploadFile, {}))
    if (workspace) request.setRequestHeader('x-workspace', workspace)
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0))
    request.addEventListener('error', lost)
    request.addEventListener('abort', lost)
    request.addEventListener('load', () => {
      const headers = new Headers()
      for (const name of ['x-request-id', 'retry-after']) headers.set(name, request.getResponseHeader(name) ?? '')
      if (request.status !== uploadFile.status) return reject(failureOf(request.status, request.responseText, headers))
      const parsed = uploadFile.reply.safeParse(JSON.parse(request.responseText))
      if (parsed.success) resolve(parsed.data)
      else
        reject(
          new Failure({ status: request.status, code: 'unreadable', message: 'The answer of the server could not be read.' }),
        )
    })
    signal.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}
