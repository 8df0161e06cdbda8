import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { sortableIds, systemClock } from '#ids.ts'
import { insertion, type Template, type Value } from './template.ts'

/**
 * What a server costs that does nothing but keep its promise: it writes the two rows of one execution, with their indexes, waits for
 * the disk and echoes the body. Whatever has gathered meanwhile goes into the next transaction.
 */
type Rows = { execution: Value[]; segment: Value[] }

if (isMainThread) await serve()
else write(workerData)

async function serve(): Promise<void> {
  const [from = '', file = ''] = process.argv.slice(2)
  const template: Template = JSON.parse(await readFile(from, 'utf8'))
  const worker = new Worker(new URL(import.meta.url), { workerData: { file, template } })
  const ids = sortableIds(systemClock)
  let line: { rows: Rows; body: unknown; response: ServerResponse }[] = []
  let writing = false

  const rowsOf = (): Rows => {
    const id = ids.next('exe')
    const [segment = {}] = template.journal
    return {
      execution: Object.values({ ...template.execution, id }),
      segment: Object.values({ ...segment, execution_id: id }),
    }
  }
  const flush = () => {
    const crowd = line
    line = []
    writing = crowd.length > 0
    if (!writing) return
    worker.postMessage(crowd.map(one => one.rows))
    worker.once('message', () => {
      for (const { response, body } of crowd) response.end(JSON.stringify(body))
      flush()
    })
  }

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.once('end', () => {
      response.setHeader('content-type', 'application/json')
      line.push({ rows: rowsOf(), body: JSON.parse(Buffer.concat(parts).toString()), response })
      if (!writing && line.length === 1) setImmediate(flush)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  console.log(`http://127.0.0.1:${Object(server.address()).port}`)
}

function write({ file, template }: { file: string; template: Template }): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  db.exec('pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -8000')
  for (const statement of template.schema) db.exec(statement)
  const execution = db.prepare(insertion('executions', template.execution))
  const segment = db.prepare(insertion('journal', template.journal[0] ?? {}))
  parentPort?.on('message', (crowd: Rows[]) => {
    db.exec('begin immediate')
    for (const rows of crowd) {
      execution.run(...rows.execution)
      segment.run(...rows.segment)
    }
    db.exec('commit')
    parentPort?.postMessage(crowd.length)
  })
}
