// The port that metrics are served on: one path, one method, the limits of every server of the BFF, and not the customers' port.
import { connect } from 'node:net'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { readConfig, startServer, type Bff } from '../../bff/index.ts'
import { createBffProcesses } from '../flow/bff-process.ts'
import { sumOf } from '../stack/read-metrics.ts'
import { sendRaw } from '../stack/send-raw.ts'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

/** A BFF that has only metrics. */
function createBff(metrics: Bff['metrics'] = () => Promise.resolve('up 1\n')): Bff {
  return {
    handler: async (_request, response) => void response.writeHead(404).end(),
    middleware: () => undefined,
    metrics,
    reload: () => Promise.resolve(true),
    ready: Promise.resolve(),
    drain: () => undefined,
    close: () => Promise.resolve(),
  }
}

async function start(metrics?: Bff['metrics'], metricsPort: number | null = 0) {
  const server = await startServer(createBff(metrics), { host: '127.0.0.1', port: 0, metricsPort })
  stop = () => server.stop()
  return server
}

const urlOf = (port: number | null, path = '/metrics'): string => `http://127.0.0.1:${port}${path}`

it('serves them in Prometheus’ format', async () => {
  const { metricsPort } = await start()
  const { status, headers, text } = await sendRaw(urlOf(metricsPort), {})
  expect([status, text]).toEqual([200, 'up 1\n'])
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
})

it.each(['/', '/metrics/', '/metrics/x', '//metrics', '/Metrics', '/healthz', '/connect/github/metrics'])(
  'answers %s with 404',
  async (path) => {
    const { metricsPort } = await start()
    const { status, text } = await sendRaw(urlOf(metricsPort, path), {})
    expect([status, text]).toEqual([404, ''])
  },
)

it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND'])('answers %s with 405', async (method) => {
  const { metricsPort } = await start()
  const { status, headers, text } = await sendRaw(urlOf(metricsPort), { method, body: 'x'.repeat(100) })
  expect([status, headers.get('allow'), text]).toEqual([405, 'GET', ''])
  expect(headers.get('connection')).toBe('close')
})

it('does not serve them on the port that customers reach, and nowhere unless it is told to', async () => {
  const { port, metricsPort } = await start(undefined, null)
  expect(metricsPort).toBeNull()
  expect((await sendRaw(urlOf(port), {})).status).toBe(404)
})

it('cuts the connection when they cannot be read, and serves the next one', async () => {
  let isBroken = true
  const { metricsPort } = await start(() =>
    isBroken ? Promise.reject(new Error('broken')) : Promise.resolve('up 1\n'),
  )
  await expect(sendRaw(urlOf(metricsPort), {})).rejects.toThrow('socket hang up')
  isBroken = false
  expect((await sendRaw(urlOf(metricsPort), {})).status).toBe(200)
})

it('refuses a head that is larger than the limit', async () => {
  const { metricsPort } = await start()
  const { status } = await sendRaw(urlOf(metricsPort), { headers: { 'x-large': 'x'.repeat(9_000) } })
  expect(status).toBe(431)
})

it('takes 32 connections, and no further ones', async () => {
  const { metricsPort } = await start()
  const sockets = Array.from({ length: 40 }, () => connect(metricsPort ?? 0, '127.0.0.1'))
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  const dropped = sockets.map(
    (socket) =>
      new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined)),
  )
  const first: number[] = []
  await new Promise<void>((resolve) => {
    dropped.forEach((close, index) => void close.then(() => first.push(index) === 8 && resolve()))
  })
  expect(first).toHaveLength(8)
})

it('is gone when the server has stopped, and when the customers’ port is taken', async () => {
  const first = await start()
  const clash = { host: '127.0.0.1', port: first.port, metricsPort: 0 }
  await expect(startServer(createBff(), clash)).rejects.toThrow('EADDRINUSE')
  await first.stop()
  await expect(sendRaw(urlOf(first.metricsPort), {})).rejects.toThrow('ECONNREFUSED')
})

it('is told to connect-github-bff by METRICS_PORT, another one than PORT', () => {
  const required = { LAYERS_API_KEY: 'lp_test_0123456789', PUBLIC_URL: 'http://localhost:1/connect' }
  const portOf = (env: Readonly<Record<string, string>>): number | null =>
    readConfig({}, { ...required, ...env }).metricsPort
  expect(portOf({})).toBeNull()
  expect(portOf({ METRICS_PORT: '' })).toBeNull()
  expect(portOf({ METRICS_PORT: '9464' })).toBe(9464)
  expect(portOf({ METRICS_PORT: '0', PORT: '0' })).toBe(0)
  expect(() => portOf({ METRICS_PORT: '8787' })).toThrow('METRICS_PORT must be another port than PORT')
  expect(() => portOf({ METRICS_PORT: '65536' })).toThrow('METRICS_PORT must be a whole number')
})

it('serves what connect-github-bff has counted', async () => {
  const processes = await createBffProcesses()
  onTestFinished(() => processes.close())
  const bff = await processes.start({ env: { METRICS_PORT: '0' } })
  const ann = bff.browser()
  const { flow } = await ann.connect()
  await ann.waitForEnd(flow.flowId)
  const url = /"metricsUrl":"([^"]+)"/.exec(processes.output())?.[1] ?? ''
  const { text } = await sendRaw(url, {})
  processes.artefacts.record('metrics', text)
  expect(sumOf(text, 'flows_total', { status: 'connected' })).toBe(1)
  expect(sumOf(text, 'requests_total', { route: '/return', status_class: '3xx' })).toBe(1)
})
