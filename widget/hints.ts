// Listens for signs that the server may know something new. Each sign leads to one question, never to a conclusion.
import { CHANNEL_NAME } from '../bff/contract.ts'
import { parseHint } from './parse.ts'

/**
 * @param origin the BFF's origin; messages of any other are dropped.
 * @param onHint called with the flow id a window of the BFF spoke of.
 * @param onWake called when the page comes to the front, or goes on or off line; with true when it comes back from the
 * back/forward cache, where a request that was under way may have been lost.
 * @returns stops listening.
 */
export function listenForHints(
  origin: string,
  onHint: (flowId: unknown) => void,
  onWake: (isRestored: boolean) => void,
): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const receive = (event: MessageEvent) => {
    if (event.origin === origin) onHint(parseHint(event.data))
  }
  const channel = new BroadcastChannel(CHANNEL_NAME)
  channel.addEventListener('message', receive)
  addEventListener('message', receive, { signal })
  const wake = () => document.hidden || onWake(false)
  for (const type of ['focus', 'online', 'offline', 'visibilitychange'])
    addEventListener(type, wake, { signal })
  addEventListener('pageshow', ({ persisted }) => persisted && onWake(true), { signal })
  return () => {
    stop.abort()
    channel.close()
  }
}
