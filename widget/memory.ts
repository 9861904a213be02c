// Remembers, over a reload or redirect of this tab, which flow was started here. Nothing secret: the id alone opens nothing.
import { FLOW_ID_PATTERN } from '../bff/contract.ts'

export interface FlowMemory {
  get(): string | null
  set(flowId: string | null): void
}

/** Session storage, because another tab must not fire this tab's callbacks. It may be denied; then a reload forgets. */
export function createFlowMemory(baseURL: string): FlowMemory {
  const key = `connect-github:${baseURL}`
  return {
    get() {
      try {
        const flowId = sessionStorage.getItem(key)
        return flowId && FLOW_ID_PATTERN.test(flowId) ? flowId : null
      } catch {
        return null
      }
    },
    set(flowId) {
      try {
        if (flowId) sessionStorage.setItem(key, flowId)
        else sessionStorage.removeItem(key)
      } catch {
        // Denied by the browser's settings or a sandboxed frame.
      }
    },
  }
}
