// What Node tells of the process itself: CPU, memory, event loop. Once for all BFFs of a process, because none of it can be ended again.
import { collectDefaultMetrics, Registry } from 'prom-client'
import { PREFIX } from './metric-table.ts'

let registry: Registry | undefined

/** In Prometheus' text format. Nothing is observed before the first reading. */
export function renderProcessMetrics(): Promise<string> {
  if (registry === undefined) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry, prefix: PREFIX })
  }
  return registry.metrics()
}
