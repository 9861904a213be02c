// The latest requests to the Layers side, for whoever wants to see what a client really sent.

import type { IncomingMessage } from 'node:http'
import { BoundedMap } from './bounded-map.ts'
import type { RecordedRequest } from './records.ts'

export const DEFAULT_CAPACITY = 10_000
const LONGEST_BODY = 8_192

export interface RequestLog {
  start(request: Omit<RecordedRequest, 'body' | 'status'>): void
  /** Adds the body as soon as it has been read; what is longer than 8,192 characters is cut. */
  setBody(requestId: string, body: string): void
  setStatus(requestId: string, status: number): void
  /** Oldest first; at most as many as it has room for. */
  list(): RecordedRequest[]
}

export function createRequestLog(capacity = DEFAULT_CAPACITY): RequestLog {
  const requests = new BoundedMap<string, RecordedRequest>(capacity)

  function change(requestId: string, part: Partial<RecordedRequest>): void {
    const request = requests.get(requestId)
    if (request) requests.set(requestId, { ...request, ...part })
  }

  return {
    start: (request) => void requests.set(request.requestId, { ...request, body: '', status: null }),
    setBody: (requestId, body) => change(requestId, { body: body.slice(0, LONGEST_BODY) }),
    setStatus: (requestId, status) => change(requestId, { status }),
    list: () => [...requests.values()],
  }
}

/** Headers as a plain record: lower-case names, repeated ones joined with a comma. */
export function readHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  )
}

/** Hides keys that look live and are not the sandbox's own: somebody has mixed up two environments. */
export function maskLiveKeys(
  headers: Readonly<Record<string, string>>,
  ownKeys: ReadonlyMap<string, unknown>,
): Record<string, string> {
  const mask = (text: string) =>
    text.replaceAll(/lp_live_[\w.-]+/g, (key) => (ownKeys.has(key) ? key : 'lp_live_***'))
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, mask(value)]))
}
