// Reads a small JSON body from the socket, or from where the host's own parser put it.
import type { IncomingMessage } from 'node:http'
import { ConnectError } from '../errors.ts'

const MAX_BODY_BYTES = 4096
/** Objects and lists within each other. Ours have one. */
const MAX_DEPTH = 3

/**
 * The parsed body, still unknown. An empty body is `{}`.
 *
 * @throws ConnectError `unsupported_media_type`, `payload_too_large` or `invalid_request`.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  checkMediaType(request)
  const parsedByHost = findParsedBody(request)
  const body = parsedByHost === undefined ? parse(await readText(request)) : parsedByHost
  checkDepth(body)
  return body
}

function parse(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConnectError('invalid_request', { cause, detail: 'the body is not JSON' })
  }
}

/** Level by level, because what a host's parser has read may be nested deeper than functions can call themselves. */
function checkDepth(body: unknown): void {
  let level = [body].filter(isNested)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_DEPTH)
      throw new ConnectError('invalid_request', { detail: `a body is nested ${MAX_DEPTH} times at most` })
    level = level.flatMap((value): unknown[] => Object.values(value)).filter(isNested)
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function checkMediaType(request: IncomingMessage): void {
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(request.headers['content-type'] ?? '')) {
    throw new ConnectError('unsupported_media_type')
  }
}

/** Express' and Next.js' body parsers drain the socket before us and leave the result on the request. */
function findParsedBody(request: IncomingMessage): unknown {
  const body: unknown = 'body' in request ? request.body : undefined
  if (body === undefined || !request.readableEnded) return undefined
  if (lengthOf(body) > MAX_BODY_BYTES) throw new ConnectError('payload_too_large')
  return body
}

function lengthOf(body: unknown): number {
  try {
    return JSON.stringify(body).length
  } catch (cause) {
    // Nested too deep for it, or nothing that came as JSON.
    throw new ConnectError('invalid_request', {
      cause,
      detail: 'the body that the host has parsed is no JSON of ours',
    })
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
    throw new ConnectError('payload_too_large')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of withoutAborts(request)) {
    if (!Buffer.isBuffer(chunk))
      throw new ConnectError('invalid_request', { detail: 'the body was read as text before' })
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new ConnectError('payload_too_large')
    chunks.push(chunk)
  }
  return decodeUtf8(Buffer.concat(chunks))
}

/** A browser that leaves in mid-upload is not a failure of ours. */
async function* withoutAborts(request: IncomingMessage): AsyncGenerator {
  try {
    yield* request
  } catch (cause) {
    throw new ConnectError('invalid_request', { cause, detail: 'the request was cut off' })
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ConnectError('invalid_request', { cause, detail: 'the body is not UTF-8' })
  }
}
