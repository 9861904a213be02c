// A case for each error code of the wire, where a customer meets it.
import type { ErrorCode } from '../../bff/contract.ts'
import type { ConnectGitHubState } from '../../widget/index.ts'
import { notConnected, withFlow } from './answers.ts'
import type { Case } from './case.ts'

/** Ends of a flow that have a state of the same name. */
type End = 'refused' | 'expired' | 'conflict' | 'blocked'

/** How a flow ends with the code, or that the start or the first load is refused with it. A code without a place does not compile. */
const PLACES: Readonly<Record<ErrorCode, End | 'start' | 'load'>> = {
  invalid_request: 'start',
  session_required: 'start',
  forbidden: 'load',
  request_not_trusted: 'start',
  not_found: 'load',
  method_not_allowed: 'load',
  payload_too_large: 'start',
  unsupported_media_type: 'start',
  rate_limited: 'start',
  internal: 'start',
  identity_unavailable: 'load',
  storage_unavailable: 'load',
  shutting_down: 'start',
  return_unknown: 'refused',
  return_other_browser: 'refused',
  return_malformed: 'refused',
  state_replayed: 'refused',
  missing_installation: 'refused',
  session_mismatch: 'refused',
  flow_expired: 'expired',
  flow_superseded: 'refused',
  flow_cancelled: 'refused',
  installation_not_found: 'refused',
  installation_unusable: 'refused',
  already_bound: 'conflict',
  installation_in_use: 'conflict',
  account_mismatch: 'refused',
  ownership_not_proved: 'refused',
  ownership_declined: 'refused',
  ownership_unavailable: 'refused',
  ownership_sign_on: 'refused',
  not_connected: 'refused',
  partner_key_refused: 'blocked',
  scope_missing: 'blocked',
  return_url_not_allowed: 'blocked',
  organization_unknown: 'blocked',
  install_url_refused: 'start',
  ownership_misconfigured: 'blocked',
  kill_switch: 'start',
  upstream_refused: 'blocked',
  upstream_invalid: 'refused',
  upstream_rate_limited: 'start',
  upstream_unavailable: 'start',
}

/** Of several codes with the same looks, the one whose look is kept. */
const LOOKS: readonly ErrorCode[] = [
  'rate_limited',
  'session_mismatch',
  'flow_expired',
  'installation_in_use',
  'ownership_sign_on',
  'partner_key_refused',
  'kill_switch',
]

const STATUSES: Readonly<Partial<Record<ErrorCode, ConnectGitHubState['status']>>> = {
  session_required: 'session_required',
  forbidden: 'view_only',
}

function caseOf(code: ErrorCode): Case {
  const place = PLACES[code]
  const common = { name: `error-${code.replaceAll('_', '-')}`, isTextOnly: !LOOKS.includes(code) }
  const refusal = { refusal: code }
  const ready = { body: notConnected }
  if (place === 'load')
    return { ...common, status: STATUSES[code] ?? 'failed', answers: { connection: refusal } }
  if (place === 'start')
    return {
      ...common,
      status: STATUSES[code] ?? 'failed',
      answers: { connection: ready, start: refusal },
      presses: ['connect'],
    }
  return {
    ...common,
    status: place,
    answers: { connection: { body: withFlow({ status: place, error: code }) } },
  }
}

// The keys of a record that is typed by them.
// eslint-disable-next-line typescript/no-unsafe-type-assertion
export const errorCases: readonly Case[] = (Object.keys(PLACES) as ErrorCode[]).map(caseOf)
