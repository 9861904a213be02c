// The only file that talks to Layers and the only one that uses the partner key: in the Authorization header of one
// fixed origin, with limits on time and size, and without following redirects.
import { errors, Pool } from 'undici'
import type { z } from 'zod'
import type { Secret } from '../secret.ts'
import {
  bindingAnswer,
  errorAnswer,
  installUrlAnswer,
  parseRetryAfterMs,
  repositoriesAnswer,
  type BindingAnswer,
  type InstallUrlAnswer,
  type RepositoriesAnswer,
} from './parse-answers.ts'
import { UpstreamError } from './upstream-error.ts'

/** A whole call, answer included. The lease of a binding job is longer. */
export const CALL_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 2_000
const MAX_ANSWER_BYTES = 64 * 1024
/** A hundred repositories with long names take more than the other answers. */
const MAX_PAGE_BYTES = 256 * 1024
const MAX_CONNECTIONS = 32

/** The part of the Layers API that connecting needs. Every method throws {@link UpstreamError}. */
export interface LayersClient {
  /** A one-time install URL. Costs write budget: call it for a click, never for a page view. */
  getInstallUrl(request: {
    readonly organization: string | null
    readonly returnUrl: string
    readonly state: string
  }): Promise<InstallUrlAnswer>
  /**
   * Records the binding. Repeating it with the same id changes nothing, so no `Idempotency-Key` is sent: under one, Layers
   * would repeat a stored failure for a day.
   */
  registerInstallation(request: {
    readonly organization: string | null
    readonly installationId: number
    readonly state: string
  }): Promise<BindingAnswer>
  /** What is bound now; undefined when nothing is. */
  findBinding(request: { readonly organization: string | null }): Promise<BindingAnswer | undefined>
  /** A page of what the bound installation can see. Fails with `NOT_FOUND` or `VALIDATION` when there is none, or it cannot be used. */
  listRepositories(request: {
    readonly organization: string | null
    /** Of the page before; undefined for the first. */
    readonly cursor: string | undefined
    /** Part of the full name, in any case; empty for all. */
    readonly search: string
    /** 1–200 */
    readonly limit: number
  }): Promise<RepositoriesAnswer>
  close(): Promise<void>
}

interface Call<Answer> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly organization: string | null
  readonly answer: z.ZodType<Answer>
  readonly body?: string
  /** Default {@link MAX_ANSWER_BYTES}. */
  readonly maxBytes?: number
}

interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export function createLayersClient(options: {
  readonly baseUrl: URL
  readonly key: Secret
  readonly now?: () => number
  readonly timeoutMs?: number
}): LayersClient {
  const { baseUrl, key, now = Date.now, timeoutMs = CALL_TIMEOUT_MS } = options
  const basePath = baseUrl.pathname.replace(/\/+$/, '')
  const pool = new Pool(baseUrl.origin, {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // The widest limit of all calls; send() holds each to its own.
    maxResponseSize: MAX_PAGE_BYTES,
  })

  async function send<Answer>(call: Call<Answer>): Promise<RawAnswer> {
    const signal = AbortSignal.timeout(timeoutMs)
    const { maxBytes = MAX_ANSWER_BYTES } = call
    try {
      const response = await pool.request({
        method: call.method,
        path: basePath + call.path,
        headers: {
          authorization: key.reveal((value) => `Bearer ${value}`),
          accept: 'application/json',
          // Compressed answers could unpack to any size; ours are small.
          'accept-encoding': 'identity',
          'user-agent': 'connect-github-bff',
          ...(call.organization === null ? {} : { 'x-layers-organization': call.organization }),
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: call.body ?? null,
        signal,
      })
      const text = await response.body.text()
      if (Buffer.byteLength(text) > maxBytes) throw new errors.ResponseExceededMaxSizeError()
      return { status: response.statusCode, headers: response.headers, text }
    } catch (cause) {
      if (signal.aborted)
        throw new UpstreamError('timeout', `Layers did not answer within ${timeoutMs} ms`, { cause })
      if (cause instanceof errors.ResponseExceededMaxSizeError)
        throw new UpstreamError('shape', `Layers answered with more than ${maxBytes} bytes`, {
          cause,
        })
      throw new UpstreamError('network', 'Layers could not be reached, or cut its answer short', { cause })
    }
  }

  async function request<Answer>(call: Call<Answer>): Promise<Answer> {
    const raw = await send(call)
    const requestId = requestIdOf(raw)
    if (raw.status < 200 || raw.status > 299) throw toStatusError(raw, requestId, now())
    const parsed = call.answer.safeParse(parseJson(raw))
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => issue.path.join('.') || '(not JSON)').join(', ')
      throw new UpstreamError('shape', `Layers answered ${raw.status} without a readable ${fields}`, {
        status: raw.status,
        requestId,
      })
    }
    return parsed.data
  }

  return {
    getInstallUrl: ({ organization, returnUrl, state }) =>
      request({
        method: 'GET',
        path: `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl, state }).toString()}`,
        organization,
        answer: installUrlAnswer,
      }),

    registerInstallation: ({ organization, installationId, state }) =>
      request({
        method: 'POST',
        path: '/v1/github/installation',
        organization,
        // The body is strict upstream: exactly these two keys.
        body: JSON.stringify({ installationId, state }),
        answer: bindingAnswer,
      }),

    async findBinding({ organization }) {
      try {
        return await request({
          method: 'GET',
          path: '/v1/github/installation',
          organization,
          answer: bindingAnswer,
        })
      } catch (error) {
        if (error instanceof UpstreamError && error.status === 404 && error.code === 'NOT_FOUND')
          return undefined
        throw error
      }
    },

    listRepositories({ organization, cursor, search, limit }) {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(search === '' ? {} : { search }),
        ...(cursor === undefined ? {} : { cursor }),
      })
      return request({
        method: 'GET',
        path: `/v1/github/repos?${query.toString()}`,
        organization,
        answer: repositoriesAnswer,
        maxBytes: MAX_PAGE_BYTES,
      })
    },

    close: () => pool.destroy(),
  }
}

/** Undefined for anything that is not JSON; the schema then refuses it. */
function parseJson(raw: RawAnswer): unknown {
  if (raw.headers['content-encoding'] !== undefined) return undefined
  if (!/^application\/json\b/i.test(String(raw.headers['content-type'] ?? ''))) return undefined
  try {
    return JSON.parse(raw.text)
  } catch {
    return undefined
  }
}

function requestIdOf(raw: RawAnswer): string | undefined {
  const value = raw.headers['x-request-id']
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,100}$/.test(value) ? value : undefined
}

/** Redirects land here too: following one would hand the body, with its state, to another host. */
function toStatusError(raw: RawAnswer, requestId: string | undefined, now: number): UpstreamError {
  const parsed = errorAnswer.safeParse(parseJson(raw))
  const retryAfter = raw.headers['retry-after']
  return new UpstreamError('status', `Layers answered ${raw.status}`, {
    status: raw.status,
    code: parsed.success ? parsed.data.error.code : undefined,
    requestId: (parsed.success ? parsed.data.error.requestId : undefined) ?? requestId,
    retryAfterMs: parseRetryAfterMs(typeof retryAfter === 'string' ? retryAfter : undefined, now),
  })
}
