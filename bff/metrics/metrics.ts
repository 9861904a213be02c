// The metrics of one BFF, in a registry of its own: what the parts of the BFF count, and the text that Prometheus reads.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorEvent, SecurityEvent, WarnEvent } from '../events.ts'
import type { FlowStatus } from '../contract.ts'
import type { OpenWork } from '../storage/storage.ts'
import { findPackageVersion } from './package-version.ts'
import {
  METRICS,
  PREFIX,
  type CALL_OUTCOMES,
  type CALLS,
  type MetricName,
  type VERDICTS,
} from './metric-table.ts'
import { renderProcessMetrics } from './process-metrics.ts'
import type { StoreOperation } from './store-operations.ts'

export type UpstreamOutcome = (typeof CALL_OUTCOMES)[number]

export interface Metrics {
  /** @param count default 1. */
  countFlow(status: FlowStatus, count?: number): void
  countRequest(request: {
    readonly route: string
    readonly method: string
    readonly statusClass: string
    readonly seconds: number
  }): void
  countUpstreamCall(call: {
    readonly call: (typeof CALLS)[number]
    readonly outcome: UpstreamOutcome
    readonly code: string
    readonly seconds: number
  }): void
  countProof(proof: {
    readonly verdict: (typeof VERDICTS)[number]
    readonly code: string
    readonly seconds: number
  }): void
  observeStore(operation: StoreOperation, seconds: number): void
  countStoreFailure(kind: 'busy' | 'full' | 'fatal'): void
  countSecurityEvent(event: SecurityEvent, reason: string): void
  countProblem(event: WarnEvent | ErrorEvent, level: 'warn' | 'error'): void
  setCircuitOpen(isOpen: boolean): void
  /** Where the numbers of the whole store come from, at each reading. */
  readOpenWorkFrom(read: () => Promise<OpenWork>): void
  /** In Prometheus' text format. Never rejects: what the store cannot tell is left out, and `store_up` is 0. */
  render(): Promise<string>
}

/** The content type of {@link Metrics.render}. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Prometheus itself waits 10 s for a reading, and then knows of nothing at all. */
const STORE_WAIT_MS = 3_000

export function createMetrics(): Metrics {
  const registry = new Registry()
  const counter = (name: MetricName): Counter => new Counter(describe(registry, name))
  const gauge = (name: MetricName): Gauge => new Gauge(describe(registry, name))
  const histogram = (name: MetricName): Histogram => new Histogram(describe(registry, name))

  const flows = counter('flows_total')
  const openFlows = gauge('open_flows')
  const ofQueue = {
    jobs: gauge('queue_jobs'),
    oldest: gauge('queue_oldest_seconds'),
    due: gauge('queue_due_seconds'),
  }
  const requests = counter('requests_total')
  const requestSeconds = histogram('request_seconds')
  const calls = counter('upstream_calls_total')
  const callSeconds = histogram('upstream_call_seconds')
  const circuitOpen = gauge('upstream_circuit_open')
  const proofs = counter('ownership_proofs_total')
  const proofSeconds = histogram('ownership_proof_seconds')
  const storeUp = gauge('store_up')
  const storeSeconds = histogram('store_seconds')
  const storeFailures = counter('store_failures_total')
  const securityEvents = counter('security_events_total')
  const problems = counter('problems_total')
  gauge('build_info').set({ version: findPackageVersion(), node: process.versions.node }, 1)

  // A series that appears with its first event has no increase that Prometheus could see, so those an alarm is about begin at 0.
  for (const status of METRICS.flows_total.labels.status) flows.inc({ status }, 0)
  for (const kind of METRICS.store_failures_total.labels.kind) storeFailures.inc({ kind }, 0)
  for (const event of METRICS.security_events_total.labels.event)
    securityEvents.inc({ event, reason: 'none' }, 0)
  for (const reason of ['current', 'previous'])
    securityEvents.inc({ event: 'partner_key_refused', reason }, 0)
  for (const event of METRICS.problems_total.labels.event)
    for (const level of METRICS.problems_total.labels.level) problems.inc({ event, level }, 0)

  let readOpenWork: (() => Promise<OpenWork>) | undefined
  let asking: Promise<OpenWork | undefined> | undefined
  let reading: Promise<void> | undefined

  /** A store that takes longer cannot be asked right now; nor is it asked a second time meanwhile. */
  async function askStore(): Promise<OpenWork | undefined> {
    asking ??= readOpenWork?.()
      .catch(() => undefined)
      .finally(() => {
        asking = undefined
      })
    const patience = Promise.withResolvers<undefined>()
    const timer = setTimeout(patience.resolve, STORE_WAIT_MS, undefined)
    try {
      return await Promise.race([asking, patience.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** What is not known now must not look like what was known before. */
  async function measureStore(): Promise<void> {
    const work = await askStore()
    storeUp.set(work === undefined ? 0 : 1)
    openFlows.reset()
    if (work === undefined) for (const each of Object.values(ofQueue)) each.remove()
    else {
      for (const [status, count] of Object.entries(work.flows)) openFlows.set({ status }, count)
      ofQueue.jobs.set(work.jobs)
      ofQueue.oldest.set(work.oldestJobMs / 1000)
      ofQueue.due.set(work.oldestDueMs / 1000)
    }
  }

  return {
    countFlow: (status, count = 1) => flows.inc({ status }, count),
    countRequest({ route, method, statusClass, seconds }) {
      requests.inc({ route, method, status_class: statusClass })
      requestSeconds.observe({ route, method }, seconds)
    },
    countUpstreamCall({ call, outcome, code, seconds }) {
      calls.inc({ call, outcome, code })
      // A call that was not made took no time.
      if (outcome !== 'circuit_open') callSeconds.observe({ call }, seconds)
    },
    countProof({ verdict, code, seconds }) {
      proofs.inc({ verdict, code })
      proofSeconds.observe(seconds)
    },
    observeStore: (operation, seconds) => storeSeconds.observe({ operation }, seconds),
    countStoreFailure: (kind) => storeFailures.inc({ kind }),
    countSecurityEvent: (event, reason) => securityEvents.inc({ event, reason }),
    countProblem: (event, level) => problems.inc({ event, level }),
    setCircuitOpen: (isOpen) => circuitOpen.set(isOpen ? 1 : 0),
    readOpenWorkFrom(read) {
      readOpenWork = read
    },
    async render() {
      reading ??= measureStore().finally(() => {
        reading = undefined
      })
      await reading
      return `${await registry.metrics()}\n${await renderProcessMetrics()}`
    },
  }
}

function describe(registry: Registry, name: MetricName) {
  const row = METRICS[name]
  return {
    name: PREFIX + name,
    help: row.help,
    labelNames: Object.keys(row.labels),
    registers: [registry],
    ...('buckets' in row ? { buckets: [...row.buckets] } : {}),
  }
}
