// Brings a store into a given situation in the few words a test needs. Works through the port only.
import { expect } from 'vitest'
import type { GitHubAccount } from '../../bff/contract.ts'
import type {
  AcceptReturnOutcome,
  BindingOutcome,
  FailureLimit,
  Flow,
  NewFlow,
  ReturnedStatus,
  Storage,
} from '../../bff/storage/storage.ts'

export const ACCOUNT: GitHubAccount = { login: 'octo-org', type: 'Organization' }
export const LIFETIME_MS = 15 * 60_000
export const START_AT = 1_800_000_000_000
/** For tests that are about something else. */
export const NO_LIMIT: { readonly failureLimit: FailureLimit } = {
  failureLimit: { count: Number.MAX_SAFE_INTEGER, windowMs: 0 },
}

/** Confirms a return that nothing else is missing for. */
export const CONFIRM = { next: 'binding', ...NO_LIMIT } as const

/** What a test may choose about a flow; the rest is made up, and unique. */
export type FlowChoice = Partial<NewFlow>

export interface Clock {
  now: number
}

export interface Scenario {
  readonly storage: Storage
  readonly clock: Clock
  readonly newFlow: (choice?: FlowChoice) => NewFlow
  readonly starting: (choice?: FlowChoice) => Promise<Flow>
  readonly waiting: (choice?: FlowChoice) => Promise<Flow>
  /** Back from GitHub but not confirmed. */
  readonly returned: (choice?: FlowChoice, index?: string) => Promise<Flow>
  /** Back from GitHub, which has yet to say who the person is. */
  readonly authorizing: (choice?: FlowChoice, index?: string) => Promise<Flow>
  readonly binding: (choice?: FlowChoice, index?: string) => Promise<Flow>
  readonly connected: (choice?: FlowChoice, index?: string) => Promise<Flow>
  /** A flow that went through its binding job to this end. */
  readonly ended: (outcome: BindingOutcome, choice?: FlowChoice, index?: string) => Promise<Flow>
  readonly accept: (
    flow: Flow,
    index?: string,
    next?: ReturnedStatus,
    limit?: typeof NO_LIMIT,
  ) => Promise<AcceptReturnOutcome>
  readonly read: (flow: Flow) => Promise<Flow>
}

export function createScenario(storage: Storage, clock: Clock): Scenario {
  let count = 0

  const scenario: Scenario = {
    storage,
    clock,

    newFlow(choice = {}) {
      count += 1
      return {
        flowId: `flow-${count}`.padEnd(22, '_'),
        tenantId: 'tenant-a',
        userId: 'user-a',
        organization: null,
        mode: 'popup',
        hostOrigin: 'https://app.example.com',
        returnTo: 'https://app.example.com/settings',
        stateHash: `state-hash-${count}`,
        stateSealed: `state-sealed-${count}`,
        lifetimeMs: LIFETIME_MS,
        expectedAccount: null,
        vouchedUntil: null,
        locale: null,
        theme: null,
        ...choice,
      }
    },

    async starting(choice) {
      const created = await storage.createFlow(scenario.newFlow(choice))
      if (created.outcome !== 'created') throw new Error(`expected a new flow, got ${created.outcome}`)
      return created.flow
    },

    async waiting(choice) {
      const { tenantId, flowId, expiresAt } = await scenario.starting(choice)
      const offer = { installUrlSealed: `install-url-sealed-${flowId}`, expiresAt, partnerKey: 'key-1' }
      return required(await storage.offerInstallUrl(tenantId, flowId, offer))
    },

    async returned(choice, index) {
      return accepted(await scenario.accept(await scenario.waiting(choice), index, 'returned'))
    },

    async authorizing(choice, index) {
      return accepted(await scenario.accept(await scenario.waiting(choice), index, 'authorizing'))
    },

    async binding(choice, index) {
      return accepted(await scenario.accept(await scenario.waiting(choice), index))
    },

    connected(choice, index) {
      const outcome = { status: 'connected', account: ACCOUNT, registeredAt: clock.now - 1 } as const
      return scenario.ended(outcome, choice, index)
    },

    async ended(outcome, choice, index) {
      const flow = await scenario.binding(choice, index)
      await storage.claimJobs('scenario', { leaseMs: 1000, limit: 100 })
      expect(await storage.completeJob('scenario', flow.flowId, outcome)).toBe(true)
      return scenario.read(flow)
    },

    accept(flow, index = 'index-1', next = 'binding', limit = NO_LIMIT) {
      return storage.acceptReturn({
        stateHash: flow.stateHash,
        installation: { sealed: `sealed-${index}`, index },
        next,
        authorizationSealed: null,
        authorizeStateHash: `authorize-${flow.stateHash}`,
        ...limit,
      })
    },

    async read(flow) {
      return required(await storage.findFlow(flow.tenantId, flow.flowId))
    },
  }
  return scenario
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value, got undefined')
  return value
}

function accepted(outcome: AcceptReturnOutcome): Flow {
  if (outcome.outcome !== 'accepted') throw new Error(`expected an accepted return, got ${outcome.outcome}`)
  return outcome.flow
}
