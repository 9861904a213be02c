// What a call to GitHub's REST API is given and returns, and how GitHub words its refusals.

import type { PersonLogin } from '../catalogue.ts'
import type { AppName } from '../../options.ts'
import type { World } from '../../world.ts'

/** An answer before it becomes bytes. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `null`: no content. */
  readonly body: object | null
}

export interface RestCall {
  readonly world: World
  /** Where the GitHub side listens, without a trailing slash. */
  readonly githubUrl: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Path of this request, and its query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly bodyText: string
  /** What the placeholders of the path stand for, in order, decoded. */
  readonly pathParameters: readonly string[]
}

/** A call with a user access token. */
export interface UserCall extends RestCall {
  readonly app: AppName
  readonly person: PersonLogin
}

/** A call by an App itself. */
export interface AppCall extends RestCall {
  readonly app: AppName
}

/** Pages are below https://docs.github.com/rest. */
const DOCS = 'https://docs.github.com/rest'

/** A refusal, to be answered in GitHub's form. */
export class RestError extends Error {
  readonly status: number
  readonly docsPath: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    message: string,
    { docsPath = '', details = {} }: { docsPath?: string; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message)
    this.name = 'RestError'
    this.status = status
    this.docsPath = docsPath
    this.details = details
  }
}

export function answerRestError({ status, message, docsPath, details }: RestError): RestAnswer {
  return createErrorAnswer(status, message, { docsPath, details })
}

export function createErrorAnswer(
  status: number,
  message: string,
  {
    docsPath = '',
    details = {},
    headers = {},
  }: {
    docsPath?: string
    details?: Readonly<Record<string, unknown>>
    headers?: Readonly<Record<string, string>>
  } = {},
): RestAnswer {
  // The status is repeated in the body, as text.
  const body = { message, ...details, documentation_url: `${DOCS}${docsPath}`, status: String(status) }
  return { status, headers, body }
}

export function answerOk(body: object, headers: RestAnswer['headers'] = {}): RestAnswer {
  return { status: 200, headers, body }
}
