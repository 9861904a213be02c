// Confirming, from our own page, what came back while nobody was known to be there.
import { describe, expect, it } from 'vitest'
import { finishFlow } from '../../bff/flows/finish-flow.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import type { Identity } from '../../bff/identify.ts'
import type { Flow } from '../../bff/storage/storage.ts'
import { ANN, createFlowRuntime, REQUEST_ID, type FlowRuntimeOptions } from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

const ID = 61_200_417
const BOB = { ...ANN, userId: 'bob' }
const FLOW_ID = 'A'.repeat(22)

/** A flow that came back while nobody was known to be there. */
async function openReturned(options: FlowRuntimeOptions = {}, person = ANN) {
  const bff = await createFlowRuntime(options)
  const { flow, state } = await startedFlow(bff, person)
  bff.person = null
  const query = `state=${state}&installation_id=${ID}`
  await handleReturn(bff.runtime, { request: bff.requestOf(flow), query, requestId: REQUEST_ID })
  bff.logged()
  bff.wakes()
  const finish = (who: Identity = person, headers: Record<string, string> = {}): Promise<Flow> =>
    finishFlow(bff.runtime, who, FLOW_ID, { request: bff.requestOf(flow, headers), requestId: REQUEST_ID })
  const { secrets } = bff.runtime
  const names = {
    requestId: REQUEST_ID,
    flow: secrets.pseudonymOf(FLOW_ID),
    tenant: secrets.pseudonymOf(ANN.tenantId),
  }
  return { bff, finish, names }
}

describe('finishing', () => {
  it('queues the binding, once, and the dispatcher hears of it', async () => {
    const { bff, finish, names } = await openReturned()
    const finished = await finish()
    expect(finished.status).toBe('binding')
    expect(bff.wakes()).toBe(1)
    expect(bff.logged()).toEqual([{ event: 'return_confirmed', ...names, flowStatus: 'binding' }])
    expect(await finish()).toEqual(finished)
    expect(bff.wakes()).toBe(0)
    expect(bff.logged()).toEqual([])
    const jobs = await bff.runtime.storage.claimJobs('test', { leaseMs: 1000, limit: 10 })
    expect(jobs).toMatchObject([{ flow: { flowId: FLOW_ID }, requestId: REQUEST_ID }])
  })

  it('leads to GitHub’s authorize page when its word is still missing', async () => {
    const { bff, finish, names } = await openReturned({ authorization: 'partner-app' })
    expect(await finish()).toMatchObject({ status: 'authorizing' })
    expect(bff.logged()).toEqual([{ event: 'return_confirmed', ...names, flowStatus: 'authorizing' }])
  })

  it('uses the code that came with the return', async () => {
    const bff = await createFlowRuntime({ authorization: 'own-app' })
    const { flow, state } = await startedFlow(bff)
    bff.person = null
    const query = `state=${state}&installation_id=${ID}&code=c0de`
    await handleReturn(bff.runtime, { request: bff.requestOf(flow), query, requestId: REQUEST_ID })
    const request = bff.requestOf(flow)
    const finished = await finishFlow(bff.runtime, ANN, FLOW_ID, { request, requestId: REQUEST_ID })
    expect(finished.status).toBe('binding')
    expect(finished.authorizationSealed).not.toBeNull()
  })

  it('is not possible in another browser, and changes nothing there', async () => {
    const { bff, finish } = await openReturned()
    expect(await finish(ANN, { cookie: '' })).toMatchObject({ status: 'returned' })
    expect(bff.logged()).toEqual([])
    expect(bff.wakes()).toBe(0)
    expect(await finish()).toMatchObject({ status: 'binding' })
  })

  it.each<[string, Identity]>([
    ['a colleague', BOB],
    ['somebody of another tenant', { ...ANN, tenantId: 'globex' }],
  ])('tells %s nothing, not even that there is a flow', async (_, other) => {
    const { bff, finish } = await openReturned()
    await expect(finish(other)).rejects.toMatchObject({ code: 'not_found' })
    const request = bff.requestOf(await finish())
    const unknown = finishFlow(bff.runtime, other, 'B'.repeat(22), { request, requestId: REQUEST_ID })
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
  })

  it('ends the flow of somebody who has lost the role or the organization, and the log says why', async () => {
    for (const [change, code] of [
      [{ canConnect: false }, 'forbidden'],
      [{ layersOrganization: 'org_other' }, 'session_mismatch'],
    ] as const) {
      const { bff, finish, names } = await openReturned()
      expect(await finish({ ...ANN, ...change })).toMatchObject({ status: 'refused', error: code })
      expect(bff.logged()).toEqual([{ event: 'finish_refused', security: true, ...names, code }])
      expect(bff.wakes()).toBe(0)
    }
  })

  it('changes nothing, and says nothing, of a flow that is past that', async () => {
    const { bff, finish } = await openReturned()
    await finish()
    bff.logged()
    expect(await finish({ ...ANN, canConnect: false })).toMatchObject({ status: 'binding' })
    expect(bff.logged()).toEqual([])
  })

  it('shows the flow as it was when something else has ended it meanwhile', async () => {
    const { finish } = await openReturned({ wrap: () => ({ endFlow: async () => undefined }) })
    expect(await finish({ ...ANN, canConnect: false })).toMatchObject({ status: 'returned' })
  })

  it('shows what has become of the flow when it cannot be confirmed any more', async () => {
    const { bff, finish } = await openReturned({
      wrap: (storage) => ({
        async confirmReturn(tenantId, flowId) {
          const cancel = { from: ['returned'], status: 'cancelled', error: null } as const
          await storage.endFlow(tenantId, flowId, cancel)
          return undefined
        },
      }),
    })
    expect(await finish()).toMatchObject({ status: 'cancelled' })
    expect(bff.logged()).toEqual([])
    expect(bff.wakes()).toBe(0)
  })

  it('is refused when the tenant has no further try', async () => {
    const { bff, finish } = await openReturned({
      wrap: (storage) => ({
        confirmReturn: (tenantId, flowId, confirmed) =>
          storage.confirmReturn(tenantId, flowId, { ...confirmed, failureLimit: { count: 0, windowMs: 1 } }),
      }),
    })
    await expect(finish()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(bff.logged()).toMatchObject([{ event: 'failed_bindings_burst', requestId: REQUEST_ID }])
    expect(bff.wakes()).toBe(0)
  })
})
