// A binding whose ownership has to be proved: nothing is posted before the proof, and the proof is asked for once.
import { describe, expect, it } from 'vitest'
import { CODE_NOT_ACCEPTED, type OwnershipVerdict } from '../../bff/ownership/ownership.ts'
import {
  again,
  ANOTHER,
  bound,
  conflict,
  CONNECTED,
  ended,
  failing,
  NOTHING,
  OURS,
  OWN_ID,
  RETURN_URL,
  secrets,
  silent,
  tryOnce,
} from './one-binding.ts'

type OutcomeStatus = 'refused' | 'blocked'
const PROVED: OwnershipVerdict = { verdict: 'proved', login: null }
const FROM_INSTALL = { code: 'install-code', from: 'install' } as const
const FROM_PAGE = { code: 'page-code', from: 'authorize' } as const

describe('a proof of ownership', () => {
  it('is asked for and kept before anything is posted', async () => {
    const { step, calls, proofs } = await tryOnce({
      verdict: PROVED,
      authorization: FROM_INSTALL,
      posts: [OURS],
    })
    expect(calls).toEqual(['prove', 'record proof', 'post'])
    expect(proofs).toEqual([{ login: null }])
    expect(step).toEqual(CONNECTED)
  })

  it('gets the code of the install as it came', async () => {
    const { claims } = await tryOnce({ verdict: PROVED, authorization: FROM_INSTALL, posts: [OURS] })
    expect(claims).toEqual([
      expect.objectContaining({
        installationId: OWN_ID,
        code: 'install-code',
        redirectUrl: null,
        codeVerifier: null,
        tenantId: 'northwind',
        userId: 'ann',
        expectedAccount: null,
      }),
    ])
    expect(claims[0]?.signal).toBeInstanceOf(AbortSignal)
  })

  it('gets the code of the authorize page with what it was made for', async () => {
    const { claims } = await tryOnce({ verdict: PROVED, authorization: FROM_PAGE, posts: [OURS] })
    const codeVerifier = secrets.codeVerifierFor({
      flowId: 'F'.repeat(22),
      tenantId: 'northwind',
      userId: 'ann',
    })
    expect(claims).toEqual([
      expect.objectContaining({ code: 'page-code', redirectUrl: RETURN_URL, codeVerifier }),
    ])
  })

  it('is asked for without a code when none came, and names the account that is expected', async () => {
    const { claims } = await tryOnce({ verdict: PROVED, posts: [OURS], expectedAccount: 'Acme-Coffee' })
    expect(claims).toEqual([expect.objectContaining({ code: null, expectedAccount: 'Acme-Coffee' })])
  })

  const CURE = 'do this'
  const REASON = 'for the log'
  it.each<readonly [OutcomeStatus, string, OwnershipVerdict]>([
    ['refused', 'ownership_refused', { verdict: 'refused', code: 'ownership_not_proved', reason: REASON }],
    ['refused', 'ownership_refused', { verdict: 'refused', code: 'account_mismatch', reason: REASON }],
    [
      'refused',
      'ownership_failed',
      { verdict: 'failed', code: 'ownership_unavailable', reason: REASON, cure: CURE },
    ],
    [
      'blocked',
      'ownership_failed',
      { verdict: 'failed', code: 'ownership_misconfigured', reason: REASON, cure: CURE },
    ],
  ])('ends the flow as %s with %s, and nothing is posted: %o', async (status, event, verdict) => {
    const { step, calls, logged } = await tryOnce({ verdict })
    expect(calls).toEqual(['prove'])
    expect(verdict.verdict).not.toBe('proved')
    if (verdict.verdict === 'proved') return
    expect(step).toEqual(ended(status, verdict.code))
    expect(logged).toContain(`"event":"${event}"`)
    expect(logged).toContain(REASON)
    expect(logged.includes(CURE)).toBe(verdict.verdict === 'failed')
  })

  it('is not asked for again by a later try', async () => {
    const { step, calls } = await tryOnce({
      verdict: { verdict: 'refused', code: 'ownership_not_proved', reason: 'used up' },
      proof: { login: null },
      attempts: 1,
      posts: [OURS],
    })
    expect(calls).toEqual(['post'])
    expect(step).toEqual(CONNECTED)
  })

  it('comes before the question what is bound, so that a binding of earlier proves nothing', async () => {
    const { step, calls } = await tryOnce({
      verdict: { verdict: 'refused', code: 'ownership_not_proved', reason: 'no owner' },
      outcomeUnknown: true,
      attempts: 1,
    })
    expect(calls).toEqual(['prove'])
    expect(step).toEqual(ended('refused', 'ownership_not_proved'))
  })

  it('whose code a try that was cut off has used up is asked for anew', async () => {
    const verdict = {
      verdict: 'failed',
      code: 'ownership_unavailable',
      reason: CODE_NOT_ACCEPTED,
      cure: 'again',
    } as const
    const cutOff = await tryOnce({ verdict, outcomeUnknown: true, attempts: 1, needsCode: true })
    expect(cutOff.step).toEqual({ step: 'authorize_again' })
    const first = await tryOnce({ verdict, needsCode: true })
    expect(first.step).toEqual(ended('refused', 'ownership_unavailable'))
    const withoutPage = await tryOnce({ verdict, outcomeUnknown: true, attempts: 1 })
    expect(withoutPage.step).toEqual(ended('refused', 'ownership_unavailable'))
  })

  it('that cannot be kept, because another process has the job, leads to nothing', async () => {
    const { step, calls } = await tryOnce({ verdict: PROVED, isLeaseLost: true })
    expect(calls).toEqual(['prove', 'record proof'])
    expect(step).toEqual({ step: 'lost' })
  })

  it('outlives a failing post', async () => {
    const { step, proofs } = await tryOnce({ verdict: PROVED, posts: [failing] })
    expect(proofs).toHaveLength(1)
    expect(step).toEqual(again(true))
  })
})

describe('the account that Layers records', () => {
  it.each(['acme-coffee', 'ACME-Coffee'])('may be the expected one, in any case: %s', async (login) => {
    expect((await tryOnce({ expectedAccount: login, posts: [OURS] })).step).toEqual(CONNECTED)
  })

  it.each([
    ['posted', { posts: [OURS] }],
    ['settled by asking', { outcomeUnknown: true, attempts: 1, asks: [OURS] }],
    ['suspended', { posts: [bound('suspended')] }],
  ])('ends the flow when it is not the expected one (%s), and is not named', async (_how, script) => {
    const { step, logged } = await tryOnce({ expectedAccount: 'northwind-inc', ...script })
    expect(step).toEqual(ended('refused', 'account_mismatch'))
    expect(logged).toContain('"event":"account_mismatch"')
    expect(logged).toContain('"security":true')
  })

  it('ends the flow when it is not the one that was proved', async () => {
    const proof = { login: ANOTHER.githubAccount.login }
    const { step } = await tryOnce({ verdict: PROVED, proof, posts: [OURS] })
    expect(step).toEqual(ended('refused', 'account_mismatch'))
  })

  it('may have a former name when the installation itself was proved, also the expected one', async () => {
    const renamed = { verdict: PROVED, expectedAccount: 'acme-roasters', posts: [OURS] }
    expect((await tryOnce(renamed)).step).toEqual(CONNECTED)
  })

  it('is not named when it stands in the way and is not the expected one', async () => {
    const script = { expectedAccount: 'northwind-inc', posts: [conflict], asks: [ANOTHER] }
    expect((await tryOnce(script)).step).toEqual(ended('conflict', 'already_bound'))
  })

  it('may be any when neither was named', async () => {
    const { step } = await tryOnce({ posts: [OURS] })
    expect(step).toEqual(CONNECTED)
  })

  it('is compared also when the answer to an earlier post was lost', async () => {
    const { step } = await tryOnce({ expectedAccount: 'northwind-inc', posts: [silent] })
    expect(step).toEqual(again(true))
    const asked = await tryOnce({
      expectedAccount: 'northwind-inc',
      outcomeUnknown: true,
      attempts: 1,
      asks: [NOTHING],
      posts: [OURS],
    })
    expect(asked.step).toEqual(ended('refused', 'account_mismatch'))
  })
})
