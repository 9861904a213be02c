// One row for each thing Layers can say no with: our code for it, and the cure for the operator.
import type { ErrorCode } from '../contract.ts'
import { UpstreamError } from './upstream-error.ts'

interface UpstreamVerdict {
  readonly code: ErrorCode
  /** For the log: what the operator has to do. */
  readonly cure: string
}

/** What was asked for decides what a 422 or 404 means. */
export type UpstreamCall = 'install_url' | 'register' | 'find_binding' | 'list_repositories'

const BY_CODE: Readonly<Record<string, UpstreamVerdict>> = {
  UNAUTHENTICATED: {
    code: 'partner_key_refused',
    cure: 'Layers does not accept the partner key: check LAYERS_API_KEY, and that it was not rotated or deleted',
  },
  FORBIDDEN_SCOPE: {
    code: 'scope_missing',
    cure: 'the partner key lacks a scope: it needs github:admin, and org:admin when tenants have Layers organizations of their own',
  },
  RETURN_URL_NOT_ALLOWED: {
    code: 'return_url_not_allowed',
    cure: 'the key’s allowedReturnDomains does not list the host of PUBLIC_URL: add it in the Layers dashboard',
  },
  KILL_SWITCH: {
    code: 'kill_switch',
    cure: 'Layers suspended the key or the organization: talk to Layers; trying again does not help',
  },
  RATE_LIMITED: {
    code: 'upstream_rate_limited',
    cure: 'the partner key’s rate limit is used up; it passes by itself',
  },
  NOT_FOUND: {
    code: 'organization_unknown',
    cure: 'Layers does not know the tenant’s layersOrganization, or it belongs to somebody else: check what identify() returns',
  },
  CONFLICT: {
    code: 'already_bound',
    cure: 'another installation is bound to this Layers organization: detach it first',
  },
}

/** Layers' codes that this version knows. Others may appear. */
export const UPSTREAM_CODES: readonly string[] = [...Object.keys(BY_CODE), 'VALIDATION']

const VALIDATION: Readonly<Record<UpstreamCall, UpstreamVerdict>> = {
  install_url: {
    code: 'return_url_not_allowed',
    cure: 'Layers refused the return URL: PUBLIC_URL must be https and reachable under a host on allowedReturnDomains',
  },
  register: {
    code: 'installation_not_found',
    cure: 'Layers cannot see this installation, or did not accept the state; the customer can install again',
  },
  find_binding: {
    code: 'upstream_refused',
    cure: 'Layers refused to say what is bound; see its code and request id',
  },
  list_repositories: {
    code: 'invalid_request',
    cure: 'Layers did not accept the cursor or the search; asking for the first page again helps',
  },
}

/** @see the error tables of the two Layers pages, and its general error page for KILL_SWITCH and NOT_FOUND. */
export function judgeUpstreamError(error: UpstreamError, call: UpstreamCall): UpstreamVerdict {
  if (error.code === 'VALIDATION') return VALIDATION[call]
  const row = error.code === undefined ? undefined : BY_CODE[error.code]
  if (row !== undefined) return row
  if (error.failure === 'shape') {
    return {
      code: 'upstream_invalid',
      cure: 'Layers’ answer is not what its documentation says: check LAYERS_API_URL',
    }
  }
  if (error.isTransient)
    return { code: 'upstream_unavailable', cure: 'Layers cannot be reached; it passes by itself' }
  return {
    code: 'upstream_refused',
    cure: `Layers answered ${error.status} for a reason this version does not know: check LAYERS_API_URL and the code`,
  }
}
