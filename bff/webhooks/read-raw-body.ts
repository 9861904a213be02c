// Reads the bytes of a body as they were sent, with limits on size, time, and how many are read at once.
import type { IncomingMessage } from 'node:http'

/**
 * Why there are no bytes. `consumed`: somebody has read the body before us. `busy`: as many as may be are being read; `address_busy`: of
 * this address.
 */
export type BodyProblem = 'consumed' | 'too_large' | 'too_slow' | 'cut' | 'busy' | 'address_busy'

export type RawBody = { readonly bytes: Buffer } | { readonly problem: BodyProblem }

export interface BodyLimits {
  readonly maxBytes: number
  /** For the whole body, from now on. */
  readonly timeoutMs: number
  /** Bodies that are read at the same time, in this process. */
  readonly maxAtOnce: number
  /** Of these, how many may be of one address, so that a single slow sender leaves places to the others. */
  readonly maxAtOncePerAddress: number
}

/** The address of each body that is being read. Of the process, like the memory that this protects: several BFFs in it share both. */
const reading: string[] = []

/** @param address whom the body counts for. */
export async function readRawBody(
  request: IncomingMessage,
  address: string,
  limits: BodyLimits,
): Promise<RawBody> {
  if (request.readableDidRead || request.readableEnded) return { problem: 'consumed' }
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) return { problem: 'too_large' }
  const ofAddress = reading.filter((other) => other === address).length
  if (ofAddress >= limits.maxAtOncePerAddress) return { problem: 'address_busy' }
  if (reading.length >= limits.maxAtOnce) return { problem: 'busy' }
  reading.push(address)
  try {
    return await collect(request, limits)
  } finally {
    reading.splice(reading.indexOf(address), 1)
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
