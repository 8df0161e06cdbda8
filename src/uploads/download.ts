import { Fault } from '#errors.ts'
import { failureBody } from '#http/failure.ts'
import type { Given, RawAnswer } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandFile } from './files.ts'
import { disposition } from './name.ts'
import { readRange } from './range.ts'
import { contentType, isShown } from './sniff.ts'

/** Whatever a file is, it runs nothing, loads nothing and has no access to our pages. */
const LOCKED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'referrer-policy': 'no-referrer',
}

type Wanted = { workspace: string; id: string; inline: boolean; request: Given<typeof contract.downloadFile>['request'] }

/** The bytes of a file, or the part of them that was asked for. */
export const downloadFile = (world: World, { caller, params, query, request }: Given<typeof contract.downloadFile>) =>
  sendFile(world, {
    workspace: caller.workspace,
    id: params.id,
    inline: query.inline !== undefined && !['false', '0'].includes(query.inline),
    request,
  })

/** The same, for whoever may have it for a reason of their own. */
export async function sendFile({ db, files }: World, { workspace, id, inline, request }: Wanted): Promise<RawAnswer> {
  const file = await demandFile(db, workspace, id)
  const tag = `"${file.hash}"`
  const kept = { etag: tag, 'cache-control': 'private, no-cache' }
  if (isKnown(request.headers['if-none-match'], tag)) return { stream: null, status: 304, headers: kept }

  const given = request.headers['if-range']
  const range = readRange(given === undefined || given === tag ? request.headers.range : undefined, file.size)
  if (range === 'none') return outside(file.size, request.id)
  const shown = inline && isShown(file.type)
  const headers = {
    ...LOCKED,
    ...kept,
    'accept-ranges': 'bytes',
    'content-type': contentType(file.type),
    'content-disposition': disposition(shown ? 'inline' : 'attachment', file.name),
  }
  if (range === 'all')
    return { stream: await files.get(workspace, file.hash), headers: { ...headers, 'content-length': String(file.size) } }
  const { start, end } = range
  return {
    stream: await files.get(workspace, file.hash, range),
    status: 206,
    headers: { ...headers, 'content-length': String(end - start + 1), 'content-range': `bytes ${start}-${end}/${file.size}` },
  }
}

/** Is it what the caller has already? Compared as HTTP compares for this: `W/` does not matter. */
function isKnown(header: string | undefined, tag: string): boolean {
  const tags = (header ?? '').split(',').map(one => one.trim().replace(/^W\//, ''))
  return tags.includes(tag) || tags.includes('*')
}

function outside(size: number, request: string): RawAnswer {
  const details = [{ path: 'headers.range', message: `must be one range within the ${size} bytes of the file` }]
  return {
    stream: JSON.stringify(failureBody(new Fault('request.invalid', { details }), request)),
    status: 416,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-range': `bytes */${size}` },
  }
}
