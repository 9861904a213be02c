// Contract: any sequence of steps on one flow behaves like a model of it in a few lines.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FlowStatus } from '../../bff/contract.ts'
import type { ReturnedStatus } from '../../bff/storage/storage.ts'
import { createScenario, LIFETIME_MS, type Scenario, NO_LIMIT } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

type Step =
  | { readonly do: 'accept'; readonly index: string; readonly next: ReturnedStatus }
  | { readonly do: 'confirm'; readonly next: 'authorizing' | 'binding' }
  | { readonly do: 'authorize'; readonly next: 'returned' | 'binding' }
  | { readonly do: 'cancel' | 'approve-later' | 'expire' | 'claim' | 'complete' }
  | { readonly do: 'wait'; readonly ms: number }

interface Model {
  status: FlowStatus
  usedIndex: string | undefined
  ageMs: number
  version: number
  leased: boolean
  /** Whether the sealed state has to be gone. */
  erased: boolean
}

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      index: fc.constantFrom('index-1', 'index-2'),
      next: fc.constantFrom('returned' as const, 'authorizing' as const, 'binding' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel', 'approve-later', 'expire', 'claim', 'complete'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('confirm' as const),
      next: fc.constantFrom('authorizing' as const, 'binding' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('authorize' as const),
      next: fc.constantFrom('returned' as const, 'binding' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, LIFETIME_MS - 1, LIFETIME_MS),
    }),
  },
)

export function describeModel({ open }: StoreOpener, numRuns: number): void {
  test('behaves like the model for any sequence of steps on a flow', async () => {
    const { storage, clock } = await open()
    // Each run is a tenant and an organization of its own, so that runs in one store do not meet.
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 12 }), async (steps) => {
        run += 1
        const scenario = createScenario(storage, clock)
        const name = `run-${run}`
        const flow = await scenario.waiting({
          flowId: name,
          tenantId: name,
          organization: name,
          stateHash: name,
        })
        const model: Model = {
          status: 'waiting',
          usedIndex: undefined,
          ageMs: 0,
          version: flow.version,
          leased: false,
          erased: false,
        }
        for (const step of steps) {
          const expected = predict(step, model)
          expect(await perform(step, scenario, name)).toBe(expected)
          const { status, version, stateSealed } = await scenario.read(flow)
          expect({ status, version }).toEqual({ status: model.status, version: model.version })
          expect(stateSealed === null).toBe(model.erased)
        }
        await storage.claimJobs('sweeper', { leaseMs: 0, limit: 100 })
        await storage.completeJob('sweeper', name, {
          status: 'expired',
          error: 'flow_expired',
          account: null,
        })
      }),
      { numRuns },
    )
  })
}

/** What the step must answer; moves the model on. */
function predict(step: Step, model: Model): unknown {
  const expired = model.ageMs >= LIFETIME_MS
  function move(from: readonly FlowStatus[], to: FlowStatus): boolean {
    if (!from.includes(model.status)) return false
    model.status = to
    model.version += 1
    model.erased = ['connected', 'cancelled', 'expired'].includes(to)
    return true
  }
  if (step.do === 'wait') {
    model.ageMs += step.ms
    return 'waited'
  }
  switch (step.do) {
    case 'accept': {
      if (model.usedIndex !== undefined) return model.usedIndex === step.index ? 'repeated' : 'replayed'
      if (expired || !move(['waiting', 'awaiting_approval'], step.next)) return 'ended'
      model.usedIndex = step.index
      return 'accepted'
    }
    case 'confirm':
      return !expired && move(['returned'], step.next)
    case 'authorize':
      return !expired && move(['authorizing'], step.next)
    case 'cancel':
      return move(['waiting', 'returned', 'authorizing', 'awaiting_approval'], 'cancelled')
    case 'approve-later':
      return move(['waiting'], 'awaiting_approval')
    case 'expire':
      model.erased ||= expired && model.status === 'awaiting_approval'
      return expired && move(['waiting', 'returned', 'authorizing'], 'expired')
    case 'claim': {
      const claimed = model.status === 'binding' && !model.leased
      model.leased ||= claimed
      return claimed
    }
    default:
      return model.leased && move(['binding'], 'connected')
  }
}

async function perform(step: Step, { storage, clock, accept }: Scenario, name: string): Promise<unknown> {
  if (step.do === 'wait') {
    clock.now += step.ms
    return 'waited'
  }
  switch (step.do) {
    case 'accept': {
      const flow = await storage.findFlowByState(name)
      if (flow === undefined) throw new Error('the flow is gone')
      const index = `${name}-${step.index}`
      return (await accept(flow, index, step.next)).outcome
    }
    case 'confirm':
      return (await storage.confirmReturn(name, name, { next: step.next, ...NO_LIMIT })) !== undefined
    case 'authorize': {
      const accepted = { next: step.next, authorizationSealed: 'code-sealed', ...NO_LIMIT }
      return (await storage.acceptAuthorization(name, name, accepted)) !== undefined
    }
    case 'cancel':
      return (await storage.endFlow(name, name, CANCEL)) !== undefined
    case 'approve-later':
      return (await storage.endFlow(name, name, APPROVE_LATER)) !== undefined
    case 'expire': {
      const before = (await storage.findFlow(name, name))?.status
      await storage.expireFlows()
      return before !== 'expired' && (await storage.findFlow(name, name))?.status === 'expired'
    }
    case 'claim': {
      const jobs = await storage.claimJobs('owner', { leaseMs: 1000 * LIFETIME_MS, limit: 100 })
      return jobs.some(({ flow }) => flow.flowId === name)
    }
    default:
      return storage.completeJob('owner', name, {
        status: 'connected',
        account: { login: name, type: 'User' },
        registeredAt: 1,
      })
  }
}

const CANCEL = {
  from: ['waiting', 'returned', 'authorizing', 'awaiting_approval'],
  status: 'cancelled',
  error: 'flow_cancelled',
} as const
const APPROVE_LATER = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
