// GET /connection beside a bare node:http server in the same run: how much of its throughput is left, with few rows and with a million.
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { copyBroken } from '../flow/broken-bff.ts'
import { createTrafficClient } from '../faults/traffic/client.ts'
import { startScene, type Scene } from '../faults/traffic/scene.ts'
import { createTenant } from '../faults/traffic/tenants.ts'
import { TRAFFIC_ORIGIN } from '../faults/traffic/traffic-bff.ts'
import { createVisitor } from '../faults/traffic/visitor.ts'
import type { Bench, BenchOptions, BenchReport } from './bench.ts'
import { startChild, type Child } from './child.ts'
import { copyConnections } from './server/many-rows.ts'
import { pressServer, type Pressed } from './server/press-server.ts'

const BAR = 0.5
const FEW = 1_000
const MANY = 1_000_000
const SLICE_MS = 1_000
/** So that what is measured is compiled code. */
const WARM_UP_REQUESTS = 10_000

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const urlSchema = z.object({ url: z.string() })
const emptySchema = z.object({})

interface Server {
  readonly url: string
  readonly pid: number
  readonly headOf: (index: number) => string
}

async function run(options: BenchOptions): Promise<BenchReport> {
  const { rounds, changed = [], report, onFinished } = options
  const directory = changed.length === 0 ? pathTo('../../bff') : copyBroken(changed, onFinished)
  const scene = await startScene({ tenants: 1 })
  onFinished(() => scene.close())

  const start = async (program: string): Promise<Child<object>> => {
    const child = await startChild(pathTo(program), [directory], emptySchema)
    onFinished(() => child.stop())
    return child
  }
  const file = scene.databaseFileUrl.replace('file:', '')
  const openBff = async (
    databaseFile: string,
    stoppedAt?: number,
  ): Promise<Child<object> & { url: string }> => {
    const child = await start('server/bff-process.ts')
    const opening = { ...scene.openingFor(`file:${databaseFile}`), stoppedAt }
    const { url } = await child.order(opening, urlSchema)
    return { ...child, url }
  }
  const first = await openBff(file)
  await connectFirst(scene, first.url)
  await first.stop()
  const stoppedAt = Date.now()
  copyConnections(file, FEW, stoppedAt)
  const manyFile = `${file}-many`
  copyFileSync(file, manyFile)
  copyConnections(manyFile, MANY, stoppedAt)
  report(`${MANY} rows are there`)

  const serverOf = ({ url, pid }: { url: string; pid: number }, rows: number): Server => ({
    url,
    pid,
    headOf: (index) => headOf(Math.floor((index * 7919) % rows)),
  })
  const few = serverOf(await openBff(file, stoppedAt), FEW)
  const many = serverOf(await openBff(manyFile, stoppedAt), MANY)
  const bareChild = await start('server/bare-process.ts')
  const { url } = await bareChild.order({ body: await readAnswer(few.url) }, urlSchema)
  const bare = serverOf({ url, pid: bareChild.pid }, FEW)

  const servers = [bare, few, many]
  const sums = servers.map(() => ({ answered: 0, tookMs: 0, cpuMs: 0 }))
  for (const server of servers) {
    for (let answered = 0; answered < WARM_UP_REQUESTS;)
      answered += (await pressServer({ ...server, durationMs: SLICE_MS / 2 })).answered
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of servers.entries())
      add(sums[index], await pressServer({ ...server, durationMs: SLICE_MS }))
  }
  return judge(sums)
}

const headOf = (tenant: number): string =>
  `GET /connect/github/connection HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nCookie: ${createTenant(tenant).sessionCookie}\r\n\r\n`

async function connectFirst(scene: Scene, url: string): Promise<void> {
  const client = createTrafficClient()
  const tenant = createTenant(0)
  const target = (): string => `${url}/connect/github`
  const visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target })
  await visitor.comeBack(await visitor.openGitHub(), scene.installationIdOf(tenant))
  for (;;) {
    const { status } = await visitor.look('?after=3&wait=25')
    if (status === 'connected') break
    if (status !== 'binding' && status !== 'returned') throw new Error(`the flow is ${status}`)
  }
  client.close()
}

async function readAnswer(url: string): Promise<string> {
  const { sessionCookie } = createTenant(1)
  const answer = await fetch(`${url}/connect/github/connection`, { headers: { cookie: sessionCookie } })
  const body = await answer.text()
  if (!body.includes('"connected"')) throw new Error(`the copies are not connected: ${body}`)
  return body
}

function add(sum: { answered: number; tookMs: number; cpuMs: number } | undefined, pressed: Pressed): void {
  if (sum === undefined) return
  sum.answered += pressed.answered
  sum.tookMs += pressed.tookMs
  sum.cpuMs += pressed.cpuMs
}

function judge([bare, few, many]: readonly Pressed[]): BenchReport {
  if (bare === undefined || few === undefined || many === undefined) throw new Error('nothing was measured')
  const perSecond = ({ answered, tookMs }: Pressed): number => (1000 * answered) / tookMs
  const cpuEach = ({ answered, cpuMs }: Pressed): number => (1000 * cpuMs) / answered
  return {
    bars: [
      {
        name: 'throughput, of a bare server’s',
        reached: perSecond(few) / perSecond(bare),
        bar: BAR,
        is: 'at least',
      },
      {
        name: `the same with ${MANY.toLocaleString('en-US')} connections`,
        reached: perSecond(many) / perSecond(bare),
        bar: BAR,
        is: 'at least',
      },
    ],
    figures: {
      'bare: requests a second': perSecond(bare),
      'BFF: requests a second': perSecond(few),
      'bare: work for each (µs of CPU)': cpuEach(bare),
      'BFF: work for each (µs of CPU)': cpuEach(few),
      'BFF, many rows: work for each (µs of CPU)': cpuEach(many),
      'work, bare’s of ours': cpuEach(bare) / cpuEach(few),
    },
  }
}

export const connection: Bench = {
  name: 'connection',
  measures: 'GET /connection beside a bare node:http server',
  unit: 'slices of a second each',
  rounds: 8,
  run,
  control: {
    added: 'half a millisecond of work in each answer',
    changed: [
      {
        file: 'routes/connection.ts',
        from: '    ctx.body = await viewConnection(runtime, identity)\n',
        to: '    ctx.body = await viewConnection(runtime, identity)\n    for (const end = performance.now() + 0.5; performance.now() < end; );\n',
      },
    ],
    rounds: 3,
    isNoticed: (plain, changed) => changed < 0.7 * plain,
  },
}
