// Remembers, over a reload or redirect of this tab, which flow was started here. Nothing secret: the id alone opens nothing.
import { FLOW_ID_PATTERN } from '../bff/contract.ts'

/** Session storage, because another tab must not fire this tab's callbacks. */
const keyOf = (baseURL: string) => `connect-github:${baseURL}`

/** It may be denied, by the browser's settings or in a sandboxed frame; then a reload forgets. */
function whereAllowed<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    return undefined
  }
}

/** '' when there is none. */
export const recallFlow = (baseURL: string): string => {
  const flowId = String(whereAllowed(() => sessionStorage.getItem(keyOf(baseURL))))
  return FLOW_ID_PATTERN.test(flowId) ? flowId : ''
}

/** '' forgets. */
export const rememberFlow = (baseURL: string, flowId: string) =>
  whereAllowed(() =>
    flowId ? sessionStorage.setItem(keyOf(baseURL), flowId) : sessionStorage.removeItem(keyOf(baseURL)),
  )
