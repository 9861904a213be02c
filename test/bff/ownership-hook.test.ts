// The partner's own function: only `true`, in time, lets anything through.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ProveOwnership } from '../../bff/ownership/prove-by-hook.ts'
import { createOwnershipProver } from '../../bff/ownership/create-ownership-prover.ts'
import { importBroken } from './broken-prover.ts'
import { claim, OWN_APP, refusing, startGitHub } from './github-server.ts'

const logged: string[] = []
const LOG = { warn: () => undefined, error: (event: string) => void logged.push(event) }

async function ask(custom: ProveOwnership, changes = {}, create = createOwnershipProver) {
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
  it('lets through with true, and names no account', async () => {
    expect(await ask(() => true)).toEqual({ verdict: 'proved', account: null })
    expect(await ask(async () => true)).toEqual({ verdict: 'proved', account: null })
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
    ['false', false],
    ['undefined', undefined],
    ['null', null],
    ['1', 1],
    ['"true"', 'true'],
    ['an object', {}],
    ['a wrapped true', Object(true)],
    ['a promise of 1', Promise.resolve(1)],
    ['an answer with a verdict', { verdict: 'proved' }],
  ])('refuses with %s', async (_, value) => {
    expect(await ask(answering(value))).toMatchObject({ verdict: 'refused', code: 'ownership_not_proved' })
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
  ])('refuses when it %s, and says so in the log', async (_, custom) => {
    logged.length = 0
    const answer = await ask(custom)
    expect(answer).toEqual({
      verdict: 'refused',
      code: 'ownership_not_proved',
      reason: 'proveOwnership threw an error',
    })
    expect(inspect(answer)).not.toContain('database')
    expect(logged).toEqual(['ownership_hook_failed'])
  })

  it('refuses when it hangs, and tells it that the time is up', async () => {
    let signal: AbortSignal | undefined
    const answer = await ask((given) => {
      signal = given.signal
      return new Promise(() => undefined)
    })
    expect(answer).toMatchObject({ verdict: 'refused', reason: 'proveOwnership did not answer in time' })
    expect(signal?.aborted).toBe(true)
  })

  it('refuses with true that comes too late', async () => {
    const answer = await ask(
      ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => setImmediate(resolve, true))),
    )
    expect(answer).toMatchObject({ verdict: 'refused' })
  })

  it('refuses when the time was up before', async () => {
    expect(await ask(() => true, { signal: AbortSignal.abort() })).toMatchObject({ verdict: 'refused' })
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
  it('and the App names the account', async () => {
    const github = await startGitHub()
    const answer = await github.prover(OWN_APP, { custom: () => true }).prove(claim())
    expect(answer).toMatchObject({ verdict: 'proved', account: { login: 'acme-coffee' } })
  })

  it('and GitHub is not asked when the function says no', async () => {
    const github = await startGitHub()
    const answer = await github.prover(OWN_APP, { custom: () => false }).prove(claim())
    expect(answer).toMatchObject({ verdict: 'refused' })
    expect(github.routes).toEqual([])
  })

  it('and the function’s yes does not stand for GitHub’s', async () => {
    const github = await startGitHub({ 'GET /api/v3/user/memberships/orgs/acme-coffee': refusing(404) })
    const answer = await github.prover(OWN_APP, { custom: () => true }).prove(claim())
    expect(answer).toMatchObject({ verdict: 'refused', code: 'ownership_not_proved' })
  })
})
