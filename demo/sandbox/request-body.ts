// Reads a request body as text, up to a limit.

import type { IncomingMessage } from 'node:http'

/** Far more than any body of these APIs needs. */
const LARGEST_BODY_BYTES = 64 * 1024

/**
 * The whole body, or null when it is larger than 64 KB. What is too much is read and dropped, so that the client gets an
 * answer and not a reset connection.
 */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size <= LARGEST_BODY_BYTES) chunks.push(bytes)
  }
  return size > LARGEST_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8')
}
