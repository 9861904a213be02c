// Where a load is played: the sandbox in one process, the BFF in another, and whoever makes the load in this one.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { copyBroken } from '../../flow/broken-bff.ts'
import type { FaultOptions } from '../fault.ts'
import { balance, createLedger, type Balance, type Ledger } from '../traffic/ledger.ts'
import type { Opening } from '../traffic/orders.ts'
import { readStoreRecord } from '../traffic/store-record.ts'
import { createTenants, type Tenant } from '../traffic/tenants.ts'
import { loadTrafficBff } from '../traffic/traffic-bff.ts'
import { upstreamNoticeSchema, type UpstreamNotice, type UpstreamOrder } from './upstream-orders.ts'

const PROGRAM = fileURLToPath(new URL('upstream-process.ts', import.meta.url))
const BYTES_PER_KB = 1024
const IDLE_TIMEOUT_MS = 180_000
const LOOK_EVERY_MS = 250

export interface Stage {
  readonly baseUrl: string
  readonly tenants: readonly Tenant[]
  readonly ledger: Ledger
  installationIdOf(tenant: Tenant): number
  /** Nobody listens at Layers until it is up again. */
  takeDown(): Promise<void>
  bringUp(): Promise<void>
  /** Of the BFF's process, in bytes (Linux). */
  readMemory(): number
  /** Resolves when no binding job is left, or when that takes too long. */
  waitUntilIdle(): Promise<void>
  /** Compares the ledger with what Layers and the store have now. */
  settle(): Promise<Settled>
}

interface Settled {
  readonly balance: Balance
  readonly posts: readonly { readonly state: string; readonly at: number }[]
  /** When each call arrived at Layers, epoch milliseconds, oldest first. */
  readonly calls: readonly number[]
}

/** Everything is gone when the run has ended. */
export async function setStage(
  { broken = [], onFinished }: Pick<FaultOptions, 'broken' | 'onFinished'>,
  options: {
    readonly tenants: number
    /** How many calls to Layers there will be at most. */
    readonly calls: number
    readonly opening?: Partial<Opening>
  },
): Promise<Stage> {
  const upstream = await startUpstream(options.tenants, options.calls)
  onFinished(() => upstream.close())
  const { directory, databaseFileUrl, installationIds } = upstream.ready
  const bff = await loadTrafficBff({
    ...(broken.length === 0 ? {} : { directory: copyBroken(broken, onFinished) }),
    onOutput: (text) => appendFileSync(join(directory, 'logs.txt'), text),
  })
  onFinished(async () => {
    bff.signal('SIGTERM')
    await bff.gone
  })
  const baseUrl = await bff.open({ ...upstream.ready.opening, ...options.opening })
  const ledger = createLedger()
  return {
    baseUrl,
    tenants: createTenants(options.tenants),
    ledger,
    installationIdOf({ index }) {
      const installationId = installationIds[index]
      if (installationId === undefined) throw new Error('the App is not installed there')
      return installationId
    },
    takeDown: () => upstream.order('down'),
    bringUp: () => upstream.order('up'),
    readMemory() {
      const [, kilobytes = '0'] =
        /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${bff.pid}/status`, 'utf8')) ?? []
      return Number(kilobytes) * BYTES_PER_KB
    },
    async waitUntilIdle() {
      const deadline = performance.now() + IDLE_TIMEOUT_MS
      while ((await readStoreRecord(databaseFileUrl)).jobs.size > 0 && performance.now() < deadline)
        await delay(LOOK_EVERY_MS)
    },
    async settle() {
      const { record, calls } = await upstream.readRecord()
      const store = await readStoreRecord(databaseFileUrl)
      return { balance: balance(ledger, record, store), posts: record.posts, calls }
    },
  }
}

async function startUpstream(tenants: number, calls: number) {
  const child = fork(PROGRAM, [String(tenants), String(calls)], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  async function expectNotice<Kind extends UpstreamNotice['notice']>(
    kind: Kind,
    order?: UpstreamOrder['order'],
  ): Promise<Extract<UpstreamNotice, { notice: Kind }>> {
    const answer = once(child, 'message')
    if (order !== undefined) child.send({ order })
    const [message]: unknown[] = await Promise.race([
      answer,
      exited.then((): never => {
        throw new Error('the sandbox ended')
      }),
    ])
    const notice = upstreamNoticeSchema.parse(message)
    if (isOf(notice, kind)) return notice
    throw new Error(`the sandbox said ${notice.notice}`)
  }
  return {
    ready: await expectNotice('ready'),
    readRecord: () => expectNotice('record', 'record'),
    order: async (order: 'down' | 'up') => void (await expectNotice('done', order)),
    async close() {
      child.send({ order: 'close' })
      await exited
    },
  }
}

function isOf<Kind extends UpstreamNotice['notice']>(
  notice: UpstreamNotice,
  kind: Kind,
): notice is Extract<UpstreamNotice, { notice: Kind }> {
  return notice.notice === kind
}
