import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Fault } from '#errors.ts'
import type { Ids } from '#ids.ts'
import { failureBody } from './failure.ts'
import { HEADERS } from './headers.ts'
import type { Patience } from './patience.ts'

// Not imported: that asks the module for all it has, one of which is Node's own `fetch`. We have another, and this one takes 10 MB.
const { ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http')

const refused = new WeakSet<Duplex>()

/** What is not even HTTP gets the shape of every other failure, unless that would be taken for the answer to something else. */
export function refuseBroken(error: Error & { code?: string }, socket: Socket, ids: Ids, patience: Patience): void {
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  // The answer that Node is writing on this socket; nobody else knows whether there is one.
  const open: unknown = Reflect.get(socket, '_httpMessage')
  if (open instanceof ServerResponse && open.req.complete) return void open.once('finish', () => socket.destroySoon())
  if (open instanceof ServerResponse && open.headersSent) return void socket.destroy()
  refuse(socket, faultOf(error.code), ids, patience)
}

/** Refuses a wish to take the connection over for another protocol. */
export const refuseTunnel = (socket: Duplex, ids: Ids, patience: Patience): void =>
  refuse(socket, new Fault('request.invalid', { message: 'This server forwards no connections.' }), ids, patience)

/** Reads on for a moment what a refused sender still sends, then cuts it off. */
export function dropRest(request: IncomingMessage, patience: Patience): void {
  if (request.complete || request.destroyed || !(request.socket instanceof Socket)) return
  request.unpipe()
  request.resume()
  const cut = setTimeout(() => request.socket.destroy(), patience.rest)
  request.once('close', () => clearTimeout(cut))
}

function faultOf(code: string | undefined): Fault {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Fault('request.too_slow')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Fault('request.invalid', { message: 'The address and the headers are too long.' })
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new Fault('request.invalid', { message: 'The chunks are too long.' })
  return new Fault('request.invalid', { message: 'This is not a request in HTTP.' })
}

function refuse(socket: Duplex, fault: Fault, ids: Ids, patience: Patience): void {
  const id = ids.next('req')
  const body = JSON.stringify(failureBody(fault, id))
  const headers = {
    ...HEADERS,
    'x-request-id': id,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  refused.add(socket)
  socket.end(`HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status]}\r\n${lines.join('')}\r\n${body}`)
  socket.resume()
  const cut = setTimeout(() => socket.destroy(), patience.rest)
  socket.once('close', () => clearTimeout(cut))
}
