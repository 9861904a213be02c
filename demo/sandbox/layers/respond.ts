// The order in which the Layers side looks at a request: key, kill switch, path, budget, scope, organization, handler.

import type { Fault } from '../faults.ts'
import type { World } from '../world.ts'
import type { Answer } from './answer.ts'
import { authenticate, checkKillSwitch, checkScope, findActingOrganization } from './authenticate.ts'
import { answerLayersError, createErrorAnswer, LayersError } from './errors.ts'
import { checkRouteExists, findRoute, getEndpointClass } from './routes.ts'

export interface ReceivedRequest {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** `null` when the body was too large to keep. */
  readonly body: string | null
}

/** Handles a request completely; every refusal becomes an answer. */
export function respond(world: World, githubUrl: string, request: ReceivedRequest): Answer {
  let budgetHeaders: Record<string, string> = {}
  try {
    const key = authenticate(world, request.headers)
    checkKillSwitch(world, key)
    // Counted before it is known whether the request is any good: a client that sends bad ones runs out as well.
    const endpointClass = getEndpointClass(request.method, request.path)
    budgetHeaders = world.rateLimits.charge(key.key, key.tier ?? 'standard', endpointClass)
    checkRouteExists(request.method, request.path)
    const route = findRoute(request.method, request.path)
    if (!route) throw new Error('checkRouteExists let an unknown route through')
    if (route.scope !== null) checkScope(key, route.scope)
    const organization = findActingOrganization(world, key, request.headers)
    if (request.body === null) throw new LayersError('PAYLOAD_TOO_LARGE', 'The body is too large.')
    const { requestId, headers, query, body: bodyText } = request
    const answer = route.handle({ world, requestId, key, organization, headers, query, bodyText, githubUrl })
    return { ...answer, headers: { ...budgetHeaders, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof LayersError)) throw error
    const answer = answerLayersError(error, request.requestId)
    return { ...answer, headers: { ...budgetHeaders, ...answer.headers } }
  }
}

/** The answer that the scenario `fail_next` asked for. */
export function answerFailure(fault: Extract<Fault, { kind: 'fail' }>, requestId: string): Answer {
  const { status, code, message, retryAfterSeconds, details } = fault
  return createErrorAnswer(
    status,
    { code, message, requestId, details: details ?? undefined },
    retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) },
  )
}
