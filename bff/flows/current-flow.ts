// Reads a flow again, for when another request may have changed it meanwhile.
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'

/** As it is now; as it was known when it has been deleted since. */
export async function readAgain(runtime: Runtime, flow: Flow): Promise<Flow> {
  return (await runtime.storage.findFlow(flow.tenantId, flow.flowId)) ?? flow
}
