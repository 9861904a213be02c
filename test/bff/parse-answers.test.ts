// Layers' answers: what is read from them, and what is refused.
import { describe, expect, it } from 'vitest'
import {
  bindingAnswer,
  errorAnswer,
  installUrlAnswer,
  parseRetryAfterMs,
} from '../../bff/upstream/parse-answers.ts'

const now = Date.parse('2031-05-04T12:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['0', 1000],
    ['1', 1000],
    ['2', 2000],
    ['007', 7000],
    ['900', 900_000],
    ['901', 900_000],
    ['99999999999999999999', 900_000],
    ['Sun, 04 May 2031 12:00:30 GMT', 30_000],
    ['Sun, 04 May 2031 12:00:00 GMT', 1000],
    ['Mon, 05 May 2031 12:00:00 GMT', 900_000],
  ])('%j waits %i ms', (value, waitMs) => {
    expect(parseRetryAfterMs(value, now)).toBe(waitMs)
  })

  it.each([
    undefined,
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '+5',
    '5 ',
    '5, 6',
    'soon',
    'soon 2099',
    'Infinity',
    'NaN',
    '١٢',
    '2031-05-04T12:01:00Z',
    'Sun, 04 May 2031 11:59:59 GMT',
    'xSun, 04 May 2031 12:00:30 GMT',
    'Sun, 04 May 2031 12:00:30 GMT-1',
    'Sunday, 04-May-31 12:00:30 GMT',
    'Sun, 04 May 2031 12:00:30 GMT and more, which is longer than any date may be',
    '9'.repeat(65),
  ])('%j counts as absent', (value) => {
    expect(parseRetryAfterMs(value, now)).toBeUndefined()
  })
})

const installUrl = {
  authUrl: 'https://github.com/apps/x/installations/new?state=s',
  state: 's',
  expiresAt: '2031-05-04T12:15:00.000Z',
}

describe('a timestamp', () => {
  it.each([
    ['with milliseconds and Z', '2031-05-04T12:15:00.123Z', '2031-05-04T12:15:00.123Z'],
    ['with microseconds and an offset', '2031-05-04T14:15:00.123456+02:00', '2031-05-04T12:15:00.123Z'],
    [
      'with microseconds and an offset of nothing',
      '2031-05-04T12:15:00.123456+00:00',
      '2031-05-04T12:15:00.123Z',
    ],
    ['without a fraction', '2031-05-04T12:15:00Z', '2031-05-04T12:15:00.000Z'],
  ])('%s is read', (_, expiresAt, expected) => {
    const parsed = installUrlAnswer.parse({ ...installUrl, expiresAt })
    expect(new Date(parsed.expiresAt).toISOString()).toBe(expected)
  })

  it.each([
    '',
    'tomorrow',
    '2031-05-04',
    '2031-05-04 12:15:00Z',
    '2031-05-04T12:15:00',
    '2031-02-30T12:15:00Z',
    '2031-05-04T25:15:00Z',
    1,
    null,
    '1935749700',
  ])('%j is refused', (expiresAt) => {
    expect(installUrlAnswer.safeParse({ ...installUrl, expiresAt }).success).toBe(false)
  })
})

describe('an install URL', () => {
  it('is read with fields that are new', () => {
    expect(installUrlAnswer.parse({ ...installUrl, hint: 'x' })).toEqual({
      authUrl: installUrl.authUrl,
      state: 's',
      expiresAt: Date.parse(installUrl.expiresAt),
    })
  })

  it.each([
    null,
    [],
    'x',
    {},
    { ...installUrl, authUrl: undefined },
    { ...installUrl, authUrl: '' },
    { ...installUrl, authUrl: 'x'.repeat(4097) },
    { ...installUrl, state: 1 },
    { ...installUrl, state: '' },
    { ...installUrl, expiresAt: undefined },
  ])('is refused as %j', (answer) => {
    expect(installUrlAnswer.safeParse(answer).success).toBe(false)
  })
})

describe('a binding', () => {
  const binding = {
    installationId: 7,
    githubAccount: { login: 'acme-coffee', type: 'Organization' },
    status: 'active',
    registeredAt: '2031-05-04T12:15:00.123456+00:00',
  }

  it('is read, also with a status that is new', () => {
    expect(bindingAnswer.parse({ ...binding, status: 'sleeping' })).toMatchObject({
      installationId: 7,
      status: 'sleeping',
    })
  })

  it('is read of a person’s account as well', () => {
    const githubAccount = { login: 'mona', type: 'User' }
    expect(bindingAnswer.parse({ ...binding, githubAccount })).toMatchObject({ githubAccount })
  })

  it.each([
    { ...binding, installationId: '7' },
    { ...binding, installationId: 0 },
    { ...binding, installationId: -7 },
    { ...binding, installationId: 7.5 },
    { ...binding, installationId: 2 ** 53 },
    { ...binding, githubAccount: null },
    { ...binding, githubAccount: { login: '', type: 'User' } },
    { ...binding, githubAccount: { login: 'x', type: 'Robot' } },
    { ...binding, githubAccount: { login: 'x'.repeat(201), type: 'User' } },
    { ...binding, status: null },
    { ...binding, registeredAt: null },
  ])('is refused as %j', (answer) => {
    expect(bindingAnswer.safeParse(answer).success).toBe(false)
  })
})

describe('an error', () => {
  it('is read by its code; its message is not kept', () => {
    const parsed = errorAnswer.parse({
      error: { code: 'KILL_SWITCH', message: 'text from outside', requestId: 'req_1' },
    })
    expect(parsed).toEqual({ error: { code: 'KILL_SWITCH', requestId: 'req_1' } })
  })

  it.each([
    { error: 'KILL_SWITCH' },
    { error: { code: 'kill switch' } },
    { error: { code: 'X\n' } },
    { error: { code: 'xX' } },
    { error: { code: 'X', requestId: 'a b' } },
    {},
  ])('is refused as %j', (answer) => {
    expect(errorAnswer.safeParse(answer).success).toBe(false)
  })
})
