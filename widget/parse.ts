// Parsers for what comes from outside: answers of the server and messages of other windows. They return the type or throw.
import type {
  ConnectionView,
  ErrorCode,
  FLOW_STATUSES,
  FlowStatus,
  FlowView,
  GitHubAccount,
} from '../bff/contract.ts'
import { ConnectGitHubError } from './error.ts'

/** Which statuses move on by themselves. Typed by the contract's table without importing its texts. */
const OPEN: { readonly [S in FlowStatus]: (typeof FLOW_STATUSES)[S]['open'] } = {
  starting: true,
  waiting: true,
  returned: true,
  authorizing: true,
  binding: true,
  connected: false,
  awaiting_approval: false,
  conflict: false,
  refused: false,
  expired: false,
  cancelled: false,
  superseded: false,
  blocked: false,
}

type OpenFlow = FlowView & {
  readonly status: {
    [S in FlowStatus]: (typeof FLOW_STATUSES)[S]['open'] extends true ? S : never
  }[FlowStatus]
}

/** True for a flow that moves on by itself. */
export const isOpen = (flow: FlowView | null | undefined): flow is OpenFlow => !!flow && OPEN[flow.status]

type Guard<T> = (value: unknown) => value is T

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => value instanceof Object
export const isString = (value: unknown): value is string => typeof value === 'string'
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isNumber = (value: unknown): value is number => typeof value === 'number'
/** A date is shown by Intl, which throws at what is none. */
const isTime = (value: unknown): value is string => isString(value) && Date.parse(value) > 0
// The link is put into an <a href>: no other scheme may get there.
export const isWebUrl = (value: unknown): value is string => isString(value) && /^https?:\/\//.test(value)
const oneOf =
  <T extends string>(table: Readonly<Record<T, unknown>>): Guard<T> =>
  (value): value is T =>
    isString(value) && Object.hasOwn(table, value)
export const orNull =
  <T>(is: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || is(value)
/** Each named field satisfies its guard. */
export const shape =
  <T>(guards: { readonly [K in keyof T]: Guard<T[K]> }): Guard<T> =>
  (value): value is T =>
    isFields(value) && Object.entries<Guard<unknown>>(guards).every(([name, is]) => is(value[name]))

/** A newer server may know more of them; what a customer is told is decided with a default. */
const isErrorCode = (value: unknown): value is ErrorCode => isString(value)
const account = orNull(shape<GitHubAccount>({ login: isString, type: oneOf({ Organization: 1, User: 1 }) }))

const isFlow = shape<FlowView>({
  flowId: isString,
  status: oneOf(OPEN),
  version: isNumber,
  mode: oneOf({ popup: 1, redirect: 1 }),
  reference: isString,
  error: orNull(isErrorCode),
  account,
  startedAt: isString,
  expiresAt: isString,
})

const isConnection = shape<ConnectionView>({
  status: oneOf({ not_connected: 1, connected: 1, reconnect: 1 }),
  account,
  reason: orNull(oneOf({ uninstalled: 1, suspended: 1, detached: 1, unusable: 1 })),
  connectedAt: orNull(isTime),
  checkedAt: orNull(isString),
  refreshing: isBoolean,
  manageUrl: orNull(isWebUrl),
  canConnect: isBoolean,
  flow: orNull(isFlow),
})

export const parseAs =
  <T>(is: Guard<T>) =>
  (body: unknown): T => {
    if (is(body)) return body
    throw new ConnectGitHubError('unexpected_answer', 'Not the answer of a BFF. Does baseURL point to it?')
  }

/** @throws {ConnectGitHubError} `unexpected_answer` */
export const parseFlow = parseAs(isFlow)

/** @throws {ConnectGitHubError} `unexpected_answer` */
export const parseConnection = parseAs(isConnection)

/** An error body; one of another shape is itself an `unexpected_answer`. */
export function parseError(body: unknown, httpStatus: number): ConnectGitHubError {
  const error = isFields(body) && isFields(body['error']) ? body['error'] : {}
  const { code, message, requestId } = error
  return new ConnectGitHubError(
    isErrorCode(code) ? code : 'unexpected_answer',
    isString(message) ? message : `Status ${httpStatus}`,
    isString(requestId) ? requestId : null,
  )
}

/** The flow a message speaks of; undefined for anything but a hint: other scripts post messages too. */
export const parseHint = (data: unknown): unknown =>
  isFields(data) && data['source'] === 'connect-github' ? data['flowId'] : undefined
