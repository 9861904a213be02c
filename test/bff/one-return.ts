// One return from GitHub at a time, to a browser in which a flow was started.
import { expect } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import type { Flow } from '../../bff/storage/storage.ts'
import { createFlowRuntime, REQUEST_ID, type FlowRuntime, type FlowRuntimeOptions } from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

export const ID = 61_200_417

export async function openReturn(options: FlowRuntimeOptions = {}) {
  const bff = await createFlowRuntime(options)
  const { flow, state } = await startedFlow(bff)
  const send = (
    query: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<Flow> => {
    const request = bff.requestOf(flow, headers)
    request.method = method
    return handleReturn(bff.runtime, { request, query, requestId: REQUEST_ID })
  }
  const read = async (): Promise<Flow> =>
    (await bff.runtime.storage.findFlow(flow.tenantId, flow.flowId)) ?? flow
  const names = {
    requestId: REQUEST_ID,
    flow: bff.runtime.secrets.pseudonymOf(flow.flowId),
    tenant: bff.runtime.secrets.pseudonymOf(flow.tenantId),
  }
  const installed = `state=${state}&setup_action=install&installation_id=${ID}`
  return { bff, flow, state, send, read, names, installed }
}

/** The flow's status, or the code of what was refused. */
export async function codeOf(returned: Promise<Flow>): Promise<string> {
  return returned.then(
    ({ status }) => status,
    (error: unknown) => {
      if (!(error instanceof ConnectError)) throw error
      return error.code
    },
  )
}

/** Another request is quicker than each change of a flow. */
export const cancelsInstead: NonNullable<FlowRuntimeOptions['wrap']> = (storage) => ({
  async endFlow(tenantId, flowId) {
    const cancel = { from: ['waiting'], status: 'cancelled', error: null } as const
    await storage.endFlow(tenantId, flowId, cancel)
    return undefined
  },
})

export async function claimOnlyJob({ runtime }: FlowRuntime) {
  const jobs = await runtime.storage.claimJobs('test', { leaseMs: 1000, limit: 10 })
  expect(jobs).toHaveLength(1)
  return jobs[0]
}
