// A flow for which GitHub's install page can be opened, and the state it will bring back.
import { startFlow } from '../../bff/flows/start-flow.ts'
import type { Identity } from '../../bff/identify.ts'
import type { Flow } from '../../bff/storage/storage.ts'
import { ANN, REQUEST_ID, type FlowRuntime } from './flow-runtime.ts'

/** Its log lines are not kept. */
export async function startedFlow(
  bff: FlowRuntime,
  person: Identity = ANN,
  flowId = 'A'.repeat(22),
): Promise<{ readonly flow: Flow; readonly state: string }> {
  const flow = await startFlow(bff.runtime, person, {
    flowId,
    mode: 'popup',
    hostOrigin: 'http://localhost:9999',
    returnTo: 'http://localhost:9999/settings',
    locale: null,
    theme: null,
    requestId: REQUEST_ID,
    signal: new AbortController().signal,
  })
  bff.logged()
  return { flow, state: bff.askedLayers.at(-1) ?? '' }
}
