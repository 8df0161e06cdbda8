import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { downloadFile } from './download.ts'
import { fileInfo, files } from './files.ts'
import { deleteFile } from './remove.ts'
import { uploadFile } from './upload.ts'

/** Every endpoint of files. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.uploadFile, given => uploadFile(world, given))
  serve(frame, it.files, given => files(world, given))
  serve(frame, it.downloadFile, given => downloadFile(world, given))
  serve(frame, it.fileInfo, given => fileInfo(world, given))
  serve(frame, it.deleteFile, given => deleteFile(world, given))
}
