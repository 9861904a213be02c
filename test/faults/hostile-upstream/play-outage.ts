// Layers goes down while customers are on GitHub, and comes back.
import { setTimeout as delay } from 'node:timers/promises'
import { REQUEST_HEADER } from '../../../bff/contract.ts'
import type { TrafficClient } from '../traffic/client.ts'
import { waitForEnd } from '../traffic/customer.ts'
import { readStoreRecord } from '../traffic/store-record.ts'
import type { Tenant } from '../traffic/tenants.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { visit, type Bff, type End, type Play } from './play-cases.ts'

/** Layers dies while many are on GitHub. They come back, and others press Connect; then it lives again. */
export async function playDead(play: Play, tenants: readonly Tenant[], deadMs: number) {
  const { hostile, bffs } = play
  const [bff] = bffs
  const [clicking, ...waiting] = tenants
  if (bff === undefined || clicking === undefined) throw new Error('there is nobody to play')
  const visitors = await Promise.all(
    waiting.map(async (tenant) => {
      const visitor = visit(play, tenant, bff)
      return { tenant, visitor, state: await visitor.openGitHub() }
    }),
  )
  hostile.isDead = true
  const diedAt = performance.now()
  await Promise.all(
    visitors.map(({ tenant, visitor, state }) =>
      visitor.comeBack(state, play.scene.installationIdOf(tenant)),
    ),
  )
  const clicks = 6
  let refusedClicks = 0
  for (let click = 0; click < clicks; click += 1) {
    await delay(deadMs / clicks)
    refusedClicks += (await pressConnect(play.client, bff, clicking, click)) === 503 ? 1 : 0
  }
  const { jobs } = await readStoreRecord(bff.databaseUrl)
  const waitingJobs = visitors.filter(({ visitor }) => jobs.has(visitor.flowId())).length
  hostile.isDead = false
  const recoveredAt = performance.now()
  const ends = await Promise.all(
    visitors.map(async ({ visitor }): Promise<End> => {
      const { status } = await waitForEnd(visitor)
      return { name: 'an outage', status, expected: 'connected' }
    }),
  )
  if (waitingJobs !== visitors.length) throw new Error('an accepted return did not wait for Layers')
  const seconds = Map.groupBy(
    hostile.calls.filter((at) => at >= recoveredAt),
    (at) => Math.floor((at - recoveredAt) / 1000),
  )
  return {
    ends,
    deadForMs: recoveredAt - diedAt,
    clicks,
    refusedClicks,
    drainMs: Math.round(performance.now() - recoveredAt),
    busiestSecond: Math.max(0, ...[...seconds.values()].map(({ length }) => length)),
  }
}

async function pressConnect(client: TrafficClient, bff: Bff, tenant: Tenant, click: number): Promise<number> {
  const answer = await client.send(`${bff.baseUrl}/flows`, {
    method: 'POST',
    headers: {
      cookie: tenant.sessionCookie,
      origin: TRAFFIC_ORIGIN,
      'content-type': 'application/json',
      [REQUEST_HEADER]: '1',
    },
    body: JSON.stringify({ flowId: String(click).padStart(22, 'x'), mode: 'popup' }),
  })
  return answer?.status ?? 0
}
