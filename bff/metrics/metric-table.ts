// Every metric: its type, what it says, and every value its labels can have. There is no label for whose it is: a tenant, user, flow,
// installation, account or address would make a series for each, and tell whoever may read metrics who the partner's customers are.
import { ERRORS, FLOW_STATUSES } from '../contract.ts'
import { EVENTS } from '../events.ts'
import { ROUTES } from '../routes/index.ts'
import { UPSTREAM_CODES } from '../upstream/upstream-codes.ts'
import { STORE_OPERATIONS } from './store-operations.ts'

/** Before each metric's name. */
export const PREFIX = 'connect_github_'

interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Of each label, all its values. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  /** Upper bounds in seconds, of a histogram. */
  readonly buckets?: readonly number[]
}

const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]
const STORE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const UPSTREAM_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]

export const METHODS = ['GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS'] as const
const ROUTE_PATHS = [...new Set(ROUTES.map((route) => route.path)), 'none']
export const CALLS = ['install_url', 'register', 'find_binding', 'list_repositories'] as const
/** `refused`: an answer that says no. `circuit_open`: not called, because Layers is down. */
export const CALL_OUTCOMES = [
  'ok',
  'refused',
  'rate_limited',
  'failed',
  'network',
  'timeout',
  'unreadable',
  'circuit_open',
] as const
export const VERDICTS = ['proved', 'refused', 'failed'] as const
/** What the log says as the reason of security events, where it has no code; in words there, as one word here. */
export const SECURITY_REASONS = [
  'no_state',
  'unknown_state',
  'no_signature',
  'wrong_signature',
  'body_already_read',
  'body_incomplete',
  'current',
  'previous',
] as const
const OPEN_STATUSES = Object.entries(FLOW_STATUSES).flatMap(([status, row]) => (row.open ? [status] : []))

const eventsOf = (...levels: readonly string[]): string[] =>
  Object.entries(EVENTS).flatMap(([event, { level }]) => (levels.includes(level) ? [event] : []))

export const METRICS = {
  flows_total: {
    type: 'counter',
    help: 'flows that came into this status, here in this process',
    labels: { status: Object.keys(FLOW_STATUSES) },
  },
  open_flows: {
    type: 'gauge',
    help: 'flows that are open, in the whole store (up to 100 000)',
    labels: { status: OPEN_STATUSES },
  },
  queue_jobs: {
    type: 'gauge',
    help: 'accepted returns that Layers has not answered for yet, in the whole store (up to 100 000)',
    labels: {},
  },
  queue_oldest_seconds: {
    type: 'gauge',
    help: 'how long ago the oldest of them was accepted',
    labels: {},
  },
  queue_due_seconds: {
    type: 'gauge',
    help: 'how long the one that is due longest has been waiting for a process to take it',
    labels: {},
  },
  requests_total: {
    type: 'counter',
    help: 'requests that were answered, by the route’s pattern',
    labels: { route: ROUTE_PATHS, method: [...METHODS, 'other'], status_class: ['2xx', '3xx', '4xx', '5xx'] },
  },
  request_seconds: {
    type: 'histogram',
    help: 'how long they took; `GET /flows/:flowId` and both of `/flows/:flowId/launch` also wait for news',
    labels: { route: ROUTE_PATHS, method: [...METHODS, 'other'] },
    buckets: REQUEST_BUCKETS,
  },
  upstream_calls_total: {
    type: 'counter',
    help: 'calls to Layers, by how they ended and Layers’ code',
    labels: { call: CALLS, outcome: CALL_OUTCOMES, code: ['none', ...UPSTREAM_CODES, 'other'] },
  },
  upstream_call_seconds: {
    type: 'histogram',
    help: 'how long they took',
    labels: { call: CALLS },
    buckets: UPSTREAM_BUCKETS,
  },
  upstream_circuit_open: {
    type: 'gauge',
    help: '1 while Layers is left alone because it is down',
    labels: {},
  },
  ownership_proofs_total: {
    type: 'counter',
    help: 'questions to GitHub, or to proveOwnership, whether an installation is the customer’s',
    labels: { verdict: VERDICTS, code: ['none', ...Object.keys(ERRORS)] },
  },
  ownership_proof_seconds: {
    type: 'histogram',
    help: 'how long they took',
    labels: {},
    buckets: UPSTREAM_BUCKETS,
  },
  store_up: { type: 'gauge', help: '1 when the store answered at this reading', labels: {} },
  store_seconds: {
    type: 'histogram',
    help: 'how long the store took; `acceptReturn` is a commit that waits for the disk',
    labels: { operation: STORE_OPERATIONS },
    buckets: STORE_BUCKETS,
  },
  store_failures_total: {
    type: 'counter',
    help: 'times the store could not serve: locked or away, full, or no longer to be trusted',
    labels: { kind: ['busy', 'full', 'fatal'] },
  },
  security_events_total: {
    type: 'counter',
    help: 'security events of the log, by their code or reason',
    labels: { event: eventsOf('security'), reason: ['none', ...Object.keys(ERRORS), ...SECURITY_REASONS] },
  },
  problems_total: {
    type: 'counter',
    help: 'events of the log at warn and error, security events not counted',
    labels: { event: eventsOf('warn', 'error', 'alarm'), level: ['warn', 'error'] },
  },
  build_info: {
    type: 'gauge',
    help: '1; the versions are in the labels',
    // Of the one process that is asked.
    labels: { version: [], node: [] },
  },
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof METRICS
