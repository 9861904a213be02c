// Reads the flow id from a route's path.
import { FLOW_ID_PATTERN } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import type { ConnectContext } from '../middleware/request-context.ts'

/** @throws ConnectError `not_found` for anything that cannot be a flow id: the same as for one that does not exist. */
export function getFlowId(ctx: ConnectContext): string {
  const params: unknown = ctx['params']
  const flowId =
    typeof params === 'object' && params !== null && 'flowId' in params && typeof params.flowId === 'string'
      ? params.flowId
      : ''
  if (!FLOW_ID_PATTERN.test(flowId)) throw new ConnectError('not_found')
  return flowId
}
