// What a page sends to the BFF and to the host, as the browser's network layer sees it: preflights too, which page events leave out.
import type { Page } from '@playwright/test'

export interface SentRequest {
  readonly method: string
  readonly url: string
}

/** A list that grows with what one page sends from now on; not with what its popups send. `OPTIONS` are the browser's own. */
export async function watchTraffic(page: Page): Promise<readonly SentRequest[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const sent: SentRequest[] = []
  session.on('Network.requestWillBeSent', ({ request }) => {
    sent.push({ method: request.method, url: request.url })
  })
  return sent
}
