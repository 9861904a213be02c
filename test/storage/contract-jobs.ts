// Contract: binding jobs are held by one owner at a time, and only that owner can end them. Over 250 lines because each rule of claiming,
// giving back and ending a job has a test of its own.
import { describe, expect, test } from 'vitest'
import { ACCOUNT } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const CLAIM = { leaseMs: 30_000, limit: 10 } as const
const CONNECTED = { status: 'connected', account: ACCOUNT, registeredAt: 1_700_000_000_000 } as const
const REFUSED = { status: 'refused', error: 'installation_not_found', account: null } as const

export function describeJobs({ open, reopen }: StoreOpener): void {
  describe('binding jobs', () => {
    test('hands out due jobs oldest first, up to the limit', async () => {
      const { storage, binding } = await open()
      const ids: string[] = []
      for (const userId of ['user-1', 'user-2', 'user-3']) ids.push((await binding({ userId })).flowId)
      const first = await storage.claimJobs('owner-1', { leaseMs: 1000, limit: 2 })
      const rest = await storage.claimJobs('owner-1', CLAIM)
      expect([...first, ...rest].map(({ flow }) => flow.flowId)).toEqual(ids)
      expect(first).toHaveLength(2)
      expect(await storage.claimJobs('owner-1', { leaseMs: 1000, limit: 0 })).toEqual([])
    })

    test('hands out a job that was given back after those that have been due for longer', async () => {
      const { storage, binding, clock } = await open()
      const retried = await binding({ userId: 'user-1' })
      await storage.claimJobs('owner-1', CLAIM)
      await storage.retryJob('owner-1', retried.flowId, { delayMs: 10, outcomeUnknown: false })
      const waiting = await binding({ userId: 'user-2' })
      clock.now += 10
      const jobs = await storage.claimJobs('owner-1', CLAIM)
      expect(jobs.map(({ flow }) => flow.flowId)).toEqual([waiting.flowId, retried.flowId])
    })

    test('lets no two owners hold one job, however many ask at once', async () => {
      const first = await open()
      for (let n = 0; n < 20; n += 1) await first.binding({ userId: `user-${n}` })
      const second = (await reopen(first)) ?? first
      const claims = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          (n % 2 === 0 ? first : second).storage.claimJobs(`owner-${n}`, { leaseMs: 1000, limit: 3 }),
        ),
      )
      const ids = claims.flat().map(({ flow }) => flow.flowId)
      expect(ids).toHaveLength(20)
      expect(new Set(ids).size).toBe(20)
    })

    test('hands a job out again at the end of its lease, its outcome unknown, and fences the old owner', async () => {
      const { storage, binding, clock, read } = await open()
      const flow = await binding()
      await storage.claimJobs('owner-1', CLAIM)
      clock.now += CLAIM.leaseMs - 1
      expect(await storage.claimJobs('owner-2', CLAIM)).toEqual([])
      clock.now += 1
      const taken = await storage.claimJobs('owner-2', CLAIM)
      expect(taken).toMatchObject([{ flow, attempts: 1, outcomeUnknown: true }])

      expect(await storage.completeJob('owner-1', flow.flowId, CONNECTED)).toBe(false)
      expect(await storage.retryJob('owner-1', flow.flowId, { delayMs: 0, outcomeUnknown: false })).toBe(
        false,
      )
      await storage.releaseJobs('owner-1')
      expect(await read(flow)).toEqual(flow)
      expect(await storage.findConnection(flow.tenantId)).toBeUndefined()
      expect(await storage.findNextDueInMs()).toBe(CLAIM.leaseMs)
      expect(await storage.completeJob('owner-2', flow.flowId, CONNECTED)).toBe(true)
    })

    test('lets an owner finish after its lease ran out when nobody has taken the job', async () => {
      const { storage, binding, clock, read } = await open()
      const flow = await binding()
      await storage.claimJobs('owner-1', CLAIM)
      clock.now += 10 * CLAIM.leaseMs
      expect(await storage.completeJob('owner-1', flow.flowId, CONNECTED)).toBe(true)
      expect((await read(flow)).status).toBe('connected')
    })

    test('gives a job back with a delay, and with what is known of its outcome', async () => {
      const { storage, binding, clock } = await open()
      const { flowId } = await binding()
      for (const [tries, outcomeUnknown] of [true, false].entries()) {
        await storage.claimJobs('owner-1', CLAIM)
        expect(await storage.retryJob('owner-1', flowId, { delayMs: 700, outcomeUnknown })).toBe(true)
        expect(await storage.retryJob('owner-1', flowId, { delayMs: 0, outcomeUnknown })).toBe(false)
        expect(await storage.findNextDueInMs()).toBe(700)
        clock.now += 699
        expect(await storage.claimJobs('owner-2', CLAIM)).toEqual([])
        clock.now += 1
        const expected = [{ attempts: 2 * tries + 1, outcomeUnknown }]
        expect(await storage.claimJobs('owner-2', CLAIM)).toMatchObject(expected)
        await storage.retryJob('owner-2', flowId, { delayMs: 0, outcomeUnknown })
      }
    })

    test('does not count a claim in which nothing was sent', async () => {
      const { storage, binding } = await open()
      const { flowId } = await binding()
      const untried = { delayMs: 0, outcomeUnknown: false, wasTried: false }
      for (const attempts of [0, 0]) {
        expect(await storage.claimJobs('owner-1', CLAIM)).toMatchObject([{ attempts, outcomeUnknown: false }])
        expect(await storage.retryJob('owner-1', flowId, untried)).toBe(true)
        expect(await storage.retryJob('owner-1', flowId, untried)).toBe(false)
      }
      await storage.claimJobs('owner-1', CLAIM)
      await storage.retryJob('owner-1', flowId, { ...untried, wasTried: true })
      await storage.claimJobs('owner-1', CLAIM)
      await storage.retryJob('owner-1', flowId, { ...untried, outcomeUnknown: true })
      expect(await storage.claimJobs('owner-1', CLAIM)).toMatchObject([{ attempts: 1, outcomeUnknown: true }])
    })

    test('takes released jobs at once, their outcome unknown, and counts the try', async () => {
      const { storage, binding } = await open()
      await binding({ userId: 'user-1' })
      await binding({ userId: 'user-2' })
      const [released] = await storage.claimJobs('owner-1', { ...CLAIM, limit: 1 })
      await storage.claimJobs('owner-2', { ...CLAIM, limit: 1 })
      expect(released).toMatchObject({ attempts: 0, outcomeUnknown: false })
      await storage.releaseJobs('owner-1')
      expect(await storage.findNextDueInMs()).toBe(0)
      const again = await storage.claimJobs('owner-3', CLAIM)
      expect(again).toEqual([{ ...released, attempts: 1, outcomeUnknown: true }])
      await storage.releaseJobs('owner-3')
      const third = await storage.claimJobs('owner-1', CLAIM)
      expect(third).toEqual([{ ...released, attempts: 2, outcomeUnknown: true }])
    })

    test('releases no job that its owner gave back or that another owner has taken', async () => {
      const { storage, binding, clock } = await open()
      const { flowId } = await binding()
      await storage.claimJobs('owner-1', CLAIM)
      await storage.retryJob('owner-1', flowId, { delayMs: 700, outcomeUnknown: false })
      await storage.releaseJobs('owner-1')
      expect(await storage.findNextDueInMs()).toBe(700)
      clock.now += 700
      expect(await storage.claimJobs('owner-2', CLAIM)).toMatchObject([{ outcomeUnknown: false }])
      await storage.releaseJobs('owner-1')
      expect(await storage.findNextDueInMs()).toBe(CLAIM.leaseMs)
    })

    test('takes the jobs of an owner that is gone at once, their outcome unknown', async () => {
      const gone = new Set<string>()
      const { storage, binding } = await open({ isOwnerGone: (owner) => gone.has(owner) })
      const flow = await binding()
      await storage.claimJobs('owner-1', CLAIM)
      expect(await storage.findNextDueInMs()).toBe(CLAIM.leaseMs)
      expect(await storage.claimJobs('owner-2', CLAIM)).toEqual([])
      gone.add('owner-1')
      expect(await storage.findNextDueInMs()).toBe(0)
      expect(await storage.claimJobs('owner-2', CLAIM)).toMatchObject([
        { flow, attempts: 1, outcomeUnknown: true },
      ])
      expect(await storage.completeJob('owner-1', flow.flowId, CONNECTED)).toBe(false)
    })

    test('knows when the next job is due', async () => {
      const { storage, binding, clock } = await open()
      expect(await storage.findNextDueInMs()).toBeUndefined()
      const { flowId } = await binding()
      expect(await storage.findNextDueInMs()).toBe(0)
      await storage.claimJobs('owner-1', { leaseMs: 500, limit: 1 })
      clock.now += 100
      expect(await storage.findNextDueInMs()).toBe(400)
      clock.now += 1000
      expect(await storage.findNextDueInMs()).toBe(0)
      await storage.completeJob('owner-1', flowId, REFUSED)
      expect(await storage.findNextDueInMs()).toBeUndefined()
    })

    test('completes a binding: flow connected, job gone, sealed values erased, connection written', async () => {
      const { storage, binding, clock, read } = await open()
      const flow = await binding({ organization: 'org-1' })
      await storage.claimJobs('owner-1', CLAIM)
      clock.now += 50
      expect(await storage.completeJob('owner-1', flow.flowId, CONNECTED)).toBe(true)
      expect(await read(flow)).toEqual({
        ...flow,
        status: 'connected',
        account: ACCOUNT,
        version: flow.version + 1,
        updatedAt: clock.now,
        stateSealed: null,
        installUrlSealed: null,
        installation: null,
      })
      expect(await storage.findConnection(flow.tenantId)).toEqual({
        tenantId: flow.tenantId,
        organization: 'org-1',
        installation: flow.installation,
        account: ACCOUNT,
        loginAtLayers: ACCOUNT.login,
        reason: null,
        connectedBy: flow.userId,
        registeredAt: CONNECTED.registeredAt,
        checkedAt: clock.now,
      })
      expect(await storage.completeJob('owner-1', flow.flowId, CONNECTED)).toBe(false)
      expect(await storage.claimJobs('owner-2', CLAIM)).toEqual([])
    })

    test.each(['uninstalled', 'suspended', 'detached', 'unusable'] as const)(
      'ends a binding that cannot be used (%s) as refused, and writes the connection with the reason',
      async (reason) => {
        const { storage, binding, connected, clock, read } = await open()
        await connected({ organization: 'org-1' })
        const flow = await binding({ organization: 'org-1', userId: 'user-b' }, 'index-2')
        await storage.claimJobs('owner-1', CLAIM)
        clock.now += 50
        const outcome = { status: 'unusable', account: ACCOUNT, registeredAt: 5, reason } as const
        expect(await storage.completeJob('owner-1', flow.flowId, outcome)).toBe(true)
        expect(await read(flow)).toEqual({
          ...flow,
          status: 'refused',
          error: 'installation_unusable',
          account: ACCOUNT,
          version: flow.version + 1,
          updatedAt: clock.now,
          stateSealed: null,
          installUrlSealed: null,
          installation: null,
        })
        expect(await storage.findConnection(flow.tenantId)).toEqual({
          tenantId: flow.tenantId,
          organization: 'org-1',
          installation: flow.installation,
          account: ACCOUNT,
          loginAtLayers: ACCOUNT.login,
          reason,
          connectedBy: 'user-b',
          registeredAt: 5,
          checkedAt: clock.now,
        })
        expect(await storage.findNextDueInMs()).toBeUndefined()
      },
    )

    test.each([
      { status: 'conflict', error: 'already_bound', account: ACCOUNT },
      { status: 'refused', error: 'installation_not_found', account: null },
      { status: 'blocked', error: 'partner_key_refused', account: null },
      { status: 'expired', error: 'flow_expired', account: null },
    ] as const)('ends a flow as $status without touching the connection', async (outcome) => {
      const { storage, binding, connected, read } = await open()
      await connected()
      const connection = await storage.findConnection('tenant-a')
      const flow = await binding({}, 'index-2')
      await storage.claimJobs('owner-1', CLAIM)
      expect(await storage.completeJob('owner-1', flow.flowId, outcome)).toBe(true)
      const erased = { stateSealed: null, installUrlSealed: null, installation: null }
      expect(await read(flow)).toMatchObject({ ...outcome, ...erased, version: flow.version + 1 })
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
    })
  })
}
