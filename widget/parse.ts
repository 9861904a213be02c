// Parsers for what comes from outside: answers of the server and messages of other windows. They return the type or throw.
import type {
  ConnectionStatus,
  ConnectionView,
  ErrorCode,
  FlowHint,
  FlowMode,
  FlowStatus,
  FlowView,
  GitHubAccount,
  ReconnectReason,
} from '../bff/contract.ts'
import { ConnectGitHubError } from './error.ts'
import { english } from './messages.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

type Guard<T> = (value: unknown) => value is T

/** The named fields when each satisfies its guard; otherwise the error names the field, not its value. */
function parseShape<T extends object>(value: unknown, guards: { readonly [K in keyof T]: Guard<T[K]> }): T {
  const fields = isFields(value) ? value : {}
  const names = Object.entries<Guard<unknown>>(guards)
  for (const [name, is] of names)
    if (!is(fields[name]))
      throw new ConnectGitHubError(
        'unexpected_answer',
        `"${name}" of the answer has an unexpected value. Does baseURL point to the BFF?`,
      )
  // Each field has just passed the guard of its type; nothing else is copied.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(names.map(([name]) => [name, fields[name]])) as T
}

const isString = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const orNull =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is T | null =>
    value === null || is(value)
const oneOf =
  <T extends string>(allowed: Readonly<Record<T, unknown>>) =>
  (value: unknown): value is T =>
    isString(value) && Object.hasOwn(allowed, value)

const isFlowStatus = oneOf<FlowStatus>(english.flow)
const isReason = oneOf<ReconnectReason>(english.reconnectBecause)
const isErrorCode = oneOf<ErrorCode>(english.errors)
const isMode = oneOf<FlowMode>({ popup: 1, redirect: 1 })
const isConnectionStatus = oneOf<ConnectionStatus>({ not_connected: 1, connected: 1, reconnect: 1 })
const isAccount = (value: unknown): value is GitHubAccount =>
  isFields(value) &&
  isString(value['login']) &&
  (value['type'] === 'Organization' || value['type'] === 'User')
// The link is put into an <a href>: no other scheme may get there.
const isWebUrl = (value: unknown): value is string => isString(value) && /^https?:\/\//.test(value)

const FLOW = {
  flowId: isString,
  status: isFlowStatus,
  version: isNumber,
  mode: isMode,
  reference: isString,
  error: orNull(isErrorCode),
  account: orNull(isAccount),
  startedAt: isString,
  expiresAt: isString,
}

const CONNECTION = {
  status: isConnectionStatus,
  account: orNull(isAccount),
  reason: orNull(isReason),
  connectedAt: orNull(isString),
  checkedAt: orNull(isString),
  refreshing: isBoolean,
  manageUrl: orNull(isWebUrl),
  canConnect: isBoolean,
}

/** @throws {ConnectGitHubError} `unexpected_answer` */
export const parseFlow = (body: unknown): FlowView => parseShape<FlowView>(body, FLOW)

/** @throws {ConnectGitHubError} `unexpected_answer` */
export function parseConnection(body: unknown): ConnectionView {
  const connection = parseShape<Omit<ConnectionView, 'flow'>>(body, CONNECTION)
  const flow = isFields(body) ? body['flow'] : undefined
  return { ...connection, flow: flow === null ? null : parseFlow(flow) }
}

/** An error body; one of another shape or with an unknown code is itself an `unexpected_answer`. */
export function parseError(body: unknown, httpStatus: number): ConnectGitHubError {
  const error = isFields(body) && isFields(body['error']) ? body['error'] : {}
  const { code, message, requestId } = error
  return new ConnectGitHubError(
    isErrorCode(code) ? code : 'unexpected_answer',
    isString(message) ? message : `The server answered ${httpStatus} without a reason this widget knows.`,
    isString(requestId) ? requestId : null,
  )
}

/** Undefined for anything but a hint: other scripts post messages too. */
export function parseHint(data: unknown): FlowHint | undefined {
  if (!isFields(data) || data['source'] !== 'connect-github' || !isString(data['flowId'])) return undefined
  return { source: 'connect-github', flowId: data['flowId'] }
}
