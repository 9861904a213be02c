// Contract: however a flow ends, nothing that was sealed for it stays, the change is counted and dated, and no other flow is touched.
import { describe, expect, test } from 'vitest'
import type { BindingOutcome, Flow } from '../../bff/storage/storage.ts'
import { ACCOUNT, CONFIRM, NO_LIMIT, required, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const ERASED = { stateSealed: null, installUrlSealed: null, installation: null, authorizationSealed: null }

/** Everything that can be sealed for a flow is. */
async function holding(
  { storage, waiting }: Scenario,
  choice: Parameters<Scenario['waiting']>[0] = {},
  index = 'index-1',
): Promise<Flow> {
  const flow = await waiting(choice)
  const accepted = await storage.acceptReturn({
    stateHash: flow.stateHash,
    installation: { sealed: `sealed-${index}`, index },
    next: 'returned',
    authorizationSealed: 'authorization-sealed',
    authorizeStateHash: `authorize-${flow.stateHash}`,
    ...NO_LIMIT,
  })
  for (const [name, erased] of Object.entries(ERASED))
    expect(accepted.flow).not.toMatchObject({ [name]: erased })
  return accepted.flow
}

async function bound(scenario: Scenario, outcome: BindingOutcome): Promise<Flow> {
  const flow = await holding(scenario)
  await scenario.storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)
  await scenario.storage.claimJobs('owner', { leaseMs: 1000, limit: 10 })
  scenario.clock.now += 10
  expect(await scenario.storage.completeJob('owner', flow.flowId, outcome)).toBe(true)
  return flow
}

const BINDINGS: readonly BindingOutcome[] = [
  { status: 'connected', account: ACCOUNT, registeredAt: 1 },
  { status: 'unusable', account: ACCOUNT, registeredAt: 1, reason: 'suspended' },
  { status: 'refused', error: 'installation_not_found', account: null },
  { status: 'blocked', error: 'kill_switch', account: null },
  { status: 'conflict', error: 'already_bound', account: ACCOUNT },
  { status: 'expired', error: 'upstream_unavailable', account: null },
]

/** How a flow ends; the flow as it was before, and what it has become apart from what is erased. */
const ENDS: readonly (readonly [string, (scenario: Scenario) => Promise<readonly [Flow, object]>])[] = [
  [
    'another is started',
    async (scenario) => {
      const flow = await holding(scenario)
      scenario.clock.now += 10
      await scenario.starting()
      return [flow, { status: 'superseded', error: 'flow_superseded' }]
    },
  ],
  [
    'it is cancelled',
    async (scenario) => {
      const flow = await holding(scenario)
      scenario.clock.now += 10
      const end = { from: ['returned'], status: 'cancelled', error: 'flow_cancelled' } as const
      await scenario.storage.endFlow(flow.tenantId, flow.flowId, end)
      return [flow, { status: 'cancelled', error: 'flow_cancelled' }]
    },
  ],
  [
    'its time is up',
    async (scenario) => {
      const flow = await holding(scenario)
      scenario.clock.now = flow.expiresAt
      expect(await scenario.storage.expireFlows()).toBe(1)
      return [flow, { status: 'expired', error: 'flow_expired' }]
    },
  ],
  [
    'another tenant turns out to hold its installation',
    async (scenario) => {
      const flow = await holding(scenario)
      await scenario.binding({ tenantId: 'tenant-z', organization: 'org-z' }, 'index-1')
      scenario.clock.now += 10
      await scenario.storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)
      return [flow, { status: 'refused', error: 'installation_in_use' }]
    },
  ],
]

export function describeErasure({ open }: StoreOpener): void {
  describe('a flow that ends', () => {
    test.each(ENDS)('because %s keeps nothing sealed', async (_why, end) => {
      const scenario = await open()
      const others = [
        await holding(scenario, { userId: 'user-b', lifetimeMs: 3_600_000 }, 'index-2'),
        await holding(scenario, { tenantId: 'tenant-b', lifetimeMs: 3_600_000 }, 'index-3'),
      ]
      const [flow, ended] = await end(scenario)
      expect(await scenario.read(flow)).toEqual({
        ...flow,
        ...ERASED,
        ...ended,
        version: flow.version + 1,
        updatedAt: scenario.clock.now,
      })
      for (const other of others) expect(await scenario.read(other)).toEqual(other)
    })

    test.each(BINDINGS)('with its binding ($status) keeps nothing sealed', async (outcome) => {
      const scenario = await open()
      const others = [
        await holding(scenario, { userId: 'user-b' }, 'index-2'),
        await holding(scenario, { tenantId: 'tenant-b' }, 'index-3'),
      ]
      const flow = await bound(scenario, outcome)
      expect(await scenario.read(flow)).toMatchObject({
        ...ERASED,
        status: outcome.status === 'unusable' ? 'refused' : outcome.status,
        account: outcome.account,
        version: flow.version + 2,
        updatedAt: scenario.clock.now,
      })
      for (const other of others) expect(await scenario.read(other)).toEqual(other)
    })

    test('still tells a replay from a repeat', async () => {
      const scenario = await open()
      for (const [, end] of ENDS) {
        const [flow] = await end(scenario)
        expect(await scenario.accept(flow, 'index-1')).toMatchObject({ outcome: 'repeated' })
        expect(await scenario.accept(flow, 'index-9')).toMatchObject({ outcome: 'replayed' })
      }
    })
  })

  describe('a flow that awaits approval', () => {
    test('keeps what it needs, without GitHub’s code, until its time is up', async () => {
      const scenario = await open()
      const flow = await holding(scenario)
      const other = await holding(scenario, { tenantId: 'tenant-b', lifetimeMs: 3_600_000 }, 'index-2')
      scenario.clock.now += 10
      const end = { from: ['returned'], status: 'awaiting_approval', error: null } as const
      const waiting = required(await scenario.storage.endFlow(flow.tenantId, flow.flowId, end))
      expect(waiting).toEqual({
        ...flow,
        status: 'awaiting_approval',
        authorizationSealed: null,
        version: flow.version + 1,
        updatedAt: scenario.clock.now,
      })
      scenario.clock.now = flow.expiresAt - 1
      await scenario.storage.expireFlows()
      expect(await scenario.read(flow)).toEqual(waiting)
      scenario.clock.now = flow.expiresAt
      await scenario.storage.expireFlows()
      expect(await scenario.read(flow)).toEqual({ ...waiting, ...ERASED })
      expect(await scenario.read(other)).toEqual(other)
    })
  })

  describe('a token that was seen', () => {
    test('lengthens for how long its own flow is vouched for, and never shortens it', async () => {
      const { storage, waiting, read, clock } = await open()
      const flow = await waiting({ vouchedUntil: clock.now + 100 })
      const others = [
        await waiting({ userId: 'user-b', vouchedUntil: clock.now + 100 }),
        await waiting({ tenantId: 'tenant-b', vouchedUntil: clock.now + 100 }),
      ]
      const session = await waiting({ userId: 'user-c' })
      for (const [until, expected] of [
        [clock.now + 50, clock.now + 100],
        [clock.now + 200, clock.now + 200],
        [clock.now + 150, clock.now + 200],
      ] as const) {
        await storage.vouchFlow(flow.tenantId, flow.flowId, until)
        expect(await read(flow)).toEqual({ ...flow, vouchedUntil: expected })
      }
      await storage.vouchFlow('tenant-b', flow.flowId, clock.now + 900)
      expect(await read(flow)).toMatchObject({ vouchedUntil: clock.now + 200 })
      await storage.vouchFlow(session.tenantId, session.flowId, clock.now + 900)
      expect(await read(session)).toEqual(session)
      for (const other of others) expect(await read(other)).toEqual(other)
    })
  })
}
