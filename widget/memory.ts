// Remembers, over a reload or redirect of this tab, which flow was started here. Nothing secret: the id alone opens nothing.
import { FLOW_ID_PATTERN } from '../bff/contract.ts'

/**
 * In session storage, because another tab must not fire this tab's callbacks. It may be denied, by the browser's
 * settings or in a sandboxed frame; then a reload forgets.
 * @param flowId stored when given; '' forgets.
 * @returns what was stored before; '' for nothing.
 */
export function remember(baseURL: string, flowId?: string): string {
  const key = `connect-github:${baseURL}`
  try {
    const before = sessionStorage.getItem(key) ?? ''
    if (flowId) sessionStorage.setItem(key, flowId)
    else if (flowId === '') sessionStorage.removeItem(key)
    return FLOW_ID_PATTERN.test(before) ? before : ''
  } catch {
    return ''
  }
}
