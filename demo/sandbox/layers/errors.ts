// The error codes of the Layers side, their statuses and the envelope every error is sent in.

import type { Answer } from './answer.ts'

/**
 * Documented codes first. The last three are unverified: no page says what Layers answers to a wrong method,
 * content type or size, so they follow HTTP (RFC 9110 §15.5) in the documented envelope.
 */
const STATUS_BY_CODE = {
  UNAUTHENTICATED: 401,
  FORBIDDEN_SCOPE: 403,
  RETURN_URL_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  IDEMPOTENCY_CONFLICT: 409,
  VALIDATION: 422,
  RATE_LIMITED: 429,
  KILL_SWITCH: 503,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
} as const

export type LayersErrorCode = keyof typeof STATUS_BY_CODE

/** One thing wrong with a strict body or query. The shape of an issue is unverified; only `details.issues[]` is documented. */
export interface Issue {
  readonly path: readonly string[]
  readonly code:
    'required' | 'invalid_type' | 'invalid_value' | 'unrecognized_key' | 'repeated_key' | 'invalid_json'
  readonly message: string
}

/** A refusal, to be answered in the envelope. */
export class LayersError extends Error {
  readonly code: LayersErrorCode
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: LayersErrorCode,
    message: string,
    more: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.name = 'LayersError'
    this.code = code
    this.details = more.details
    this.headers = more.headers ?? {}
  }
}

/** A 422 that lists what is wrong. */
export function createValidationError(message: string, issues: readonly Issue[]): LayersError {
  return new LayersError('VALIDATION', message, { details: { issues } })
}

/** The envelope: `details` is there only when the code has structured context. */
export function createErrorAnswer(
  status: number,
  error: { code: string; message: string; requestId: string; details?: unknown },
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { code, message, requestId, details } = error
  return {
    status,
    headers,
    body: { error: { code, message, requestId, ...(details === undefined ? {} : { details }) } },
  }
}

/** Turns a refusal into an answer. */
export function answerLayersError(error: LayersError, requestId: string): Answer {
  const { code, message, details, headers } = error
  return createErrorAnswer(STATUS_BY_CODE[code], { code, message, requestId, details }, headers)
}
