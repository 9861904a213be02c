// The clock of a BFF jumps by an hour, forward or back, before and after a return.
import type { FaultOptions } from '../fault.ts'
import { createTrafficClient } from '../traffic/client.ts'
import { waitForEnd } from '../traffic/customer.ts'
import { balance, createLedger, type Balance } from '../traffic/ledger.ts'
import { startScene } from '../traffic/scene.ts'
import { readStoreRecord } from '../traffic/store-record.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { readUpstreamRecord } from '../traffic/upstream-record.ts'
import { createVisitor } from '../traffic/visitor.ts'
import { startLoneBff } from './lone-bff.ts'
import { countRequests, waitUntil } from './observe.ts'

const HOUR_MS = 60 * 60_000
const BIND_DELAY_MS = 150

/**
 * `expired`: an hour forward before the return, which is repeated when the clock is right again. `back`: an hour back before the return.
 * `back-waiting`: an hour back, and right again, while the binding waits for its next try. `forward-posted`: an hour forward while Layers
 * has the post and has not answered.
 */
const STEPS = ['expired', 'back', 'back-waiting', 'forward-posted'] as const

export interface Steps extends Balance {
  readonly steps: number
  /** States that were used although the clock had passed their flow's expiry. */
  readonly usedAfterExpiry: number
  /** Flows that ended otherwise than they had to. */
  readonly otherEnds: readonly string[]
}

export async function playSteps(
  count: number,
  databaseUrl: string | undefined,
  { onFinished, directory }: Pick<FaultOptions, 'onFinished'> & { readonly directory: string },
): Promise<Steps> {
  const scene = await startScene({ tenants: count })
  onFinished(() => scene.close())
  const { sandbox } = scene
  const storeUrl = databaseUrl ?? scene.databaseFileUrl
  const opening = { ...scene.openingFor(storeUrl), logLevel: 'info', clockOffsetMs: 0 }
  const { bff, baseUrl } = await startLoneBff(scene, opening, { directory, onFinished })
  const client = createTrafficClient()
  onFinished(() => client.close())
  const ledger = createLedger()
  const otherEnds: string[] = []
  let usedAfterExpiry = 0

  for (const tenant of scene.tenants) {
    const step = STEPS[tenant.index % STEPS.length] ?? 'expired'
    const installationId = scene.installationIdOf(tenant)
    const visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target: () => baseUrl })
    const posts = (): number => countRequests(sandbox, 'POST', tenant.organizationId)
    const retries = (): number => bff.output().split('"event":"binding_retry"').length

    const state = await visitor.openGitHub()
    const flowId = visitor.flowId()
    if (step === 'expired') {
      await bff.setClock(HOUR_MS)
      await visitor.comeBack(state, installationId)
      await bff.setClock(0)
      await visitor.comeBack(state, installationId)
      const { status } = await visitor.look()
      if (status !== 'expired' || posts() > 0) usedAfterExpiry += 1
      continue
    }
    ledger.started({ tenant, flowId, state, installationId })
    if (step === 'back') await bff.setClock(-HOUR_MS)
    if (step === 'back-waiting')
      sandbox.scenario('fail_next', { route: 'bind', status: 503, code: 'UNAVAILABLE', retryAfterSeconds: 1 })
    if (step === 'forward-posted') sandbox.scenario('delay_next', { route: 'bind', delayMs: BIND_DELAY_MS })
    const retriesBefore = retries()
    await visitor.comeBack(state, installationId)
    ledger.acknowledged(flowId)
    if (step === 'back-waiting') {
      await waitUntil(() => retries() > retriesBefore)
      await bff.setClock(-HOUR_MS)
      await visitor.look()
      await bff.setClock(0)
    }
    if (step === 'forward-posted') {
      await waitUntil(() => posts() > 0)
      await bff.setClock(HOUR_MS)
    }
    const { status } = await waitForEnd(visitor)
    ledger.ended(flowId, status)
    if (status !== 'connected') otherEnds.push(`${step}: ${status}`)
    await bff.setClock(0)
  }
  return {
    ...balance(ledger, readUpstreamRecord(sandbox), await readStoreRecord(storeUrl)),
    steps: count,
    usedAfterExpiry,
    otherEnds,
  }
}
