import type { BlockFiles, FileValue } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Row } from '#uploads/files.ts'
import { formName } from '#uploads/name.ts'
import { ARRIVING, findFile } from '#uploads/queries.ts'
import { announce } from '#uploads/release.ts'
import { sniff } from '#uploads/sniff.ts'
import type { World } from '#world.ts'

/** The files of a workspace, as blocks use them. What a block saves stands in the bucket `generated`. */
export function filesFor(world: World, workspace: string): BlockFiles {
  const { db, files, config, clock, ids } = world
  return {
    async save(bytes, about) {
      let row: Row | undefined
      const source = bytes instanceof Uint8Array ? one(bytes) : bytes
      await files.put(workspace, source, config.fileMaxBytes, async ({ hash, size, head }) => {
        row = {
          id: ids.next('file'),
          workspace_id: workspace,
          bucket: ARRIVING,
          name: formName(about.name),
          type: await typeOf(head, size, about.type),
          size,
          hash,
          created_at: clock.now(),
          created_by: null,
        }
        await announce(db, row)
      })
      if (!row) throw new Error('the files did not say what they were given')
      await db
        .updateTable('files')
        .set({ bucket: 'generated' })
        .where('workspace_id', '=', workspace)
        .where('id', '=', row.id)
        .execute()
      return fileOf(row)
    },
    async open(id) {
      const row = await findFile(db, workspace, id)
      if (!row) throw new Refused('file.not_found', `There is no file ${id.slice(0, 80)} in this workspace.`)
      return { ...fileOf(row), bytes: await files.get(workspace, row.hash) }
    },
  }
}

/** What the bytes say counts; where they only say that it is text, the kind of text that was declared. */
async function typeOf(head: Uint8Array, size: number, declared: string | undefined): Promise<string> {
  const found = await sniff(head, size === head.length)
  const plain = declared?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return found === 'text/plain' && /^(text\/(csv|markdown|plain)|application\/json)$/.test(plain) ? plain : found
}

const fileOf = ({ id, name, type, size }: Row): FileValue => ({ id, name, type, size, url: `/api/files/${id}` })

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
