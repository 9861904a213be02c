// Contract: what a flow keeps for the proof of ownership and for connect tokens, and how long.
import { describe, expect, test } from 'vitest'
import { CONFIRM, LIFETIME_MS, NO_LIMIT, required } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const WITH_CODE = { authorizationSealed: 'code-sealed', ...NO_LIMIT }

export function describeOwnership({ open }: StoreOpener): void {
  describe('authorization', () => {
    test('waits for GitHub’s word without a job, and queues it with the code, once', async () => {
      const { storage, authorizing, read } = await open()
      const flow = await authorizing()
      expect(flow).toMatchObject({ status: 'authorizing', installation: { index: 'index-1' }, proof: null })
      expect(await storage.findNextDueInMs()).toBeUndefined()

      const accept = () =>
        storage.acceptAuthorization(flow.tenantId, flow.flowId, { next: 'binding', ...WITH_CODE })
      expect(await accept()).toMatchObject({
        outcome: 'accepted',
        flow: { status: 'binding', version: flow.version + 1, authorizationSealed: 'code-sealed' },
      })
      expect(await accept()).toBeUndefined()
      const jobs = await storage.claimJobs('owner', { leaseMs: 1000, limit: 10 })
      expect(jobs).toMatchObject([{ flow: { authorizationSealed: 'code-sealed' } }])
      expect((await read(flow)).status).toBe('binding')
    })

    test('keeps the code for the person’s confirmation', async () => {
      const { storage, authorizing } = await open()
      const { tenantId, flowId } = await authorizing()
      const returned = await storage.acceptAuthorization(tenantId, flowId, { next: 'returned', ...WITH_CODE })
      expect(returned).toMatchObject({
        outcome: 'accepted',
        flow: { status: 'returned', authorizationSealed: 'code-sealed' },
      })
      expect(await storage.findNextDueInMs()).toBeUndefined()
      expect(await storage.confirmReturn(tenantId, flowId, CONFIRM)).toMatchObject({
        flow: { status: 'binding', authorizationSealed: 'code-sealed' },
      })
    })

    test('is found by the flow’s own state and by that of the authorize page', async () => {
      const { storage, authorizing, waiting } = await open()
      const flow = await authorizing()
      await waiting({ userId: 'user-b' })
      expect(await storage.findFlowByState(flow.stateHash)).toEqual(flow)
      expect(await storage.findFlowByState(`authorize-${flow.stateHash}`)).toEqual(flow)
      expect(await storage.findFlowByState('authorize-')).toBeUndefined()
    })

    test('is accepted before the expiry only', async () => {
      const { storage, authorizing, clock } = await open()
      const { tenantId, flowId } = await authorizing()
      clock.now += LIFETIME_MS
      const accepted = { next: 'binding', ...WITH_CODE } as const
      expect(await storage.acceptAuthorization(tenantId, flowId, accepted)).toBeUndefined()
      expect(await storage.expireFlows()).toBe(1)
      expect(await storage.findFlow(tenantId, flowId)).toMatchObject({
        status: 'expired',
        installation: null,
        stateSealed: null,
      })
    })

    test('is another tenant’s business for everybody else', async () => {
      const { storage, authorizing, read } = await open()
      const flow = await authorizing()
      const accepted = { next: 'binding', ...WITH_CODE } as const
      expect(await storage.acceptAuthorization('tenant-b', flow.flowId, accepted)).toBeUndefined()
      expect(await read(flow)).toEqual(flow)
    })

    test('learns that another tenant took the installation meanwhile', async () => {
      const { storage, authorizing, connected } = await open()
      const { tenantId, flowId } = await authorizing({ organization: 'org-a' })
      await connected({ tenantId: 'tenant-b', organization: 'org-b' })
      const taken = await storage.acceptAuthorization(tenantId, flowId, { next: 'binding', ...WITH_CODE })
      expect(taken).toMatchObject({
        outcome: 'taken',
        flow: {
          status: 'refused',
          error: 'installation_in_use',
          authorizationSealed: null,
          stateSealed: null,
        },
      })
    })

    test('loses its code when another tenant took the installation before the person confirmed it', async () => {
      const { storage, authorizing, connected } = await open()
      const { tenantId, flowId } = await authorizing({ organization: 'org-a' })
      await storage.acceptAuthorization(tenantId, flowId, { next: 'returned', ...WITH_CODE })
      await connected({ tenantId: 'tenant-b', organization: 'org-b' })
      expect(await storage.confirmReturn(tenantId, flowId, CONFIRM)).toMatchObject({
        outcome: 'taken',
        flow: { status: 'refused', authorizationSealed: null, installUrlSealed: null, installation: null },
      })
    })

    test('is superseded by the same user’s next flow', async () => {
      const { authorizing, starting, read } = await open()
      const flow = await authorizing()
      await starting()
      expect(await read(flow)).toMatchObject({ status: 'superseded', installation: null })
    })

    test('loses its code when the flow ends', async () => {
      const { storage, waiting, accept } = await open()
      const { tenantId, flowId, stateHash } = await waiting()
      await storage.acceptReturn({
        stateHash,
        installation: { sealed: 'sealed', index: 'index-1' },
        next: 'returned',
        authorizeStateHash: null,
        ...WITH_CODE,
      })
      const end = { from: ['returned'], status: 'cancelled', error: 'flow_cancelled' } as const
      expect(await storage.endFlow(tenantId, flowId, end)).toMatchObject({ authorizationSealed: null })
      const other = await waiting({ userId: 'user-b' })
      await accept(other, 'index-2')
      await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
      const failed = { status: 'refused', error: 'ownership_not_proved', account: null } as const
      expect(await storage.completeJob('owner', other.flowId, failed)).toBe(true)
      expect(await storage.findFlow(other.tenantId, other.flowId)).toMatchObject({
        authorizationSealed: null,
      })
    })
  })

  describe('proof', () => {
    test.each([{ login: 'octo-org' }, { login: null }])(
      'is kept with the flow and uses the code up: %o',
      async (proof) => {
        const { storage, authorizing } = await open()
        const { tenantId, flowId } = await authorizing()
        await storage.acceptAuthorization(tenantId, flowId, { next: 'binding', ...WITH_CODE })
        await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
        expect(await storage.recordProof('owner', flowId, proof)).toBe(true)
        await storage.retryJob('owner', flowId, { delayMs: 0, outcomeUnknown: false })
        const [job] = await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
        expect(job?.flow).toMatchObject({ proof, authorizationSealed: null })
      },
    )

    test('is kept for the owner of the lease only', async () => {
      const { storage, binding, read } = await open()
      const flow = await binding()
      expect(await storage.recordProof('owner', flow.flowId, { login: null })).toBe(false)
      await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
      expect(await storage.recordProof('other', flow.flowId, { login: null })).toBe(false)
      expect((await read(flow)).proof).toBeNull()
    })
  })

  describe('a code that was used up by a try that was cut off', () => {
    test('lets the customer get another one: the flow goes back, without code and job', async () => {
      const { storage, authorizing, read } = await open()
      const { tenantId, flowId } = await authorizing()
      await storage.acceptAuthorization(tenantId, flowId, { next: 'binding', ...WITH_CODE })
      const [job] = await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
      const { flow } = required(job)
      const heard: string[] = []
      storage.onFlowChanged((changed) => heard.push(changed))
      expect(await storage.authorizeAgain('other', flowId)).toBe(false)
      expect(await storage.authorizeAgain('owner', flowId)).toBe(true)
      const again = await read(flow)
      expect(again).toEqual({
        ...flow,
        status: 'authorizing',
        version: flow.version + 1,
        authorizationSealed: null,
      })
      expect(heard).toEqual([flowId])
      expect(await storage.findNextDueInMs()).toBeUndefined()
      expect(await storage.authorizeAgain('owner', flowId)).toBe(false)
      expect(
        await storage.acceptAuthorization(tenantId, flowId, { next: 'binding', ...WITH_CODE }),
      ).toMatchObject({ outcome: 'accepted', flow: { status: 'binding' } })
    })
  })

  describe('what a connect token vouches for', () => {
    test('is kept until the newest time that was said', async () => {
      const { storage, waiting, read } = await open()
      const flow = await waiting({ vouchedUntil: 5000, expectedAccount: 'Octo-Org' })
      expect(flow).toMatchObject({ vouchedUntil: 5000, expectedAccount: 'Octo-Org' })
      await storage.vouchFlow(flow.tenantId, flow.flowId, 7000)
      await storage.vouchFlow(flow.tenantId, flow.flowId, 6000)
      expect(await read(flow)).toEqual({ ...flow, vouchedUntil: 7000 })
    })

    test('is nothing for a host session’s flow, and for another tenant’s', async () => {
      const { storage, waiting, read } = await open()
      const ofSession = await waiting()
      await storage.vouchFlow(ofSession.tenantId, ofSession.flowId, 7000)
      expect(required(await storage.findFlow(ofSession.tenantId, ofSession.flowId)).vouchedUntil).toBeNull()
      const ofToken = await waiting({ userId: 'user-b', vouchedUntil: 5000 })
      await storage.vouchFlow('tenant-b', ofToken.flowId, 7000)
      expect((await read(ofToken)).vouchedUntil).toBe(5000)
    })
  })
}
