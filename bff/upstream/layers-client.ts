// The calls to Layers that connecting needs: what each asks, with which partner key, and what its answer means.
import type { z } from 'zod'
import type { Log } from '../log.ts'
import { createLayersTransport, type RawAnswer, type SentCall } from './layers-transport.ts'
import { CircuitOpenError, type CircuitBreaker } from './circuit-breaker.ts'
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
import type { PartnerKey, PartnerKeys } from './partner-keys.ts'
import { UpstreamError } from './upstream-error.ts'

/** A whole call, answer included. The lease of a binding job is longer. */
export const CALL_TIMEOUT_MS = 10_000
/** A hundred repositories with long names take more than the other answers. */
const MAX_PAGE_BYTES = 256 * 1024

/** Which partner key began a flow; see {@link OfferedInstallUrl}. Null, or left out, for the current one. */
interface KeyChoice {
  readonly partnerKey?: string | null
}

export type OfferedInstallUrl = InstallUrlAnswer & {
  /** Fingerprint of the key that the URL was made with: what follows is asked with the same one, while it is there. */
  readonly partnerKey: string
}

const CURE_ALONE =
  'Layers does not accept the partner key: check LAYERS_API_KEY, and that it was not rotated or deleted'
const CURES = {
  current:
    'Layers does not accept LAYERS_API_KEY, so LAYERS_API_KEY_PREVIOUS was tried: put a key there that Layers knows, before the previous one ends',
  previous:
    'Layers no longer accepts LAYERS_API_KEY_PREVIOUS, so LAYERS_API_KEY was tried: remove the previous key from the configuration',
} as const

/** The part of the Layers API that connecting needs. Every method throws {@link UpstreamError}. */
export interface LayersClient {
  /** A one-time install URL. Costs write budget: call it for a click, never for a page view. */
  getInstallUrl(request: {
    readonly organization: string | null
    readonly returnUrl: string
    readonly state: string
  }): Promise<OfferedInstallUrl>
  /**
   * Records the binding. Repeating it with the same id changes nothing, so no `Idempotency-Key` is sent: under one, Layers
   * would repeat a stored failure for a day.
   */
  registerInstallation(
    request: KeyChoice & {
      readonly organization: string | null
      readonly installationId: number
      readonly state: string
    },
  ): Promise<BindingAnswer>
  /** What is bound now; undefined when nothing is. */
  findBinding(
    request: KeyChoice & { readonly organization: string | null },
  ): Promise<BindingAnswer | undefined>
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

interface Call<Answer> extends KeyChoice, SentCall {
  readonly answer: z.ZodType<Answer>
}

/** An answer, and the key it was given to. */
interface Answered<Answer> {
  readonly answer: Answer
  readonly key: PartnerKey
}

export function createLayersClient(options: {
  readonly baseUrl: URL
  readonly keys: Pick<PartnerKeys, 'inOrder'>
  /** Every call passes it. */
  readonly breaker: Pick<CircuitBreaker, 'run'>
  readonly log: Pick<Log, 'security'>
  readonly now?: () => number
  readonly timeoutMs?: number
}): LayersClient {
  const { baseUrl, keys, breaker, log, now = Date.now, timeoutMs = CALL_TIMEOUT_MS } = options
  const transport = createLayersTransport({ baseUrl, timeoutMs })

  async function requestWith<Answer>(
    call: Call<Answer>,
    key: PartnerKey,
    signal: AbortSignal,
  ): Promise<Answered<Answer>> {
    const raw = await transport.send(call, key.secret, signal)
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
    return { answer: parsed.data, key }
  }

  async function passBreaker<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await breaker.run(call)
    } catch (error) {
      if (!(error instanceof CircuitOpenError)) throw error
      const { retryAfterMs, openForMs: downForMs } = error
      throw new UpstreamError('circuit', 'Layers is down, so it was not called', { retryAfterMs, downForMs })
    }
  }

  /** A key that Layers refuses has done nothing, so the other one may try: once, within the same time. */
  async function requestAnswered<Answer>(call: Call<Answer>): Promise<Answered<Answer>> {
    const [first, other] = keys.inOrder(call.partnerKey ?? null)
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return await passBreaker(() => requestWith(call, first, signal))
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.status !== 401) throw error
      log.security('partner_key_refused', {
        reason: first.role,
        upstreamRequestId: error.requestId,
        ...(error.code === undefined ? {} : { code: error.code }),
        detail: other === undefined ? CURE_ALONE : CURES[first.role],
      })
      if (other === undefined) throw error
      return await passBreaker(() => requestWith(call, other, signal))
    }
  }

  async function request<Answer>(call: Call<Answer>): Promise<Answer> {
    return (await requestAnswered(call)).answer
  }

  return {
    async getInstallUrl({ organization, returnUrl, state }) {
      const { answer, key } = await requestAnswered({
        method: 'GET',
        path: `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl, state }).toString()}`,
        organization,
        answer: installUrlAnswer,
      })
      return { ...answer, partnerKey: key.fingerprint }
    },

    registerInstallation: ({ organization, partnerKey = null, installationId, state }) =>
      request({
        method: 'POST',
        path: '/v1/github/installation',
        organization,
        partnerKey,
        // The body is strict upstream: exactly these two keys.
        body: JSON.stringify({ installationId, state }),
        answer: bindingAnswer,
      }),

    async findBinding({ organization, partnerKey = null }) {
      try {
        return await request({
          method: 'GET',
          path: '/v1/github/installation',
          organization,
          partnerKey,
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

    close: () => transport.close(),
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
