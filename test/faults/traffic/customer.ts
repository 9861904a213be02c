// One customer who connects GitHub, and does not give up: what got no answer, or a 5xx, is tried again as a person would reload.
import { FLOW_STATUSES, type FlowView } from '../../../bff/contract.ts'
import type { Ledger } from './ledger.ts'
import { createVisitor, type Visitor, type VisitorOptions } from './visitor.ts'

export interface CustomerOptions extends VisitorOptions {
  /** Of the tenant's own account on GitHub. */
  readonly installationId: number
  readonly ledger: Ledger
}

const POLL_SECONDS = 25

/** Resolves with the flow as it ended. Rejects when the BFF answers what it never should. */
export async function connectAsCustomer(options: CustomerOptions): Promise<FlowView> {
  const { tenant, installationId, ledger, think } = options
  const visitor = createVisitor(options)
  const state = await visitor.openGitHub()
  const flowId = visitor.flowId()
  ledger.started({ tenant, flowId, state, installationId })
  await think?.()
  const { status, location } = await visitor.comeBack(state, installationId)
  if (status !== 303 || location?.endsWith(`/flows/${flowId}/done`) !== true)
    throw new Error(`the return was answered with ${status} and led to ${location}`)
  ledger.acknowledged(flowId)
  const flow = await waitForEnd(visitor)
  ledger.ended(flowId, flow.status)
  return flow
}

/** By long poll, until the flow is no longer open. */
export async function waitForEnd(visitor: Visitor, pollSeconds = POLL_SECONDS): Promise<FlowView> {
  let flow = await visitor.look()
  while (FLOW_STATUSES[flow.status].open)
    flow = await visitor.look(`?after=${flow.version}&wait=${pollSeconds}`)
  return flow
}
