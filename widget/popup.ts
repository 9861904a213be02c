// How the browser gets to GitHub: a window of its own opened inside the click, or the tab itself.
import { LOCALE_PATTERN, MAX_LOCALE_LENGTH } from '../bff/contract.ts'
import type { FlowMode, StartFlowRequest } from '../bff/contract.ts'
import type { ConnectGitHubOptions } from './options.ts'

/** 128 random bits as base64url, the form the server demands of a flow id. */
export const createFlowId = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replace(
    /\W/g,
    (sign) => '-_'['+/'.indexOf(sign)] ?? '',
  )

/** What `mode="auto"` means in this browser. */
export function pickMode(): FlowMode {
  // GitHub refuses to be framed, and a frame may not navigate the page around it: only a window works there.
  const isPhone = window.matchMedia?.('(pointer: coarse) and (max-width: 640px)').matches
  return self === top && isPhone ? 'redirect' : 'popup'
}

/** True in a frame of another origin, where browsers send no cookies along. */
export function isFramed(): boolean {
  try {
    return !top?.document
  } catch {
    return true
  }
}

/** How the BFF's own pages shall look: only what is known, and what the server takes. */
export function describePages({
  locale,
  theme,
}: ConnectGitHubOptions): Pick<StartFlowRequest, 'locale' | 'theme'> {
  const tag = typeof locale === 'object' ? locale.tag : (locale ?? document.documentElement.lang)
  return {
    ...(LOCALE_PATTERN.test(tag) && tag.length <= MAX_LOCALE_LENGTH && { locale: tag }),
    ...(theme && theme !== 'auto' && { theme }),
  }
}

/**
 * Opens our own launch page. Must run inside the click: after an `await` browsers block it.
 * Null when blocked. Without `noopener`, because that also returns null and would hide the block.
 */
export function openPopup(url: string, flowId: string): Window | null {
  return open(url, `connect-github-${flowId}`, 'popup,width=980,height=760')
}
