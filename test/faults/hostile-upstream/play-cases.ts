// Customers who connect while Layers answers as their case says, each followed to the end.
import { setTimeout as delay } from 'node:timers/promises'
import type { TrafficClient } from '../traffic/client.ts'
import { waitForEnd } from '../traffic/customer.ts'
import type { Scene } from '../traffic/scene.ts'
import type { Tenant } from '../traffic/tenants.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { createVisitor, type Visitor } from '../traffic/visitor.ts'
import { CASES } from './cases.ts'
import type { HostileLayers } from './hostile-layers.ts'

export interface Bff {
  readonly baseUrl: string
  readonly databaseUrl: string
  readonly rssMb: () => number
}

export interface Play {
  readonly scene: Scene
  readonly client: TrafficClient
  readonly bffs: readonly Bff[]
  readonly hostile: HostileLayers
}

export interface End {
  readonly name: string
  readonly status: string
  readonly expected: string
}

export function visit(
  { client, bffs }: Play,
  tenant: Tenant,
  bff = bffs[tenant.index % bffs.length],
): Visitor {
  return createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target: () => bff?.baseUrl ?? '' })
}

/**
 * Each is accepted, and followed to its end.
 * @param arrivalMs between two customers of one BFF.
 */
export async function playCases(
  play: Play,
  tenants: readonly Tenant[],
  arrivalMs: number,
): Promise<readonly End[]> {
  return Promise.all(
    tenants.map(async (tenant): Promise<End> => {
      const { name, ends: expected = 'connected' } = CASES[tenant.index % CASES.length] ?? { name: 'none' }
      await delay(Math.floor(tenant.index / play.bffs.length) * arrivalMs)
      const flowId = await accept(play, visit(play, tenant), tenant)
      if (expected !== 'binding') return { name, expected, status: (await waitForEnd(flowId)).status }
      return { name, expected, status: (await flowId.look()).status }
    }),
  )
}

async function accept({ scene }: Play, visitor: Visitor, tenant: Tenant): Promise<Visitor> {
  const state = await visitor.openGitHub()
  const { status } = await visitor.comeBack(state, scene.installationIdOf(tenant))
  if (status !== 303) throw new Error(`the return was answered with ${status}`)
  return visitor
}

/** How much larger any process was at its largest, by answers that are too large. */
export async function measureGrowth(play: Play, tenants: readonly Tenant[]): Promise<number> {
  const before = play.bffs.map(({ rssMb }) => rssMb())
  let growthMb = 0
  const timer = setInterval(() => {
    for (const [index, { rssMb }] of play.bffs.entries())
      growthMb = Math.max(growthMb, rssMb() - (before[index] ?? 0))
  }, 20)
  try {
    for (const tenant of tenants) await waitForEnd(await accept(play, visit(play, tenant), tenant))
  } finally {
    clearInterval(timer)
  }
  return Math.round(growthMb)
}
