// Renders the host page on a server, at once or as a stream.
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { hostPage } from './host-page.tsx'
import { readOptions } from './read-options.ts'

/** @param search of the page's address, with the question mark. */
export function render(search: string): string {
  return renderToString(hostPage(readOptions(search, 'server')))
}

/** The same markup as React sends it piece by piece, with what it needs to put the pieces together. */
export async function stream(search: string): Promise<string> {
  const pieces = new PassThrough()
  const rendering = renderToPipeableStream(hostPage(readOptions(search, 'server')), {
    onShellReady: () => rendering.pipe(pieces),
    onError: (error) => void pieces.destroy(error instanceof Error ? error : new Error(String(error))),
  })
  return text(pieces)
}
