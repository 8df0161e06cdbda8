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
  return {
    registry,
    request: (method, route, status, seconds) => requests.labels(method, route, String(status)).observe(seconds),
  }
}
