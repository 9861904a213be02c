// The partner's own function: only `true`, in time, lets anything through, and only `false` is a word about the customer.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../bff/log.ts'
import type { ProveOwnership } from '../../bff/ownership/prove-by-hook.ts'
import { createOwnershipProver } from '../../bff/ownership/create-ownership-prover.ts'
import { importBroken } from './broken-prover.ts'
import { claim, OWN_APP, refusing, startGitHub } from './github-server.ts'

const logged: { readonly event: string; readonly fields: LogFields | undefined }[] = []
const LOG = {
  warn: () => undefined,
  error: (event: string, fields?: LogFields) => void logged.push({ event, fields }),
}

async function ask(custom: ProveOwnership, changes = {}, create = createOwnershipProver) {
  logged.length = 0
  const prover = create({
    config: { kind: 'none' },
    githubOrigin: 'https://github.invalid',
    githubApiUrl: 'https://api.github.invalid',
    custom,
    log: LOG,
    timeoutMs: 50,
  })
  const answer = await prover?.prove(claim(changes))
  await prover?.close()
  return answer
}

const CURE: unknown = expect.stringContaining('mend proveOwnership')

/** Nothing is let through, and the customer is not called a stranger. */
const broken = (reason: string) => ({
  verdict: 'failed',
  code: 'ownership_unavailable',
  reason,
  cure: CURE,
})
/** The operator hears of it, once. */
const report = (reason: string) => [
  { event: 'ownership_hook_failed', fields: expect.objectContaining({ reason, detail: CURE }) },
]
const LATE = 'proveOwnership did not answer in time'

/** Answers what TypeScript would not allow, as a partner's JavaScript may. */
function answering(value: unknown): ProveOwnership {
  const name: string = 'value'
  return () => Reflect.get({ value }, name)
}

it('asks for no proof when none is configured', () => {
  const options = { githubOrigin: 'https://github.com', githubApiUrl: 'https://api.github.com', log: LOG }
  expect(createOwnershipProver({ ...options, config: { kind: 'none' } })).toBeNull()
})

describe('proveOwnership', () => {
  it('lets through with true, for the account that is expected, if any', async () => {
    expect(await ask(() => true)).toEqual({ verdict: 'proved', login: null })
    const expected = await ask(async () => true, { expectedAccount: 'acme-coffee' })
    expect(expected).toEqual({ verdict: 'proved', login: 'acme-coffee' })
    expect(logged).toEqual([])
  })

  it('refuses with false, which is no failure', async () => {
    expect(await ask(() => false)).toMatchObject({ verdict: 'refused', code: 'ownership_not_proved' })
    expect(logged).toEqual([])
  })

  it('is told what is claimed, and nothing of GitHub’s code', async () => {
    let told: object = {}
    await ask((given) => {
      told = given
      return true
    })
    const { installationId, tenantId, userId, expectedAccount } = claim()
    expect(told).toEqual({
      installationId,
      tenantId,
      userId,
      expectedAccount,
      signal: expect.any(AbortSignal),
    })
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['1', 1],
    ['"true"', 'true'],
    ['an object', {}],
    ['a wrapped true', Object(true)],
    ['a promise of 1', Promise.resolve(1)],
    ['an answer with a verdict', { verdict: 'proved' }],
  ])('fails with %s', async (_, value) => {
    const reason = 'proveOwnership answered something other than true or false'
    expect(await ask(answering(value))).toEqual(broken(reason))
    expect(logged).toEqual(report(reason))
  })

  it.each<[string, ProveOwnership]>([
    [
      'throws',
      () => {
        throw new Error('no database, and the code is c0de')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    ['rejects with nothing', () => Promise.reject()],
  ])('fails when it %s', async (_, custom) => {
    const answer = await ask(custom)
    expect(answer).toEqual(broken('proveOwnership threw an error'))
    expect(logged).toEqual(report('proveOwnership threw an error'))
    expect(inspect(answer)).not.toContain('database')
  })

  it('fails when it hangs, and tells it that the time is up', async () => {
    let signal: AbortSignal | undefined
    const answer = await ask((given) => {
      signal = given.signal
      return new Promise(() => undefined)
    })
    expect(answer).toEqual(broken(LATE))
    expect(logged).toEqual(report(LATE))
    expect(signal?.aborted).toBe(true)
  })

  it('fails with true that comes too late', async () => {
    const answer = await ask(
      ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => setImmediate(resolve, true))),
    )
    expect(answer).toEqual(broken(LATE))
    expect(logged).toEqual(report(LATE))
  })

  it('fails when the time was up before', async () => {
    expect(await ask(() => true, { signal: AbortSignal.abort() })).toEqual(broken(LATE))
    expect(logged).toEqual(report(LATE))
  })

  it('would let a truthy answer through, were it not compared with true (control)', async () => {
    const create = await importBroken({
      file: 'ownership/prove-by-hook.ts',
      from: 'answer.value === true',
      to: 'answer.value',
    })
    expect(await ask(answering('true'), {}, create)).toMatchObject({
      verdict: 'proved',
    })
  })
})

describe('together with an App, both have to say yes', () => {
  it('and the App’s word is the last: the installation itself is proved', async () => {
    const github = await startGitHub()
    const asked = claim({ expectedAccount: 'acme-coffee' })
    const answer = await github.prover(OWN_APP, { custom: () => true }).prove(asked)
    expect(answer).toEqual({ verdict: 'proved', login: null })
  })

  it.each([
    ['says no', 'refused', () => false],
    ['is broken', 'failed', () => Promise.reject(new Error('no database'))],
  ])('and GitHub is not asked when the function %s', async (_, verdict, custom) => {
    const github = await startGitHub()
    expect(await github.prover(OWN_APP, { custom }).prove(claim())).toMatchObject({ verdict })
    expect(github.routes).toEqual([])
  })

  it('and the function’s yes does not stand for GitHub’s', async () => {
    const github = await startGitHub({ 'GET /api/v3/user/memberships/orgs/acme-coffee': refusing(404) })
    const answer = await github.prover(OWN_APP, { custom: () => true }).prove(claim())
    expect(answer).toMatchObject({ verdict: 'refused', code: 'ownership_not_proved' })
  })
})
