// How a flow is named in the log: by pseudonyms that can be followed but not turned back into ids.
import type { LogFields } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import type { BindingJob, Flow } from '../storage/storage.ts'

export function describeFlow(
  runtime: Pick<Runtime, 'secrets'>,
  flow: Pick<Flow, 'flowId' | 'tenantId'>,
  requestId?: string,
): LogFields {
  return {
    ...(requestId === undefined ? {} : { requestId }),
    flow: runtime.secrets.pseudonymOf(flow.flowId),
    tenant: runtime.secrets.pseudonymOf(flow.tenantId),
  }
}

/** With the id of the request that queued it, so that a binding can be followed back to the click. */
export function describeJob(
  runtime: Pick<Runtime, 'secrets'>,
  { flow, requestId }: Pick<BindingJob, 'flow' | 'requestId'>,
): LogFields {
  return describeFlow(runtime, flow, requestId ?? undefined)
}
