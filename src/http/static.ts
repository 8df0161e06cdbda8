import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import { sendFailure } from './failure.ts'
import type { Frame } from './frame.ts'

/** What belongs to programs is never answered with a page. */
const PROGRAMS = /^\/(api|hooks|metrics|mcp)(\/|$|\?)/

/** Serves the browser part: hashed files for ever, the page itself for every other address. */
export async function serveStatic(frame: Frame, folder: string): Promise<void> {
  const { app, log } = frame
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(staticFiles, {
      root: folder,
      preCompressed: true,
      index: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  const page = (_request: FastifyRequest, reply: FastifyReply) => {
    if (!built) throw new Fault('request.not_found', { message: 'The browser part is not built. Run: npm run build' })
    return reply.sendFile('index.html')
  }
  app.get('/', page)
  app.get('/api/docs', page)
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      ['GET', 'HEAD'].includes(request.method) && !PROGRAMS.test(request.url) && !request.url.startsWith('/assets/')
    return wantsPage && built ? page(request, reply) : sendFailure(new Fault('request.not_found'), request, reply, log)
  })
}
