// Reads a posted HTML form of bounded size.
import type { IncomingMessage } from 'node:http'

const MOST_BYTES = 1024

/** The fields of a form, or undefined when the body is not one: another content type, or more than 1 KB. */
export async function findForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (contentType !== 'application/x-www-form-urlencoded') return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MOST_BYTES) return undefined
    chunks.push(bytes)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
