// The only way to GitHub's servers: two fixed origins, a fixed list of headers, limits on time and size, JSON only, and no redirects.
import { errors, Pool } from 'undici'
import { GitHubError } from './github-error.ts'

/** One call, answer included. */
export const GITHUB_CALL_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 2_000
const MAX_CONNECTIONS = 16

/**
 * The largest answer is a page of 100 installations. One of them, with an account, every permission and every event there is, stays
 * below 7 kB, so a megabyte is enough for a page that is real and little for one that is not.
 */
const MAX_ANSWER_BYTES = 1024 * 1024

/** What Octokit hands to a fetch, as far as it matters here. */
interface FetchOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

type GitHubFetch = (url: string, options?: FetchOptions) => Promise<Response>

export interface GitHubTransport {
  /** A fetch whose calls end when `signal` aborts. It throws {@link GitHubError} and nothing else. */
  fetchUntil(signal: AbortSignal): GitHubFetch
  close(): Promise<void>
}

/** Headers of an answer that somebody reads; the others have no way in. */
const READ_HEADERS = [
  'content-type',
  'date',
  'link',
  'retry-after',
  'x-github-sso',
  'x-ratelimit-remaining',
] as const

/** Statuses that RFC 9110 gives no body, and that the Response constructor takes none for. */
const BODILESS = new Set([204, 205, 304])

interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** @param options.origins the only ones that are ever asked: GitHub's pages, and its API. */
export function createGitHubTransport(options: {
  readonly origins: readonly string[]
  readonly timeoutMs?: number
}): GitHubTransport {
  const { timeoutMs = GITHUB_CALL_TIMEOUT_MS } = options
  const pools = new Map(
    [...new Set(options.origins)].map((origin) => [
      origin,
      new Pool(origin, {
        connections: MAX_CONNECTIONS,
        connect: { timeout: CONNECT_TIMEOUT_MS },
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        maxResponseSize: MAX_ANSWER_BYTES,
      }),
    ]),
  )

  async function send(url: URL, request: FetchOptions, until: AbortSignal): Promise<RawAnswer> {
    const pool = pools.get(url.origin)
    if (pool === undefined) throw new GitHubError('redirect')
    const signal = AbortSignal.any([until, AbortSignal.timeout(timeoutMs)])
    try {
      const response = await pool.request({
        method: request.method === 'POST' || request.method === 'DELETE' ? request.method : 'GET',
        path: url.pathname + url.search,
        headers: headersFor(request.headers ?? {}),
        body: typeof request.body === 'string' ? request.body : null,
        signal,
      })
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
    } catch (error) {
      if (signal.aborted || isTimeout(error)) throw new GitHubError('timeout')
      if (error instanceof errors.ResponseExceededMaxSizeError) throw new GitHubError('shape')
      throw new GitHubError('network', { code: codeOf(error) })
    }
  }

  /** Reading again changes nothing, so a GET may be sent twice; a code is good for one exchange, so nothing else may. */
  async function sendTwice(url: URL, request: FetchOptions, until: AbortSignal): Promise<RawAnswer> {
    if (request.method !== 'GET') return send(url, request, until)
    try {
      const answer = await send(url, request, until)
      return answer.status < 500 ? answer : await send(url, request, until)
    } catch (error) {
      if (error instanceof GitHubError && error.failure === 'network') return send(url, request, until)
      throw error
    }
  }

  return {
    fetchUntil: (signal) => async (url, request) =>
      toResponse(await sendTwice(new URL(url), request ?? {}, signal)),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function headersFor(given: Readonly<Record<string, string>>): Record<string, string> {
  return {
    accept: 'application/json',
    // Compressed answers could unpack to any size; ours are small.
    'accept-encoding': 'identity',
    'user-agent': 'connect-github-bff',
    // https://docs.github.com/en/rest/about-the-rest-api/api-versions
    'x-github-api-version': '2022-11-28',
    ...(given['authorization'] === undefined ? {} : { authorization: given['authorization'] }),
    ...(given['content-type'] === undefined ? {} : { 'content-type': given['content-type'] }),
  }
}

function toResponse({ status, headers, text }: RawAnswer): Response {
  if (status >= 300 && status < 400) throw new GitHubError('redirect', { status })
  // Responses have no other statuses; nor does HTTP, as a last answer.
  if (status < 200 || status > 599) throw new GitHubError('shape', { status })
  const kept = READ_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  if (BODILESS.has(status)) return new Response(null, { status, headers: kept })
  const isJson =
    headers['content-encoding'] === undefined &&
    /^application\/json\b/i.test(String(headers['content-type'] ?? ''))
  if (isJson) return new Response(text, { status, headers: kept })
  if (status < 400) throw new GitHubError('shape', { status })
  // What a proxy says about an error is HTML; the status is enough.
  return new Response(null, { status, headers: kept.filter(([name]) => name !== 'content-type') })
}

/** Undici's own clocks may be first to notice. */
function isTimeout(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : undefined
}
