// Starting a flow: once, twice, at the same moment, and after a crash.
import { describe, expect, it } from 'vitest'
import { hashState } from '../../bff/flow-secrets.ts'
import { startFlow } from '../../bff/flows/start-flow.ts'
import type { Identity } from '../../bff/identify.ts'
import { ANN, createFlowRuntime, REQUEST_ID, type FlowRuntime } from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

const BOB = { ...ANN, userId: 'bob' }
const FLOW_ID = 'A'.repeat(22)
const REQUEST = {
  flowId: FLOW_ID,
  mode: 'redirect',
  hostOrigin: 'http://localhost:9999',
  returnTo: 'http://localhost:9999/settings',
  locale: 'de-AT',
  theme: 'dark',
  requestId: REQUEST_ID,
  signal: new AbortController().signal,
} as const

const namesOf = ({ runtime: { secrets } }: FlowRuntime) => ({
  requestId: REQUEST_ID,
  flow: secrets.pseudonymOf(FLOW_ID),
  tenant: secrets.pseudonymOf(ANN.tenantId),
})

describe('a start', () => {
  it('keeps who started, where and for what, with the state sealed and hashed', async () => {
    const bff = await createFlowRuntime()
    const person = {
      ...ANN,
      layersOrganization: 'org_northwind',
      expectedAccount: 'Acme-Coffee',
      validUntil: bff.clock.now + 5000,
    }
    const flow = await startFlow(bff.runtime, person, REQUEST)
    const [state = ''] = bff.askedLayers
    expect(flow).toMatchObject({
      flowId: FLOW_ID,
      status: 'waiting',
      tenantId: 'northwind',
      userId: 'ann',
      organization: 'org_northwind',
      mode: 'redirect',
      hostOrigin: REQUEST.hostOrigin,
      returnTo: REQUEST.returnTo,
      locale: 'de-AT',
      theme: 'dark',
      expectedAccount: 'Acme-Coffee',
      vouchedUntil: person.validUntil,
      stateHash: hashState(state),
      expiresAt: bff.clock.now + 15 * 60_000,
    })
    expect(await bff.runtime.sealer.unseal('state', 'northwind', flow.stateSealed ?? '')).toBe(state)
    expect(bff.logged()).toEqual([{ event: 'flow_created', ...namesOf(bff) }])
    expect(bff.runtime.asking.size).toBe(0)
  })

  it('lives for a quarter of an hour when Layers’ URL lives longer', async () => {
    const bff = await createFlowRuntime()
    const { flow } = await startedFlow(bff)
    expect(flow.expiresAt - bff.clock.now).toBe(15 * 60_000)
    expect(flow).toMatchObject({ organization: null, expectedAccount: null, vouchedUntil: null })
  })

  it('is not for somebody without the role', async () => {
    const bff = await createFlowRuntime()
    const start = startFlow(bff.runtime, { ...ANN, canConnect: false }, REQUEST)
    await expect(start).rejects.toMatchObject({ code: 'forbidden' })
    expect(await bff.runtime.storage.findFlow(ANN.tenantId, FLOW_ID)).toBeUndefined()
  })

  it.each<[string, Identity]>([
    ['a colleague’s', BOB],
    ['another tenant’s', { ...ANN, tenantId: 'globex' }],
  ])('with the id of %s flow is refused, and the log says why', async (_, other) => {
    const bff = await createFlowRuntime()
    const { flow } = await startedFlow(bff, other)
    const start = startFlow(bff.runtime, ANN, REQUEST)
    await expect(start).rejects.toMatchObject({ code: 'invalid_request', detail: 'flow id is taken' })
    expect(await bff.runtime.storage.findFlow(other.tenantId, FLOW_ID)).toEqual(flow)
    expect(bff.askedLayers).toHaveLength(1)
  })

  it('is refused to whoever starts too often, and to a tenant whose bindings keep failing', async () => {
    const often = await createFlowRuntime()
    for (let count = 0; count < 20; count += 1) await startedFlow(often, ANN, String(count).padStart(22, 'x'))
    await expect(startFlow(often.runtime, ANN, REQUEST)).rejects.toMatchObject({ code: 'rate_limited' })
    const failing = await createFlowRuntime({
      failedBindingsPerTenant: 1,
      wrap: () => ({ countFailedBindings: async (tenantId) => (tenantId === ANN.tenantId ? 1 : 0) }),
    })
    await expect(startFlow(failing.runtime, ANN, REQUEST)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(failing.askedLayers).toEqual([])
    expect(await startFlow(failing.runtime, { ...ANN, tenantId: 'globex' }, REQUEST)).toMatchObject({
      status: 'waiting',
    })
  })
})

describe('a start while too many returns wait for Layers', () => {
  it('is refused with a time to come back, and the log says why', async () => {
    const asked: number[] = []
    const { runtime } = await createFlowRuntime({
      wrap: () => ({
        async hasUnfinishedBindings(count) {
          asked.push(count)
          return true
        },
      }),
    })
    await expect(startFlow(runtime, ANN, REQUEST)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: `${runtime.limits.unfinishedBindings} accepted returns wait for Layers: see binding_failed in the log`,
      retryAfterSeconds: 30,
    })
    expect(asked).toEqual([runtime.limits.unfinishedBindings])
    expect(await runtime.storage.findFlow(ANN.tenantId, FLOW_ID)).toBeUndefined()
  })
})

describe('a start that is repeated', () => {
  it('gives the same flow, and Layers is asked once', async () => {
    const bff = await createFlowRuntime()
    const { flow } = await startedFlow(bff)
    expect(await startFlow(bff.runtime, ANN, REQUEST)).toEqual(flow)
    expect(bff.askedLayers).toHaveLength(1)
    expect(bff.logged()).toEqual([])
  })

  it('does not count as another start', async () => {
    const bff = await createFlowRuntime()
    await startedFlow(bff)
    for (let count = 0; count < 30; count += 1) await startFlow(bff.runtime, ANN, REQUEST)
    expect(await startedFlow(bff, ANN, 'B'.repeat(22))).toMatchObject({ flow: { status: 'waiting' } })
  })

  it('waits for the first one, which is asking Layers, in this process', async () => {
    const { promise: answering, resolve: answer } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const bff = await createFlowRuntime({
      beforeLayers: () => {
        ask()
        return answering
      },
    })
    const first = startFlow(bff.runtime, ANN, REQUEST)
    await asked
    const second = startFlow(bff.runtime, ANN, REQUEST)
    answer()
    expect(await first).toMatchObject({ status: 'waiting' })
    expect(await second).toEqual(await first)
    expect(bff.askedLayers).toHaveLength(1)
    expect(bff.runtime.asking.size).toBe(0)
  })

  it('gives up waiting when the browser has gone, with the flow as it is', async () => {
    const { promise: answering, resolve: answer } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const bff = await createFlowRuntime({
      beforeLayers: () => {
        ask()
        return answering
      },
    })
    const first = startFlow(bff.runtime, ANN, REQUEST)
    await asked
    const signal = AbortSignal.abort()
    expect(await startFlow(bff.runtime, ANN, { ...REQUEST, signal })).toMatchObject({ status: 'starting' })
    answer()
    await first
  })

  it('shows what it knew of a flow that is deleted while it waits', async () => {
    const { promise: answering, resolve: answer } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    let isDeleted = false
    const bff = await createFlowRuntime({
      beforeLayers: () => {
        ask()
        return answering
      },
      wrap: (storage) => ({
        findFlow: async (tenantId, flowId) => {
          const flow = await storage.findFlow(tenantId, flowId)
          // Between the look for the flow and the wait for it.
          if (flow !== undefined && !isDeleted) {
            isDeleted = true
            return flow
          }
          return undefined
        },
      }),
    })
    const first = startFlow(bff.runtime, ANN, REQUEST)
    await asked
    const signal = AbortSignal.abort()
    expect(await startFlow(bff.runtime, ANN, { ...REQUEST, signal })).toMatchObject({ status: 'starting' })
    answer()
    await first
  })

  it('asks Layers with the same state when nobody does any more, and the log says so', async () => {
    let isDown = true
    const bff = await createFlowRuntime({
      beforeLayers: async () => {
        // As a crash leaves it: the flow is there, and nobody asks.
        if (isDown) throw new Error('the process died')
      },
    })
    await expect(startFlow(bff.runtime, ANN, REQUEST)).rejects.toThrow('the process died')
    expect(bff.runtime.asking.size).toBe(0)
    isDown = false
    bff.logged()
    expect(await startFlow(bff.runtime, ANN, REQUEST)).toMatchObject({ status: 'waiting' })
    expect(bff.logged()).toEqual([{ event: 'start_resumed', ...namesOf(bff) }])
    const [first, second] = bff.askedLayers
    expect(second).toBe(first)
  })

  it('at the same moment gives one flow', async () => {
    const bff = await createFlowRuntime({
      // Neither of the two sees the other's flow before it creates its own.
      wrap: (storage) => {
        let looks = 0
        return {
          findFlow: async (tenantId, flowId) => {
            looks += 1
            return looks <= 2 ? undefined : storage.findFlow(tenantId, flowId)
          },
        }
      },
    })
    const [one, other] = await Promise.all([
      startFlow(bff.runtime, ANN, REQUEST),
      startFlow(bff.runtime, ANN, REQUEST),
    ])
    expect(one).toMatchObject({ status: 'waiting' })
    expect(other).toEqual(one)
    expect(bff.logged().filter(({ event }) => event === 'flow_created')).toHaveLength(1)
  })
})
