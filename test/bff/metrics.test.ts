// What the metrics count, and that no label can ever say whose it is.
import { afterEach, describe, expect, it } from 'vitest'
import { METRICS, PREFIX, type MetricName } from '../../bff/metrics/metric-table.ts'
import { STORE_OPERATIONS } from '../../bff/metrics/store-operations.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from '../flow/load-broken-bff.ts'
import { buildReturnUrl, listEvents } from '../flow/what-happened.ts'
import { readMetrics, sumOf, type Sample } from '../stack/read-metrics.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'

let stack: Stack
let opened: Stack | undefined
afterEach(async () => {
  await opened?.close()
  opened = undefined
})

async function open(options: StackOptions = {}): Promise<void> {
  stack = opened = await startStack(options)
}

/** Of Node itself: what kinds of things it holds, and its version. */
const PROCESS_LABELS: Readonly<Record<string, RegExp>> = {
  type: /^[A-Za-z0-9_]+$/,
  kind: /^(?:major|minor|incremental|weakcb)$/,
  space: /^[a-z_]+$/,
  version: /^v[0-9.]+$/,
  major: /^\d+$/,
  minor: /^\d+$/,
  patch: /^\d+$/,
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

/** Samples with a label, or a value of one, that the table does not list. */
function findUnlisted(samples: readonly Sample[]): readonly string[] {
  return samples.flatMap(({ name, labels }) => {
    const own = name.slice(PREFIX.length).replace(/_(?:bucket|sum|count)$/, '')
    const isListed = isMetric(own)
    if (!isListed && !/^connect_github_(?:process|nodejs)_/.test(name)) return [name]
    const listed: Readonly<Record<string, readonly string[]>> = isListed ? METRICS[own].labels : {}
    return Object.entries(labels)
      .filter(([label, value]) => {
        if (label === 'le' && name.endsWith('_bucket')) return false
        if (own === 'build_info') return !/^[0-9A-Za-z.+-]{1,64}$/.test(value) || !(label in listed)
        return isListed
          ? listed[label]?.includes(value) !== true
          : PROCESS_LABELS[label]?.test(value) !== true
      })
      .map(([label, value]) => `${name} ${label}="${value}"`)
  })
}

/** A connection, a guess, a stranger, a failing upstream, and requests that nobody expects. */
async function doEverything(options: StackOptions = {}): Promise<readonly string[]> {
  await open({
    ...options,
    bff: { githubWebhookSecret: ['webhook-secret-0123456789'], circuitBreaker: { failures: 2 } },
  })
  const ann = stack.browser()
  const { flow, returnUrl } = await ann.connect()
  await ann.waitForEnd(flow.flowId)
  await ann.send(`/connection/${flow.flowId}`, { method: 'DELETE', headers: { 'x-tenant': 'northwind' } })
  await ann.send('/flows', { method: 'PROPFIND' })
  await ann.fetchJson('GET', '/repositories')
  await ann.navigate(
    buildReturnUrl(stack, { state: 'x'.repeat(32), installation_id: '1', setup_action: 'install' }),
  )
  await stack.browser('cora').navigate(returnUrl)
  await stack.browser('vera').fetchJson('POST', '/flows', { flowId: 'v'.repeat(22), mode: 'popup' })
  await ann.send('/webhooks/github', { method: 'POST', body: '{}' })
  stack.sandbox.scenario('fail_next', { route: 'install_url', status: 500, code: 'INTERNAL', times: 10 })
  const cora = stack.browser('cora')
  for (let n = 0; n < 3; n += 1)
    await cora.fetchJson('POST', '/flows', { flowId: `${n}`.repeat(22), mode: 'popup' })
  const pseudonyms = stack.logLines.flatMap((line) => {
    const { flow: ofFlow, tenant, requestId }: Record<string, unknown> = JSON.parse(line)
    return [ofFlow, tenant, requestId].filter((value) => typeof value === 'string')
  })
  const ids = stack.sandbox.installations.map(({ installationId }) => String(installationId))
  return [...new Set([...pseudonyms, ...ids])].concat(
    flow.flowId,
    'northwind',
    'globex',
    'cora',
    'vera',
    'acme-coffee',
    'PROPFIND',
    '127.0.0.1',
    'org_',
  )
}

describe('labels', () => {
  it('have the values that the table lists and no others, whatever is asked of the BFF', async () => {
    const names = await doEverything()
    const text = await stack.metrics()
    const samples = readMetrics(text)
    expect(samples.length).toBeGreaterThan(200)
    expect(findUnlisted(samples)).toEqual([])
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => text.includes(name))).toEqual([])
  })

  const LEAKS: readonly (readonly [string, Breakage])[] = [
    [
      'a tenant’s pseudonym',
      {
        file: 'metrics/watch-log.ts',
        from: 'metrics.countSecurityEvent(event, reasonOf(fields))',
        to: "metrics.countSecurityEvent(event, fields?.tenant ?? 'none')",
      },
    ],
    [
      'a path that was asked for',
      {
        file: 'middleware/answer-errors.ts',
        from: "typeof ctx['_matchedRoute'] === 'string' ? ctx['_matchedRoute'] : 'none'",
        to: 'ctx.path',
      },
    ],
  ]
  it.each(LEAKS)('are seen to carry %s in a build that lets them', async (_, breakage) => {
    await doEverything({ build: loadBroken([breakage]) })
    expect(findUnlisted(readMetrics(await stack.metrics()))).not.toEqual([])
  })

  it('name every timed method of a store', async () => {
    const storage = await openSqliteStorage({ file: ':memory:' })
    const methods = Object.keys(storage).filter((name) => !/^on|^close$/.test(name))
    await storage.close()
    expect(methods.toSorted()).toEqual(STORE_OPERATIONS.toSorted())
  })
})

describe('a connection', () => {
  it('is counted at every step, and measured', async () => {
    await open()
    const ann = stack.browser()
    stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 50 })
    const { flow } = await ann.connect()
    await ann.startFlow()
    await ann.waitForEnd(flow.flowId)
    const text = await stack.metrics()
    const statuses = ['starting', 'waiting', 'binding', 'connected', 'refused']
    expect(statuses.map((status) => sumOf(text, 'flows_total', { status }))).toEqual([2, 2, 1, 1, 0])
    expect(sumOf(text, 'open_flows', { status: 'waiting' })).toBe(1)
    expect(sumOf(text, 'open_flows')).toBe(1)
    for (const call of ['install_url', 'register'])
      expect(sumOf(text, 'upstream_calls_total', { call, outcome: 'ok', code: 'none' })).toBeGreaterThan(0)
    expect(sumOf(text, 'upstream_call_seconds_sum', { call: 'register' })).toBeGreaterThanOrEqual(0.05)
    expect(sumOf(text, 'store_seconds_count', { operation: 'acceptReturn' })).toBe(1)
    expect(sumOf(text, 'store_seconds_sum', { operation: 'acceptReturn' })).toBeGreaterThan(0)
    const request = { route: '/return', method: 'GET' }
    expect(sumOf(text, 'requests_total', { ...request, status_class: '3xx' })).toBe(1)
    expect(sumOf(text, 'request_seconds_count', request)).toBe(1)
    expect(sumOf(text, 'store_up')).toBe(1)
    expect(sumOf(text, 'build_info')).toBe(1)
    expect(sumOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0)
    expect(sumOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
  })

  it('that replaces another, and then expires, is counted as both', async () => {
    await open()
    const ann = stack.browser()
    await ann.startFlow()
    await ann.startFlow()
    expect(sumOf(await stack.metrics(), 'flows_total', { status: 'superseded' })).toBe(1)
    stack.advance(20 * 60_000)
    // The next start expires at once what this process would have expired in a moment.
    await stack.restart()
    await stack.waitForLog((line) => line.includes('"flows_expired"'))
    expect(sumOf(await stack.metrics(), 'flows_total', { status: 'expired' })).toBe(1)
  })

  it('that Layers keeps waiting shows in the queue, with its age, and the circuit that opened', async () => {
    await open({ bff: { circuitBreaker: { failures: 1 }, retryPolicy: { baseMs: 60_000 } } })
    const ann = stack.browser()
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 5 })
    await ann.connect()
    await stack.waitForLog((line) => line.includes('"upstream_circuit_opened"'))
    await stack.waitForLog((line) => line.includes('"binding_retry"'))
    stack.advance(7_000)
    const text = await stack.metrics()
    expect(sumOf(text, 'queue_jobs')).toBe(1)
    expect(sumOf(text, 'open_flows', { status: 'binding' })).toBe(1)
    expect(sumOf(text, 'queue_oldest_seconds')).toBeGreaterThanOrEqual(7)
    expect(sumOf(text, 'upstream_circuit_open')).toBe(1)
    const failed = { call: 'register', outcome: 'failed' }
    expect(sumOf(text, 'upstream_calls_total', failed)).toBe(1)
    expect(sumOf(text, 'problems_total', { event: 'upstream_circuit_opened', level: 'warn' })).toBe(1)
  })
})

describe('security events', () => {
  it('are counted by reason, also when the log’s level hides them', async () => {
    await open({ bff: { logLevel: 'silent' } })
    await stack.browser().navigate(buildReturnUrl(stack, { installation_id: '1', setup_action: 'install' }))
    expect(listEvents(stack, 'return_without_flow')).toEqual([])
    const text = await stack.metrics()
    const event = { event: 'return_without_flow' }
    expect(sumOf(text, 'security_events_total', { ...event, reason: 'no_state' })).toBe(1)
    expect(sumOf(text, 'security_events_total', { ...event, reason: 'unknown_state' })).toBe(0)
  })
})
