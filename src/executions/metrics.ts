import { Counter, Gauge, Histogram } from 'prom-client'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

/** Counts what this process does with executions; answers with what is to be called at the end of each. */
export function countExecutions(shell: Shell): (run: Run) => void {
  const registers = [shell.world.metrics.registry]
  const ended = new Counter({
    name: 'executions_ended_total',
    help: 'Executions that ended here, by status and what started them.',
    labelNames: ['status', 'start'],
    registers,
  })
  const took = new Histogram({
    name: 'execution_seconds',
    help: 'From accepting an execution to its end, waiting included.',
    buckets: [0.01, 0.1, 1, 10, 60, 600, 3600],
    registers,
  })
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  gauge('executions_running', 'Executions in the memory of this process.', () => shell.runs.size)
  gauge('executions_waiting', 'Executions that wait for their turn, as far as this process knows.', () => shell.queue.waiting())
  gauge('journal_waiting', 'Writes that wait for the one before them.', () => shell.journal.waiting())
  // Finding the labels costs more than counting.
  const known = new Map<string, { inc(): void }>()
  return ({ state, row }) => {
    const name = `${state.status} ${row.start}`
    const labelled = known.get(name) ?? ended.labels(state.status, row.start)
    known.set(name, labelled)
    labelled.inc()
    took.observe((shell.world.clock.now() - row.created_at) / 1000)
  }
}
