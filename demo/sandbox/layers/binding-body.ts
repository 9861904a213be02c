// The strict body of POST /v1/github/installation.

import { createValidationError, type Issue } from './errors.ts'

export interface BindingBody {
  readonly installationId: number
  readonly state: string
}

/** @throws LayersError VALIDATION with one issue per missing, wrong or unknown key */
export function parseBindingBody(bodyText: string): BindingBody {
  const body = parseJson(bodyText)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse([{ path: [], code: 'invalid_type', message: 'The body must be a JSON object.' }])
  }
  const { installationId, state, ...unknown }: { installationId?: unknown; state?: unknown } = body
  const issues: Issue[] = Object.keys(unknown).map((name) => ({
    path: [name],
    code: 'unrecognized_key',
    message: `Unknown key "${name}".`,
  }))
  const isIdValid =
    typeof installationId === 'number' && Number.isSafeInteger(installationId) && installationId > 0
  if (!isIdValid) issues.push(describe('installationId', installationId, 'a positive integer'))
  const isStateValid = typeof state === 'string' && state !== ''
  if (!isStateValid) issues.push(describe('state', state, 'a string that is not empty'))
  if (!isIdValid || !isStateValid || issues.length > 0) throw refuse(issues)
  return { installationId, state }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Unverified: 422 rather than 400, as the documented error table has no 400.
    throw refuse([{ path: [], code: 'invalid_json', message: 'The body is not JSON.' }])
  }
}

function describe(name: string, value: unknown, expected: string): Issue {
  return value === undefined
    ? { path: [name], code: 'required', message: `${name} is required.` }
    : { path: [name], code: 'invalid_type', message: `${name} must be ${expected}.` }
}

function refuse(issues: readonly Issue[]) {
  return createValidationError('The body is not valid.', issues)
}
