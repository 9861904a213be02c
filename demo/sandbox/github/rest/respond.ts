// The order in which GitHub's API looks at a request: user agent, rate limit, path, caller, handler.

import type { GithubFault } from '../../faults.ts'
import type { World } from '../../world.ts'
import { answerTokenRequest, TOKEN_PATH } from '../oauth/token-endpoint.ts'
import { answerRestError, createErrorAnswer, RestError, type RestAnswer } from './answers.ts'
import { createExhaustedHeaders } from './rate-budget.ts'
import { findRestRoute } from './routes.ts'

export interface ApiRequest {
  readonly githubUrl: string
  readonly method: string
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly bodyText: string
}

const RATE_LIMIT_DOCS = '/using-the-rest-api/rate-limits-for-the-rest-api'

/** Handles a request completely; every refusal becomes an answer. */
export async function respondToApi(world: World, request: ApiRequest): Promise<RestAnswer> {
  const { method, path, headers } = request
  if (path === TOKEN_PATH) return answerTokenRequest(world, request)
  // https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent-required
  if ((headers['user-agent'] ?? '') === '') {
    return createErrorAnswer(403, 'Request forbidden by administrative rules. Send a User-Agent header.')
  }
  const charge = world.rateBudget.charge(headers['authorization'] ?? '')
  if (charge.isExceeded) return answerRateLimit('primary', 403, world.clock.now())
  try {
    const found = findRestRoute(method, path)
    if (!found) throw new RestError(404, 'Not Found')
    const { route, pathParameters } = found
    const answer = await route.handle({ ...request, world, pathParameters })
    return { ...answer, headers: { ...charge.headers, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof RestError)) throw error
    const answer = answerRestError(error)
    return { ...answer, headers: { ...charge.headers, ...answer.headers } }
  }
}

/** The answer that the scenarios `fail_next` and `rate_limit_next` asked for. */
export function answerFault(
  fault: Extract<GithubFault, { kind: 'fail' | 'rate_limit' }>,
  now: number,
): RestAnswer {
  if (fault.kind === 'rate_limit') return answerRateLimit(fault.limit, fault.status, now)
  const { status, message, retryAfterSeconds } = fault
  return createErrorAnswer(status, message, {
    headers: retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) },
  })
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function answerRateLimit(limit: 'primary' | 'secondary', status: 403 | 429, now: number): RestAnswer {
  return limit === 'primary'
    ? createErrorAnswer(status, 'API rate limit exceeded for this user.', {
        docsPath: RATE_LIMIT_DOCS,
        headers: createExhaustedHeaders(now),
      })
    : createErrorAnswer(
        status,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        { docsPath: `${RATE_LIMIT_DOCS}#about-secondary-rate-limits`, headers: { 'Retry-After': '60' } },
      )
}
