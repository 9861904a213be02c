// Listens for signs that the server may know something new. Each sign leads to one question, never to a conclusion.
import { CHANNEL_NAME } from '../bff/contract.ts'
import { parseHint } from './parse.ts'

/**
 * @param origin the BFF's origin; messages of any other are dropped.
 * @param onHint called with the flow id a window of the BFF spoke of.
 * @param onWake called when the page comes back to the front, back from the cache, or on or off line.
 * @returns stops listening.
 */
export function listenForHints(
  origin: string,
  onHint: (flowId: string) => void,
  onWake: () => void,
): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const receive = (event: MessageEvent) => {
    if (event.origin !== origin) return
    const hint = parseHint(event.data)
    if (hint) onHint(hint.flowId)
  }
  window.addEventListener('message', receive, { signal })
  for (const type of ['focus', 'online', 'offline']) window.addEventListener(type, onWake, { signal })
  window.addEventListener('pageshow', (event) => event.persisted && onWake(), { signal })
  document.addEventListener('visibilitychange', () => document.hidden || onWake(), { signal })
  // A channel reaches only its own origin, so it is of use only when the BFF lives on the page's.
  const channel =
    typeof BroadcastChannel === 'function' && origin === location.origin
      ? new BroadcastChannel(CHANNEL_NAME)
      : undefined
  channel?.addEventListener('message', receive)
  return () => {
    stop.abort()
    channel?.close()
  }
}
