// What the log says of one try of one binding: which call failed, what to do about it, and whose alarm it is.
import { describe, expect, it } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { CODE_NOT_ACCEPTED } from '../../bff/ownership/ownership.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import {
  ANOTHER,
  conflict,
  failing,
  invalid,
  leftAlone,
  NOTHING,
  OURS,
  silent,
  STATE,
  tryOnce,
  unauthenticated,
  unreadable,
} from './one-binding.ts'

type Situation = Parameters<typeof tryOnce>[0]

async function linesOf(situation: Situation): Promise<unknown[]> {
  const { logged } = await tryOnce(situation)
  return logged.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))
}

/** Pseudonyms of the flow and its tenant are in every line, and names in none. */
const JOB = { tenant: expect.stringMatching(/^\S+$/), flow: expect.stringMatching(/^\S+$/) }

describe('a call to Layers that failed', () => {
  const away = new UpstreamError('status', 'Layers answered 503', {
    status: 503,
    code: 'UNAVAILABLE',
    requestId: 'req_layers_1',
  })

  it('for now is a warning, with Layers’ code, its request, and which try it was', async () => {
    expect(await linesOf({ attempts: 4, posts: [away] })).toEqual([
      expect.objectContaining({
        ...JOB,
        level: 'warn',
        event: 'binding_failed',
        code: 'UNAVAILABLE',
        upstreamRequestId: 'req_layers_1',
        attempt: 5,
      }),
    ])
  })

  it('without an answer has our code for it', async () => {
    const [line] = await linesOf({ posts: [silent] })
    expect(line).toMatchObject({
      level: 'warn',
      event: 'binding_failed',
      code: 'upstream_unavailable',
      attempt: 1,
    })
  })

  it('for good is an error, with the cure for that very call', async () => {
    const [posted] = await linesOf({ posts: [unauthenticated] })
    expect(posted).toMatchObject({ level: 'error', event: 'binding_failed', code: 'UNAUTHENTICATED' })
    const [refused] = await linesOf({ posts: [invalid] })
    const [asked] = await linesOf({ attempts: 1, outcomeUnknown: true, asks: [invalid] })
    expect(refused).toMatchObject({
      level: 'error',
      detail: expect.stringContaining('cannot see this installation'),
    })
    expect(asked).toMatchObject({
      level: 'error',
      detail: expect.stringContaining('refused to say what is bound'),
    })
  })

  it('is told before the question that follows it, and when that is hopeless as well', async () => {
    for (const answer of [unreadable, ANOTHER]) {
      const [post] = await linesOf({ posts: [answer], asks: [NOTHING] })
      expect(post).toMatchObject({ event: 'binding_failed', code: 'upstream_invalid', attempt: 1 })
    }
    const lines = await linesOf({ attempts: 2, outcomeUnknown: true, asks: [unreadable] })
    expect(lines).toMatchObject([{ event: 'binding_failed', code: 'upstream_invalid', attempt: 3 }])
  })

  it('while Layers is left alone is not told, because nothing was sent', async () => {
    expect(await linesOf({ posts: [leftAlone] })).toEqual([])
    expect(await linesOf({ attempts: 1, outcomeUnknown: true, asks: [leftAlone] })).toEqual([])
    const { step } = await tryOnce({ posts: [leftAlone] })
    expect(step).toMatchObject({ step: 'postpone', reason: 'circuit_open', waitMs: 700 })
  })
})

it('tells of a conflict whose account Layers does not name, without one', async () => {
  const lines = await linesOf({ posts: [conflict], asks: [failing] })
  expect(lines).toEqual([
    expect.objectContaining({ event: 'binding_failed', code: 'CONFLICT' }),
    expect.objectContaining({ ...JOB, level: 'warn', event: 'conflicting_account_unknown' }),
  ])
})

it('tells the operator of an account that is not the expected one, and what to do', async () => {
  const [line] = await linesOf({ expectedAccount: 'northwind-inc', posts: [OURS] })
  expect(line).toMatchObject({
    ...JOB,
    event: 'account_mismatch',
    code: 'account_mismatch',
    security: true,
    detail: expect.stringContaining('Have the binding detached at Layers'),
  })
})

it('tells of a return that cannot be decrypted, and asks for its key', async () => {
  const lost = createSealer([new Secret(createDataKey())])
  const stateSealed = await lost.seal('state', 'northwind', STATE)
  const [line] = await linesOf({ stateSealed })
  expect(line).toMatchObject({ ...JOB, level: 'error', event: 'binding_unreadable' })
})

describe('a proof that failed', () => {
  it.each([
    ['ownership_sign_on', 'warn'],
    ['ownership_unavailable', 'error'],
    ['ownership_misconfigured', 'error'],
  ] as const)('with %s is told as %s: what the customer can mend is nobody’s alarm', async (code, level) => {
    const verdict = { verdict: 'failed', code, reason: 'for the log', cure: 'do this' } as const
    const [line] = await linesOf({ verdict })
    const told = { event: 'ownership_failed', code, reason: 'for the log', detail: 'do this' }
    expect(line).toMatchObject({ ...JOB, ...told, level })
  })

  it('for another reason than a used code ends the flow, although an earlier try was cut off', async () => {
    const verdict = {
      verdict: 'failed',
      code: 'ownership_unavailable',
      reason: 'away',
      cure: 'wait',
    } as const
    const cutOff = { outcomeUnknown: true, attempts: 1, needsCode: true }
    expect((await tryOnce({ verdict, ...cutOff })).step).toMatchObject({ step: 'complete' })
    const used = { ...verdict, reason: CODE_NOT_ACCEPTED }
    expect((await tryOnce({ verdict: used, ...cutOff })).step).toEqual({ step: 'authorize_again' })
  })
})

it.each<[string, Situation, string]>([
  ['the post', {}, 'post'],
  ['the question after an earlier try', { attempts: 1, outcomeUnknown: true }, 'ask'],
  ['the question after an unreadable answer', { posts: [unreadable] }, 'ask'],
  ['the question after a conflict', { posts: [conflict] }, 'ask'],
])('throws what is none of Layers’ doing as it is: %s', async (_where, situation, call) => {
  // A call that the script does not list is a mistake of ours.
  await expect(tryOnce(situation)).rejects.toThrow(`an unexpected ${call}`)
})
