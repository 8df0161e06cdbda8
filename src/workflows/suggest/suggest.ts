import { catalogue, Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import { eventStream, type StreamEvent } from '#http/stream.ts'
import { writers } from '#models/capable.ts'
import { GivenDocument } from '#workflows/contract.ts'
import { parseDocument, settle, type WorkflowDocument } from '#workflows/document.ts'
import { demandWorkflow } from '#workflows/drafts/workflows.ts'
import { problemsOf } from '#workflows/validate.ts'
import { diffOf } from '#workflows/versions/diff.ts'
import type { World } from '#world.ts'
import { firstAsk } from './ask.ts'
import type { Base } from './compose.ts'
import { type generateWorkflow as contract, TIME } from './contract.ts'
import { count, nothing } from './count.ts'
import { type Known, known, told } from './facts.ts'
import { show } from './keep.ts'
import { withoutSecrets } from './secret.ts'
import { design, type Task } from './work.ts'

type Asked = Given<typeof contract>

/** Makes a workflow of a sentence, or changes one. Nothing is saved. */
export async function generateWorkflow(world: World, given: Asked) {
  const { signal, live } = given
  const job = await prepared(world, given)
  if (live) return { events: eventStream(safe(running(world, given, job), world), signal) }
  const all = running(world, given, job)
  for (;;) {
    const { done, value } = await all.next()
    if (done) return value
  }
}

type Job = Omit<Task, 'spend' | 'signal'> & { row: { id: string; name: string; rev: number } | null; isNew: boolean }

/** Everything that is needed before a model is asked; what is wrong with the request is found here. */
async function prepared(world: World, { caller, body }: Asked): Promise<Job> {
  const { workspace } = caller
  const { library, db } = world
  const row = body.workflowId === undefined ? null : await demandWorkflow(db, workspace, body.workflowId)
  const sent = body.document === undefined ? null : settle(GivenDocument.parse(onlyGiven(body.document)), library)
  const there = sent ?? (row && parseDocument(row.draft))
  const timezone = body.timezone ?? there?.settings.timezone ?? 'UTC'
  const prompt = withoutSecrets(body.prompt)
  const document = there ?? empty(prompt, timezone)
  const [facts, all] = await Promise.all([known(db, workspace, row?.id ?? null), writers(world, workspace)])
  const model = body.model ?? all[0]?.id ?? 'demo/writer'
  const context = all.find(one => one.id === model)?.context ?? null
  const shown = there && show(there, library)
  const first = firstAsk(
    {
      model,
      prompt,
      workspace: told(world, facts, model, timezone),
      workflow: shown?.text ?? null,
      used: document.nodes,
      context,
    },
    library,
  )
  return {
    world,
    caller,
    workflow: row?.id ?? null,
    first,
    base: { document, shown, library, credential: chooser(facts, library) },
    before: there ? await problemsOf(db, library, workspace, row?.id ?? null, there) : [],
    row: row && { id: row.id, name: row.name, rev: row.rev },
    isNew: there === null,
  }
}

const onlyGiven = (sent: Record<string, unknown>) =>
  Object.fromEntries(Object.keys(GivenDocument.shape).flatMap(name => (name in sent ? [[name, sent[name]]] : [])))

function empty(prompt: string, timezone: string): WorkflowDocument {
  const line = prompt
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 60)
    .trim()
  return GivenDocument.transform(it => ({ ...it, nodes: [], edges: [] })).parse({ name: line || '…', settings: { timezone } })
}

/** The credential that a model has named, if there is one; else, where one is needed, the only one that fits. */
function chooser({ credentials }: Known, library: World['library']): Base['credential'] {
  return (node, wanted) => {
    if (wanted !== null) return credentials.some(({ id }) => id === wanted) ? wanted : null
    const block = library.find(node.block, node.version)
    const needed = block?.credentialNeeded
    if (!(typeof needed === 'function' ? needed(node.params) : needed)) return null
    const fitting = credentials.filter(({ kind }) => block?.credentials?.some(({ id }) => id === kind))
    return fitting.length === 1 ? (fitting[0]?.id ?? null) : null
  }
}

/** Designs it, counts what that took however it ends, and answers with all of it. */
async function* running(world: World, { caller, signal }: Asked, job: Job) {
  const { row, first, base, isNew, ...rest } = job
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Fault('ai.too_slow')), TIME)
  let spent = nothing()
  let problems: number | null = null
  const spend: Task['spend'] = it => {
    spent = it
  }
  const task: Task = { ...rest, first, base, signal: AbortSignal.any([signal, late.signal]), spend }
  try {
    const made = yield* design(task)
    problems = made.problems.length
    const answer = {
      workflow: made.document,
      workflowId: row?.id ?? null,
      rev: row?.rev ?? null,
      explanation: made.explanation,
      problems: made.problems,
      changes: diffOf(isNew ? null : base.document, made.document),
      model: first.model,
      demo: first.model.startsWith('demo/'),
      repairs: made.repairs,
      usage: { inputTokens: made.spent.inputTokens, outputTokens: made.spent.outputTokens, cost: dollars(made.spent.cost) },
    }
    yield { event: 'done', data: answer }
    return answer
  } finally {
    clearTimeout(timer)
    const how = signal.aborted ? 'given up' : problems === null ? 'failed' : 'made'
    const ended = { model: first.model, how, problems: problems ?? 0 } as const
    if (spent.asks > 0) await count(world, caller, row && { id: row.id, name: row.name }, spent, ended)
  }
}

const dollars = (millionths: number | null) => (millionths === null ? null : millionths / 1e6)

/** Once it streams, a failure is the last event. */
async function* safe(events: AsyncGenerator<StreamEvent, unknown>, { log }: World): AsyncGenerator<StreamEvent> {
  try {
    yield* events
  } catch (error) {
    const fault = error instanceof Fault ? error : new Fault('server.fault', { cause: error })
    if (!(error instanceof Fault)) log.error({ err: error }, 'a design broke off')
    yield { event: 'error', data: { error: fault.message, code: fault.code, advice: catalogue[fault.code].advice } }
  }
}
