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

function parseFields(value: unknown, name: string): Fields {
  if (isFields(value)) return value
  throw new ConnectGitHubError(
    'unexpected_answer',
    `${name} is not an object. Does baseURL point to the BFF?`,
  )
}

/** The field, when its value satisfies `is`; otherwise the error names the field, not the value. */
function parseField<T>(fields: Fields, name: string, is: (value: unknown) => value is T): T {
  const value = fields[name]
  if (is(value)) return value
  throw new ConnectGitHubError('unexpected_answer', `"${name}" of the answer has an unexpected value.`)
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

/** @throws {ConnectGitHubError} `unexpected_answer` */
export function parseFlow(body: unknown): FlowView {
  const fields = parseFields(body, 'The flow')
  return {
    flowId: parseField(fields, 'flowId', isString),
    status: parseField(fields, 'status', isFlowStatus),
    version: parseField(fields, 'version', isNumber),
    mode: parseField(fields, 'mode', isMode),
    error: parseField(fields, 'error', orNull(isErrorCode)),
    account: parseField(fields, 'account', orNull(isAccount)),
    startedAt: parseField(fields, 'startedAt', isString),
    expiresAt: parseField(fields, 'expiresAt', isString),
  }
}

/** @throws {ConnectGitHubError} `unexpected_answer` */
export function parseConnection(body: unknown): ConnectionView {
  const fields = parseFields(body, 'The connection')
  return {
    status: parseField(fields, 'status', isConnectionStatus),
    account: parseField(fields, 'account', orNull(isAccount)),
    reason: parseField(fields, 'reason', orNull(isReason)),
    connectedAt: parseField(fields, 'connectedAt', orNull(isString)),
    checkedAt: parseField(fields, 'checkedAt', orNull(isString)),
    refreshing: parseField(fields, 'refreshing', isBoolean),
    manageUrl: parseField(fields, 'manageUrl', orNull(isWebUrl)),
    canConnect: parseField(fields, 'canConnect', isBoolean),
    flow: fields['flow'] === null ? null : parseFlow(fields['flow']),
  }
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
