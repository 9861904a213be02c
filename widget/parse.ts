// Parsers for what comes from outside: answers of the server and messages of other windows. They return the type or throw.
import type {
  ConnectionView,
  FLOW_STATUSES,
  FlowStatus,
  FlowView,
  GitHubAccount,
  WireError,
} from '../bff/contract.ts'
import { ConnectGitHubError } from './error.ts'

type Open = { [S in FlowStatus]: (typeof FLOW_STATUSES)[S]['open'] extends true ? S : never }[FlowStatus]
/** Ends that leave no trace on screen. */
type Over = 'connected' | 'cancelled' | 'superseded'
type Told = Exclude<FlowStatus, Open | Over>

/** Of each status that is on screen: 1 moves on by itself, 2 waits for somebody else, 3 went wrong. */
const STAGES: { readonly [S in FlowStatus]?: number } = {
  starting: 1,
  waiting: 1,
  returned: 1,
  authorizing: 1,
  binding: 1,
  awaiting_approval: 2,
  conflict: 3,
  refused: 3,
  expired: 3,
  blocked: 3,
} satisfies Readonly<Record<Open, 1> & Record<Told, 2 | 3>>

type Maybe<T> = T | null | undefined

/** 0 for what is over, of a status that only a newer server knows, or not there. */
export const stageOf = (flow: Maybe<FlowView>): number => (flow && STAGES[flow.status]) ?? 0
/** True for a flow that moves on by itself. */
export const isOpen = (flow: Maybe<FlowView>): flow is FlowView & { readonly status: Open } =>
  stageOf(flow) === 1
/** True for a flow that ended with something to tell. */
export const isTold = (flow: Maybe<FlowView>): flow is FlowView & { readonly status: Told } =>
  stageOf(flow) > 1

/**
 * How the JSON of those fields has to look that would do harm or break the page if it looked otherwise; an object may
 * also be null.
 */
type Shape<T> = {
  readonly [K in keyof T]?: NonNullable<T[K]> extends readonly unknown[]
    ? RegExp
    : NonNullable<T[K]> extends object
      ? Shape<NonNullable<T[K]>>
      : RegExp
}
interface AnyShape {
  readonly [name: string]: RegExp | AnyShape
}

/** The fields of anything; of what has none, none. */
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => Object(value)

const fits = (value: unknown, shape: AnyShape): boolean =>
  Object.entries(shape).every(([name, look]) => {
    const field = fieldsOf(value)[name]
    return look instanceof RegExp ? look.test(JSON.stringify(field)) : field === null || fits(field, look)
  })

/** @throws {ConnectGitHubError} `unexpected_answer` */
export const parseAs =
  <T>(shape: AnyShape & Shape<T>) =>
  (body: unknown, httpStatus: number): T => {
    // The shape names what would do harm otherwise; the rest is taken at its word.
    // eslint-disable-next-line typescript/no-unsafe-type-assertion
    if (fits(body, shape)) return body as T
    const sentence = `No answer of a BFF (status ${httpStatus}). Is baseURL right?`
    throw new ConnectGitHubError('unexpected_answer', sentence)
  }

export const TEXT = /^"/
export const TEXT_OR_NULL = /^(null|")/
// Links are put into an <a href>: no other scheme may get there.
const LINK_OR_NULL = /^(null|"https?:\/\/)/

const account = { login: TEXT, type: /^"(Organization|User)"/ } satisfies Shape<GitHubAccount>
const flow = {
  flowId: TEXT,
  status: TEXT,
  version: /^\d/,
  reference: TEXT,
  error: TEXT_OR_NULL,
  account,
} satisfies Shape<FlowView>

export const parseFlow = parseAs<FlowView>(flow)

export const parseConnection = parseAs<ConnectionView>({
  status: /^"((not_)?connected|reconnect)"/,
  reason: /^(null|"(uninstalled|suspended|detached|unusable)")/,
  connectedAt: /^(null|"\d{4}-)/,
  manageUrl: LINK_OR_NULL,
  account,
  flow,
})

export const parseError = parseAs<WireError>({ error: { code: TEXT, message: TEXT, requestId: TEXT } })

/** The flow a message speaks of; undefined for anything but a hint: other scripts post messages too. */
export const parseHint = (data: unknown): unknown => {
  const { source, flowId } = fieldsOf(data)
  return source === 'connect-github' ? flowId : undefined
}
