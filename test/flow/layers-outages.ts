// Ways in which a call to Layers can go wrong, one row each, with what becomes of the flow and what the log has to say.
import type { ErrorCode, FlowStatus } from '../../bff/contract.ts'

interface Ending {
  readonly status: FlowStatus
  readonly error: ErrorCode | null
  /** What the log tells the operator to do. */
  readonly cure: RegExp
}

export interface Refusal extends Ending {
  readonly title: string
  readonly answer: {
    readonly status: number
    readonly code: string
    readonly message?: string
    readonly details?: Readonly<Record<string, unknown>>
    readonly retryAfterSeconds?: number
  }
}

const MISSING = { issues: [{ path: ['state'], code: 'required', message: 'state is required.' }] }
const UNKNOWN = { issues: [{ path: ['extra'], code: 'unrecognized_key', message: 'extra is not known.' }] }
const KEY_CURE = /check LAYERS_API_KEY, and that it was not rotated or deleted/
const SCOPE_CURE = /it needs github:admin, and org:admin when tenants have Layers organizations/
const KILL_CURE = /talk to Layers; trying again does not help/
const ORGANIZATION_CURE = /check what identify\(\) returns/
const STRANGE_CURE = /check LAYERS_API_URL and the code/
const RETURN_URL_CURE = /PUBLIC_URL must be https and reachable under a host on allowedReturnDomains/
const INSTALLATION_CURE = /the customer can install again/

/** What ends a flow at once when Layers is asked for the install URL. */
export const INSTALL_URL_REFUSALS: readonly Refusal[] = [
  {
    title: '422 for the return URL',
    answer: { status: 422, code: 'VALIDATION', details: MISSING },
    status: 'blocked',
    error: 'return_url_not_allowed',
    cure: RETURN_URL_CURE,
  },
  {
    title: '401',
    answer: { status: 401, code: 'UNAUTHENTICATED' },
    status: 'blocked',
    error: 'partner_key_refused',
    cure: KEY_CURE,
  },
  {
    title: '403 for a missing scope',
    answer: { status: 403, code: 'FORBIDDEN_SCOPE' },
    status: 'blocked',
    error: 'scope_missing',
    cure: SCOPE_CURE,
  },
  {
    title: '403 for the return URL’s host',
    answer: { status: 403, code: 'RETURN_URL_NOT_ALLOWED' },
    status: 'blocked',
    error: 'return_url_not_allowed',
    cure: /allowedReturnDomains does not list the host of PUBLIC_URL: add it in the Layers dashboard/,
  },
  {
    title: '404 for the organization',
    answer: { status: 404, code: 'NOT_FOUND' },
    status: 'blocked',
    error: 'organization_unknown',
    cure: ORGANIZATION_CURE,
  },
  {
    title: '503 by the kill switch',
    answer: { status: 503, code: 'KILL_SWITCH' },
    status: 'blocked',
    error: 'kill_switch',
    cure: KILL_CURE,
  },
  {
    title: 'a code nobody knows',
    answer: { status: 418, code: 'SOMETHING_NEW' },
    status: 'blocked',
    error: 'upstream_refused',
    cure: STRANGE_CURE,
  },
]

/** What ends a flow at once when the binding is posted. */
export const BINDING_REFUSALS: readonly Refusal[] = [
  {
    title: '422 for a missing field',
    answer: { status: 422, code: 'VALIDATION', details: MISSING },
    status: 'refused',
    error: 'installation_not_found',
    cure: INSTALLATION_CURE,
  },
  {
    title: '422 for an unknown field',
    answer: { status: 422, code: 'VALIDATION', details: UNKNOWN },
    status: 'refused',
    error: 'installation_not_found',
    cure: INSTALLATION_CURE,
  },
  {
    title: '422 for an installation it cannot see',
    answer: { status: 422, code: 'VALIDATION', message: 'GitHub reports that it does not exist.' },
    status: 'refused',
    error: 'installation_not_found',
    cure: INSTALLATION_CURE,
  },
  {
    title: '401',
    answer: { status: 401, code: 'UNAUTHENTICATED' },
    status: 'blocked',
    error: 'partner_key_refused',
    cure: KEY_CURE,
  },
  {
    title: '403 for a missing scope',
    answer: { status: 403, code: 'FORBIDDEN_SCOPE' },
    status: 'blocked',
    error: 'scope_missing',
    cure: SCOPE_CURE,
  },
  {
    title: '404 for the organization',
    answer: { status: 404, code: 'NOT_FOUND' },
    status: 'blocked',
    error: 'organization_unknown',
    cure: ORGANIZATION_CURE,
  },
  {
    title: '409 for another binding',
    answer: { status: 409, code: 'CONFLICT' },
    status: 'conflict',
    error: 'already_bound',
    cure: /another installation is bound to this Layers organization: detach it first/,
  },
  {
    title: '409 for a reused idempotency key',
    answer: { status: 409, code: 'IDEMPOTENCY_CONFLICT' },
    status: 'blocked',
    error: 'upstream_refused',
    cure: STRANGE_CURE,
  },
  {
    title: '503 by the kill switch',
    answer: { status: 503, code: 'KILL_SWITCH' },
    status: 'blocked',
    error: 'kill_switch',
    cure: KILL_CURE,
  },
]

/** Answers that are not what the documentation says; each can come to any call. */
export const UNREADABLE_SHAPES = ['html', 'empty', 'truncated', 'missing_fields', 'wrong_types'] as const
