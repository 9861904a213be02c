// Layers and GitHub of a benchmark, in a process of their own, which notes when each request came and when its answer was sent.
import diagnosticsChannel from 'node:diagnostics_channel'
import { IncomingMessage } from 'node:http'
import { createTenants, sandboxOptionsFor } from '../../faults/traffic/tenants.ts'
import { startCanarySandbox } from '../../stack/canary-sandbox.ts'
import { obey } from '../child.ts'
import { upstreamOrderSchema, type UpstreamReady, type UpstreamRequest } from './orders.ts'

const [tenants = '1'] = process.argv.slice(2)
const { sandbox, key } = await startCanarySandbox(
  sandboxOptionsFor(createTenants(Number(tenants))),
  'unlimited',
)

let requests: UpstreamRequest[] = []
const noted = new WeakMap<IncomingMessage, UpstreamRequest>()

function requestOf(message: unknown): IncomingMessage | undefined {
  const request: unknown =
    typeof message === 'object' && message !== null ? Reflect.get(message, 'request') : undefined
  return request instanceof IncomingMessage ? request : undefined
}
// https://nodejs.org/api/diagnostics_channel.html#http: published when the head was read, and when the answer was handed over.
diagnosticsChannel.subscribe('http.server.request.start', (message) => {
  const request = requestOf(message)
  if (request === undefined) return
  const [path = ''] = (request.url ?? '').split('?')
  const note = { method: request.method ?? '', path, startedAt: Date.now(), finishedAt: null }
  noted.set(request, note)
  requests.push(note)
})
diagnosticsChannel.subscribe('http.server.response.finish', (message) => {
  const request = requestOf(message)
  const note = request && noted.get(request)
  if (note) note.finishedAt = Date.now()
})

const ready: UpstreamReady = {
  layersApiKey: key,
  layersApiUrl: sandbox.layersUrl,
  githubUrl: sandbox.githubUrl,
}
obey(ready, async (message) => {
  const order = upstreamOrderSchema.parse(message)
  if (order.order === 'forget') requests = []
  if (order.order === 'delay' && order.delayMs > 0) {
    sandbox.scenario('delay_next', { route: order.route, delayMs: order.delayMs, times: 1 })
  }
  return { requests }
})
