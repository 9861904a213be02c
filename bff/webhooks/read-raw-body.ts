// Reads the bytes of a body as they were sent, with limits on size, time, and how many are read at once.
import type { IncomingMessage } from 'node:http'

/** Why there are no bytes. `consumed`: somebody has read the body before us. */
export type BodyProblem = 'consumed' | 'too_large' | 'too_slow' | 'cut' | 'busy'

export type RawBody = { readonly bytes: Buffer } | { readonly problem: BodyProblem }

export interface BodyLimits {
  readonly maxBytes: number
  /** For the whole body, from now on. */
  readonly timeoutMs: number
  /** Bodies that are read at the same time, in this process. */
  readonly maxAtOnce: number
}

/** Of the process, like the memory that it protects: several BFFs in it share both. */
let reading = 0

export async function readRawBody(request: IncomingMessage, limits: BodyLimits): Promise<RawBody> {
  if (request.readableDidRead || request.readableEnded) return { problem: 'consumed' }
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) return { problem: 'too_large' }
  if (reading >= limits.maxAtOnce) return { problem: 'busy' }
  reading += 1
  try {
    return await collect(request, limits)
  } finally {
    reading -= 1
  }
}

/** By events: an iterator that is left in mid-body would destroy the socket before the refusal is on it. */
function collect(request: IncomingMessage, { maxBytes, timeoutMs }: BodyLimits): Promise<RawBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (body: RawBody): void => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onCut)
      resolve(body)
    }
    const timer = setTimeout(() => finish({ problem: 'too_slow' }), timeoutMs)
    const onEnd = (): void => finish({ bytes: Buffer.concat(chunks) })
    const onCut = (): void => finish({ problem: 'cut' })
    // Text means that somebody has set an encoding, and the bytes are gone.
    const onData = (chunk: Buffer | string): void => {
      if (typeof chunk === 'string') return finish({ problem: 'consumed' })
      size += chunk.length
      if (size > maxBytes) return finish({ problem: 'too_large' })
      chunks.push(chunk)
    }
    // An error always comes with a close; without a listener it would end the process.
    request.on('error', () => undefined)
    request.on('data', onData).on('end', onEnd).on('close', onCut)
  })
}
