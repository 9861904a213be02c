// One flow whose return arrives many times at once, in one of the ways in which that happens.
import { setTimeout as pause } from 'node:timers/promises'
import type { Scene } from '../traffic/scene.ts'
import type { TrafficClient } from '../traffic/client.ts'
import { waitForEnd } from '../traffic/customer.ts'
import type { Tenant } from '../traffic/tenants.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { createVisitor, type Visitor } from '../traffic/visitor.ts'

/** How often one return arrives. */
const PARALLEL = 50
/**
 * `returns`: identical ones at once. `finish`: popup and opener both confirm a return that came without a session, again and again.
 * `tabs`: in two tabs, each returns and confirms, again and again.
 */
export const CROWDS = ['returns', 'finish', 'tabs'] as const
export type CrowdKind = (typeof CROWDS)[number]

export interface CrowdOptions {
  readonly scene: Scene
  readonly client: TrafficClient
  /** Base URL of a BFF for the next request. Throws when the run is over. */
  readonly target: () => string
  /** How long the flow's end is waited for. */
  readonly patienceMs: number
}

export interface Crowd {
  readonly state: string
  /** Answers that were neither the way to the flow's page nor a flow that goes on or is connected. */
  readonly strayAnswers: readonly string[]
  /** How the flow ended, as each tab sees it. */
  readonly ends: readonly string[]
}

export async function playCrowd(
  kind: CrowdKind,
  tenant: Tenant,
  { scene, client, target, patienceMs }: CrowdOptions,
): Promise<Crowd> {
  const visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target })
  const installationId = scene.installationIdOf(tenant)
  const state = await visitor.openGitHub()
  const comeBack = (isSignedIn?: boolean) => describeReturn(visitor, state, installationId, isSignedIn)
  const finish = async (): Promise<string> => (await visitor.finish()).status

  if (kind === 'finish') await comeBack(false)
  const actions = Array.from({ length: PARALLEL }, (_, index) => {
    if (kind === 'returns') return () => comeBack()
    if (kind === 'finish') return finish
    return index % 4 < 2 ? () => comeBack() : finish
  })
  const answers = await Promise.all(actions.map((action) => action()))
  // In two tabs one may confirm before the other has returned: a flow that nobody has come back with goes on waiting.
  const expected = ['done', 'binding', 'connected', ...(kind === 'tabs' ? ['waiting'] : [])]
  const ends = await Promise.all([findEnd(visitor, patienceMs), findEnd(visitor, patienceMs)])
  return {
    state,
    strayAnswers: answers.filter((answer) => !expected.includes(answer)),
    ends,
  }
}

async function findEnd(visitor: Visitor, patienceMs: number): Promise<string> {
  const followed = async (): Promise<string> => {
    try {
      return (await waitForEnd(visitor)).status
    } catch (error) {
      return String(error)
    }
  }
  return Promise.race([followed(), pause(patienceMs, 'still open', { ref: false })])
}

async function describeReturn(
  visitor: Visitor,
  state: string,
  installationId: number,
  isSignedIn = true,
): Promise<string> {
  const { status, location = '' } = await visitor.comeBack(state, installationId, isSignedIn)
  const isDone = status === 303 && location.endsWith(`/flows/${visitor.flowId()}/done`)
  return isDone ? 'done' : `${status} ${location}`
}
