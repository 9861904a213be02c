// Layers and GitHub for a load in a process of their own, apart from whoever makes the load. Layers can be taken down: then nobody
// listens there, and connections that were open are cut.
import { once } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { startScene } from '../traffic/scene.ts'
import { readUpstreamRecord } from '../traffic/upstream-record.ts'
import { upstreamOrderSchema, type UpstreamNotice } from './upstream-orders.ts'

const [tenants = '1', capacity = '10000'] = process.argv.slice(2)
const scene = await startScene({ tenants: Number(tenants), capacity: Number(capacity) })
const { sandbox } = scene
const target = Number(new URL(sandbox.layersUrl).port)
const sockets = new Set<Socket>()
let port = 0
let door: Server | undefined

async function open(): Promise<void> {
  door = createServer((client) => {
    const server = createConnection(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }).listen(port, '127.0.0.1')
  await once(door, 'listening')
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  port = address.port
}

async function close(): Promise<void> {
  const closed = door && once(door, 'close')
  door?.close()
  for (const socket of sockets) socket.destroy()
  await closed
}

const tell = (notice: UpstreamNotice): void => void process.send?.(notice)

async function obey(message: unknown): Promise<void> {
  const { order } = upstreamOrderSchema.parse(message)
  if (order === 'record') {
    const { posts, bindings } = readUpstreamRecord(sandbox)
    const calls = sandbox.requests.map(({ at }) => at)
    return tell({ notice: 'record', record: { posts: [...posts], bindings: [...bindings] }, calls })
  }
  if (order === 'up') await open()
  else await close()
  if (order === 'close') {
    await scene.close()
    process.disconnect()
    return
  }
  tell({ notice: 'done' })
}

await open()
process.on('message', (message) => void obey(message))
tell({
  notice: 'ready',
  opening: { ...scene.openingFor(scene.databaseFileUrl), layersApiUrl: `http://127.0.0.1:${port}` },
  databaseFileUrl: scene.databaseFileUrl,
  directory: scene.artefacts.directory,
  installationIds: scene.tenants.map((tenant) => scene.installationIdOf(tenant)),
})
