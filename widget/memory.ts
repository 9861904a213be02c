// Remembers, over a reload or redirect of this tab, which flow was started here. Nothing secret: the id alone opens nothing.
import { FLOW_ID_PATTERN } from '../bff/contract.ts'

/** Session storage, because another tab must not fire this tab's callbacks. */
const keyOf = (baseURL: string) => `connect-github:${baseURL}`

/** It may be denied, by the browser's settings or in a sandboxed frame; then a reload forgets. */
function whereAllowed<T>(access: () => T): T | null {
  try {
    return access()
  } catch {
    return null
  }
}

export const recallFlow = (baseURL: string): string | null => {
  const flowId = whereAllowed(() => sessionStorage.getItem(keyOf(baseURL)))
  return flowId && FLOW_ID_PATTERN.test(flowId) ? flowId : null
}

/** Null forgets. */
export const rememberFlow = (baseURL: string, flowId: string | null) =>
  whereAllowed(() =>
    flowId ? sessionStorage.setItem(keyOf(baseURL), flowId) : sessionStorage.removeItem(keyOf(baseURL)),
  )
