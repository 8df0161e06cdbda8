import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** The first of these programs that the PATH, or one of some folders, has. */
export async function onPath(names: string | string[], folders: string[] = []): Promise<string | null> {
  for (const name of [names].flat()) {
    for (const folder of [...folders, ...(process.env.PATH ?? '').split(delimiter)]) {
      const file = join(folder, name)
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file
    }
  }
  return null
}

/** A port that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))))
    })
  })
}
