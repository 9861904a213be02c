// The edges of a connect token's time, to the second: exp, nbf, iat, and the ten minutes.
import { expect, it } from 'vitest'
import {
  CLAIMS,
  createIdentify,
  createToken,
  encode,
  HEADER,
  NOW_SECONDS,
  outcomeOf,
  signHmac,
} from './connect-token-fixtures.ts'

const TOLERANCE_SECONDS = 5
const MINUTE_SECONDS = 60

async function outcomeAt(seconds: number, claims: Readonly<Record<string, unknown>>): Promise<string> {
  return outcomeOf(createIdentify(undefined, (NOW_SECONDS + seconds) * 1000), createToken(claims))
}

it.each([
  [299, 'accepted'],
  [300, 'accepted'],
  [300 + TOLERANCE_SECONDS - 1, 'accepted'],
  [300 + TOLERANCE_SECONDS - 0.001, 'accepted'],
  [300 + TOLERANCE_SECONDS, 'expired'],
  [300 + TOLERANCE_SECONDS + 1, 'expired'],
  [86_400, 'expired'],
])('a token of 300 seconds is, %d seconds after iat, %s', async (seconds, outcome) => {
  expect(await outcomeAt(seconds, { exp: NOW_SECONDS + 300 })).toBe(outcome)
})

it.each([
  [-1, 'accepted'],
  [-TOLERANCE_SECONDS, 'accepted'],
  [-TOLERANCE_SECONDS - 0.001, 'issued in the future'],
  [-TOLERANCE_SECONDS - 1, 'issued in the future'],
  [-3600, 'issued in the future'],
])('a token is, %d seconds from its iat, %s', async (seconds, outcome) => {
  expect(await outcomeAt(seconds, {})).toBe(outcome)
})

it.each([
  [0, 'accepted'],
  [TOLERANCE_SECONDS, 'accepted'],
  [TOLERANCE_SECONDS + 1, 'not yet valid'],
  [60, 'not yet valid'],
])('a token whose nbf is %d seconds ahead is %s', async (seconds, outcome) => {
  expect(await outcomeAt(0, { nbf: NOW_SECONDS + seconds })).toBe(outcome)
})

it.each([
  [10 * MINUTE_SECONDS - 1, 'accepted'],
  [10 * MINUTE_SECONDS, 'accepted'],
  [10 * MINUTE_SECONDS + 0.001, 'lives longer than 10 minutes'],
  [10 * MINUTE_SECONDS + 1, 'lives longer than 10 minutes'],
  [60 * MINUTE_SECONDS, 'lives longer than 10 minutes'],
])('a token that lives %d seconds is %s', async (seconds, outcome) => {
  expect(await outcomeAt(0, { exp: NOW_SECONDS + seconds })).toBe(outcome)
})

it('does not grow older than ten minutes and the tolerance by a clock that is ahead', async () => {
  const ahead = NOW_SECONDS + TOLERANCE_SECONDS
  expect(await outcomeAt(0, { iat: ahead, exp: ahead + 600 })).toBe('accepted')
  expect(await outcomeAt(0, { iat: ahead + 1, exp: ahead + 601 })).toBe('issued in the future')
  expect(await outcomeAt(0, { iat: NOW_SECONDS - 600, exp: NOW_SECONDS + 1 })).toBe(
    'lives longer than 10 minutes',
  )
})

it.each<[string, Record<string, unknown>, string]>([
  ['exp far away', { exp: 8.64e15 }, 'lives longer than 10 minutes'],
  ['exp in milliseconds', { exp: (NOW_SECONDS + 300) * 1000 }, 'lives longer than 10 minutes'],
  ['iat in milliseconds', { iat: NOW_SECONDS * 1000, exp: NOW_SECONDS * 1000 + 300 }, 'issued in the future'],
  ['iat long ago', { iat: 0 }, 'lives longer than 10 minutes'],
  ['iat below zero', { iat: -NOW_SECONDS }, 'lives longer than 10 minutes'],
  ['exp before iat', { iat: NOW_SECONDS, exp: NOW_SECONDS - 60 }, 'expired'],
  ['exp of zero', { exp: 0 }, 'expired'],
])('%s is refused', async (_, claims, reason) => {
  expect(await outcomeAt(0, claims)).toBe(reason)
})

it.each([
  ['iat', '1e999', 'claim missing or of a wrong form (iat)'],
  ['iat', '-1e999', 'claim missing or of a wrong form (iat)'],
  ['exp', '1e999', 'claim missing or of a wrong form (exp)'],
  ['exp', '-1e999', 'expired'],
  ['nbf', '1e999', 'not yet valid'],
])('a number that no clock shows is refused: %s of %s', async (claim, number, reason) => {
  const text = JSON.stringify({ ...CLAIMS, [claim]: 0 }).replace(`"${claim}":0`, `"${claim}":${number}`)
  const token = signHmac(`${encode(HEADER)}.${Buffer.from(text).toString('base64url')}`)
  expect(await outcomeOf(createIdentify(), token)).toBe(reason)
})
