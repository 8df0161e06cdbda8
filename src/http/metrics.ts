import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** The numbers for Prometheus. */
export type Metrics = {
  registry: Registry
  request(method: string, route: string, status: number, seconds: number): void
}

/** Counts of this process. Labels name routes, never people or paths. */
export function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  // Finding the labels costs more than counting. There are as many as routes, methods and statuses.
  const known = new Map<string, { observe(seconds: number): void }>()
  return {
    registry,
    request(method, route, status, seconds) {
      const name = `${method} ${status} ${route}`
      const labelled = known.get(name) ?? requests.labels(method, route, String(status))
      known.set(name, labelled)
      labelled.observe(seconds)
    },
  }
}
