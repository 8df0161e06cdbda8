import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import { pathOf } from './access.ts'
import type { Frame } from './frame.ts'
import { PAGE_POLICY } from './headers.ts'

/** What belongs to programs is never answered with a page, and neither is a file that is not there. */
const NO_PAGE = /^\/(?:api|hooks|metrics|mcp|assets|\.well-known)(?:\/|$)|\.\w{1,8}$/

/** Serves the browser part: hashed files for ever, the page itself for every other address. */
export async function serveStatic(frame: Frame, folder: string): Promise<void> {
  const { app } = frame
  const built = existsSync(join(folder, 'index.html'))
  if (built)
    await app.register(staticFiles, {
      root: folder,
      preCompressed: true,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.header('content-security-policy', PAGE_POLICY)
      },
    })
  const page = (_request: FastifyRequest, reply: FastifyReply) => {
    if (!built) throw new Fault('request.not_found', { message: 'The browser part is not built. Run: npm run build' })
    return reply.sendFile('index.html')
  }
  app.get('/', page)
  app.get('/api/docs', page)
  frame.page = (request, reply) => (built && !NO_PAGE.test(pathOf(request.url)) ? page(request, reply) : null)
}
