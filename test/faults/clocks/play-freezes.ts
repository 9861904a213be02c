// A process is frozen while Layers has its post, past its lease; another one takes the job over; then the frozen one goes on, and says
// what became of the job while the other one has it.
import type { Breakage } from '../../stack/copied-sources.ts'
import type { FaultOptions } from '../fault.ts'
import { createTrafficClient } from '../traffic/client.ts'
import { connectAsCustomer, waitForEnd } from '../traffic/customer.ts'
import { balance, createLedger, type Balance } from '../traffic/ledger.ts'
import { startScene } from '../traffic/scene.ts'
import { readStoreRecord } from '../traffic/store-record.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { readUpstreamRecord } from '../traffic/upstream-record.ts'
import { createVisitor } from '../traffic/visitor.ts'
import { startLoneBff, type LoneBff } from './lone-bff.ts'
import { countRequests, waitUntil } from './observe.ts'

const CALL_TIMEOUT_MS = 400
const LEASE_MARGIN_MS = 100
/** How long Layers takes for the frozen one's post, and to tell the other one what is bound. */
const POST_DELAY_MS = 300
const ASK_DELAY_MS = 350
/** A short lease, and lines that say who took a job, and whether somebody's word on it was taken. */
export const FREEZE_BREAKAGES: readonly Breakage[] = [
  {
    file: 'delivery/dispatcher.ts',
    from: 'const LEASE_MARGIN_MS = 5_000',
    to: `const LEASE_MARGIN_MS = ${LEASE_MARGIN_MS}`,
  },
  {
    file: 'delivery/dispatcher.ts',
    from: '      for (const job of jobs)',
    to: "      for (const { flow } of jobs) console.log('claimed ' + flow.flowId)\n      for (const job of jobs)",
  },
  {
    file: 'delivery/dispatcher.ts',
    from: "    if (!isRecorded) log.warn('binding_lease_lost'",
    to: "    console.log(`recorded ${isRecorded} ${job.flow.flowId}`)\n    if (!isRecorded) log.warn('binding_lease_lost'",
  },
]

export interface Freezes extends Balance {
  readonly freezes: number
  /** Rounds in which the other process had taken the job first, so that nothing was frozen. */
  readonly notFrozen: number
  /** Frozen owners whose word was refused when they went on. */
  readonly refused: number
  readonly otherEnds: readonly string[]
}

export async function playFreezes(
  count: number,
  databaseUrl: string | undefined,
  { onFinished, directory }: Pick<FaultOptions, 'onFinished'> & { readonly directory: string },
): Promise<Freezes> {
  // Two tenants for each: the one whose job is frozen, and one that wakes the other process.
  const scene = await startScene({ tenants: 2 * count })
  onFinished(() => scene.close())
  const { sandbox } = scene
  const storeUrl = databaseUrl ?? scene.databaseFileUrl
  const opening = { ...scene.openingFor(storeUrl), upstreamTimeoutMs: CALL_TIMEOUT_MS, logLevel: 'info' }
  const first = await startLoneBff(scene, opening, { directory, onFinished })
  const second = await startLoneBff(scene, opening, { directory, onFinished })
  const client = createTrafficClient()
  onFinished(() => client.close())
  const ledger = createLedger()
  const otherEnds: string[] = []
  let notFrozen = 0
  let refused = 0

  async function freeze(index: number, owner: LoneBff, other: LoneBff): Promise<void> {
    const [tenant, bystander] = scene.tenants.slice(2 * index)
    if (tenant === undefined || bystander === undefined) throw new Error('a tenant is missing')
    let target = owner.baseUrl
    const visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target: () => target })
    const installationId = scene.installationIdOf(tenant)
    const state = await visitor.openGitHub()
    const flowId = visitor.flowId()
    ledger.started({ tenant, flowId, state, installationId })
    sandbox.scenario('delay_next', { route: 'bind', delayMs: POST_DELAY_MS })
    await visitor.comeBack(state, installationId)
    ledger.acknowledged(flowId)
    await waitUntil(() => countRequests(sandbox, 'POST', tenant.organizationId) > 0)
    const isOwner = owner.bff.output().includes(`claimed ${flowId}`)
    target = other.baseUrl
    if (isOwner) {
      owner.bff.signal('SIGSTOP')
      sandbox.scenario('delay_next', { route: 'get_installation', delayMs: ASK_DELAY_MS })
      await connect(bystander, other)
      await waitUntil(() => other.bff.output().includes(`claimed ${flowId}`))
      other.bff.signal('SIGSTOP')
      owner.bff.signal('SIGCONT')
      await waitUntil(() => findWord(owner, flowId) !== undefined)
      if (findWord(owner, flowId) === 'false') refused += 1
      other.bff.signal('SIGCONT')
    } else notFrozen += 1
    // Whichever of the two ends the flow; with SQLite the other one hears nothing of it.
    const { status } = await waitForEnd(visitor, 1)
    ledger.ended(flowId, status)
    if (status !== 'connected') otherEnds.push(status)
  }

  async function connect(tenant: (typeof scene.tenants)[number], { baseUrl }: LoneBff): Promise<void> {
    await connectAsCustomer({
      tenant,
      installationId: scene.installationIdOf(tenant),
      client,
      publicOrigin: TRAFFIC_ORIGIN,
      target: () => baseUrl,
      ledger,
    })
  }

  for (let index = 0; index < count; index += 1)
    // Each is the frozen one in turn, so that neither thinks for long that Layers is down.
    await (index % 2 === 0 ? freeze(index, first, second) : freeze(index, second, first))
  return {
    ...balance(ledger, readUpstreamRecord(sandbox), await readStoreRecord(storeUrl)),
    freezes: count,
    notFrozen,
    refused,
    otherEnds,
  }
}

/** Whether the first thing that a process said about a job was taken; undefined as long as it has said nothing. */
function findWord({ bff }: LoneBff, flowId: string): string | undefined {
  return new RegExp(`recorded (true|false) ${flowId}`).exec(bff.output())?.[1]
}
