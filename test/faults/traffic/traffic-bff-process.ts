// A BFF for load in a process of its own: loads the BFF's source from the directory it is given, and does as it is told.
// Limits that protect a partner from one customer are wide open, and it can be told to kill itself at a point of its work.
import diagnosticsChannel from 'node:diagnostics_channel'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { KILL_POINT, orderSchema, type Kill, type Notice, type Opening } from './orders.ts'
import { identify } from './tenants.ts'

const WIDE_OPEN = 1_000_000

const [directory = ''] = process.argv.slice(2)
// A copy has the same exports as the source that it was made from.
const source: typeof import('../../../bff/index.ts') = await import(join(directory, 'index.ts'))
// Loaded now and not when the store is opened: what follows is a process that has been killed and is back at once.
await Promise.all(['sqlite.ts', 'postgres.ts'].map((store) => import(join(directory, 'storage', store))))

let armed: Kill | undefined
let clockOffsetMs = 0

function reach(point: string): void {
  if (armed?.point !== point) return
  armed = { point, count: armed.count - 1 }
  if (armed.count <= 0) process.kill(process.pid, 'SIGKILL')
}
Object.assign(globalThis, { [KILL_POINT]: reach })
// https://undici.nodejs.org/#/docs/api/DiagnosticsChannel: published when the whole body has been written to the socket.
diagnosticsChannel.subscribe('undici:request:bodySent', (message) => {
  const isPost = JSON.stringify(message, ['request', 'method']).includes('"POST"')
  if (isPost) reach('the POST was sent')
})

const tell = (notice: Notice): void => void process.send?.(notice)

async function open(opening: Opening): Promise<void> {
  const { clockOffsetMs: offsetMs, ...options } = opening
  clockOffsetMs = offsetMs ?? 0
  const bff = source.createBff({
    identify,
    logLevel: 'warn',
    retryPolicy: { baseMs: 20, capMs: 500 },
    ...(offsetMs === undefined ? {} : { now: () => Date.now() + clockOffsetMs }),
    limits: {
      startsPerUser: WIDE_OPEN,
      startsPerTenant: WIDE_OPEN,
      strayReturnsPerAddress: WIDE_OPEN,
      readsPerUser: WIDE_OPEN,
      changesPerUser: WIDE_OPEN,
      refusalsPerAddress: WIDE_OPEN,
      failedBindingsPerTenant: WIDE_OPEN,
    },
    env: {},
    ...options,
  })
  const server = await source.startServer(bff, { host: '127.0.0.1', port: 0 })
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
  tell({ notice: 'listening', port: server.port })
  // A process that is killed never gets to write what it has compiled.
  flushCompileCache()
}

async function obey(message: unknown): Promise<void> {
  const order = orderSchema.parse(message)
  if (order.order === 'open') return open(order.opening)
  if (order.order === 'kill') armed = order.kill
  else clockOffsetMs = order.offsetMs
  tell({ notice: 'done' })
}

process.on('message', (message) => void obey(message))
// Whoever gave the orders is gone.
process.on('disconnect', () => process.exit(0))
tell({ notice: 'loaded' })
