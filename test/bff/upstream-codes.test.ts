// What each failure of a call to Layers means: whether it may have taken effect, whether it passes, our code for it, and the cure.
import { describe, expect, it } from 'vitest'
import { judgeUpstreamError, UPSTREAM_CODES, type UpstreamCall } from '../../bff/upstream/upstream-codes.ts'
import { UpstreamError, type UpstreamFailure } from '../../bff/upstream/upstream-error.ts'

const refused = (status: number, code?: string): UpstreamError =>
  new UpstreamError('status', `Layers answered ${status}`, { status, code })

describe('a failure', () => {
  const NO = { isOutcomeUnknown: false, isOutage: false, isTransient: false }
  const PASSES = { ...NO, isTransient: true }
  const DOWN = { isOutcomeUnknown: true, isOutage: true, isTransient: true }

  it.each<[string, UpstreamError, typeof NO]>([
    ['no connection', new UpstreamError('network', 'refused'), DOWN],
    ['no answer', new UpstreamError('timeout', 'silent'), DOWN],
    ['500', refused(500), DOWN],
    ['500 with a code', refused(500, 'INTERNAL'), DOWN],
    ['503', refused(503, 'UNAVAILABLE'), DOWN],
    [
      'an answer that cannot be read',
      new UpstreamError('shape', 'html', { status: 200 }),
      { ...DOWN, isOutage: false },
    ],
    ['an unreadable 502', new UpstreamError('shape', 'html', { status: 502 }), DOWN],
    [
      'no call at all',
      new UpstreamError('circuit', 'left alone', { status: 503 }),
      { ...PASSES, isOutage: true },
    ],
    ['429', refused(429, 'RATE_LIMITED'), PASSES],
    ['a switched-off key', refused(503, 'KILL_SWITCH'), NO],
    ['499', refused(499), NO],
    ['409', refused(409, 'CONFLICT'), NO],
    ['401', refused(401, 'UNAUTHENTICATED'), NO],
    ['a refusal without a status', new UpstreamError('status', 'odd'), NO],
  ])('%s', (_, error, expected) => {
    const { isOutcomeUnknown, isOutage, isTransient } = error
    expect({ isOutcomeUnknown, isOutage, isTransient }).toEqual(expected)
  })

  it('keeps what Layers said, and why there was no answer', () => {
    const cause = new Error('reset')
    const said = { status: 429, code: 'RATE_LIMITED', requestId: 'req_1', retryAfterMs: 5, downForMs: 7 }
    const error = new UpstreamError('status', 'Layers answered 429', { ...said, cause })
    expect(error).toMatchObject({ name: 'UpstreamError', message: 'Layers answered 429', cause, ...said })
    expect(error.failure).toBe('status')
  })
})

describe('an answer', () => {
  const CALLS: readonly UpstreamCall[] = ['install_url', 'register', 'find_binding', 'list_repositories']

  it.each<[string, string, RegExp]>([
    ['UNAUTHENTICATED', 'partner_key_refused', /check LAYERS_API_KEY, and that it was not rotated/],
    ['FORBIDDEN_SCOPE', 'scope_missing', /needs github:admin, and org:admin when/],
    [
      'RETURN_URL_NOT_ALLOWED',
      'return_url_not_allowed',
      /allowedReturnDomains does not list the host of PUBLIC_URL/,
    ],
    ['KILL_SWITCH', 'kill_switch', /suspended .*: talk to Layers/],
    ['RATE_LIMITED', 'upstream_rate_limited', /it passes by itself/],
    ['NOT_FOUND', 'organization_unknown', /layersOrganization.*check what identify\(\) returns/],
    ['CONFLICT', 'already_bound', /detach it first/],
  ])('%s is %s to every call, with a cure', (upstreamCode, code, cure) => {
    for (const call of CALLS) {
      const verdict = judgeUpstreamError(refused(400, upstreamCode), call)
      expect(verdict).toMatchObject({ code })
      expect(verdict.cure).toMatch(cure)
    }
  })

  it.each<[UpstreamCall, string, RegExp]>([
    ['install_url', 'return_url_not_allowed', /PUBLIC_URL must be https and reachable/],
    ['register', 'installation_not_found', /the customer can install again/],
    ['find_binding', 'upstream_refused', /see its code and request id/],
    ['list_repositories', 'invalid_request', /asking for the first page again/],
  ])('VALIDATION of %s is %s', (call, code, cure) => {
    const verdict = judgeUpstreamError(refused(422, 'VALIDATION'), call)
    expect(verdict.code).toBe(code)
    expect(verdict.cure).toMatch(cure)
  })

  it.each<[UpstreamFailure, UpstreamError, string, RegExp]>([
    [
      'shape',
      new UpstreamError('shape', 'html'),
      'upstream_invalid',
      /not what its documentation says: check LAYERS_API_URL/,
    ],
    [
      'network',
      new UpstreamError('network', 'refused'),
      'upstream_unavailable',
      /cannot be reached; it passes/,
    ],
    ['status', refused(500, 'INTERNAL'), 'upstream_unavailable', /cannot be reached; it passes/],
    ['status', refused(418), 'upstream_refused', /answered 418 .*: check LAYERS_API_URL and the code/],
    ['status', refused(400, 'SOMETHING_NEW'), 'upstream_refused', /answered 400/],
  ])('of the kind %s without a known code is judged by its kind', (_, error, code, cure) => {
    const verdict = judgeUpstreamError(error, 'register')
    expect(verdict.code).toBe(code)
    expect(verdict.cure).toMatch(cure)
  })

  it('has all codes of Layers’ pages in its table', () => {
    expect(UPSTREAM_CODES.toSorted()).toEqual([
      'CONFLICT',
      'FORBIDDEN_SCOPE',
      'KILL_SWITCH',
      'NOT_FOUND',
      'RATE_LIMITED',
      'RETURN_URL_NOT_ALLOWED',
      'UNAUTHENTICATED',
      'VALIDATION',
    ])
  })
})
