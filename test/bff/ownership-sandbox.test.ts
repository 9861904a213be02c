// The shipped proofs against the sandbox's GitHub, over HTTP and from the configuration on: mona owns, hubot reads, trent has nothing to do with it.
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig, type ConfigOptions } from '../../bff/config.ts'
import { createOwnershipProver } from '../../bff/ownership/create-ownership-prover.ts'
import type { OwnershipClaim } from '../../bff/ownership/ownership.ts'
import { startSandbox, type Sandbox } from '../../demo/sandbox/index.ts'
import { claim } from './github-server.ts'

const REDIRECT_URL = 'http://127.0.0.1:8787/connect/github/return'
const VERIFIER = 'a-verifier-of-at-least-43-characters-as-rfc-7636-wants'
type Person = 'mona' | 'hubot' | 'trent'

const NOT_PROVED = { verdict: 'refused', code: 'ownership_not_proved' }
/** GitHub tied the id to the account. */
const PROVED = { verdict: 'proved', login: null }

async function open(app: 'connector' | 'partner', accounts: readonly string[], changes: ConfigOptions = {}) {
  const sandbox = await startSandbox({ allowLoopbackHttpReturnUrls: true })
  onTestFinished(() => sandbox.close())
  for (const account of accounts) sandbox.scenario('install', { account })
  sandbox.configureApp(app, { callbackUrls: [REDIRECT_URL] })
  const { clientId, clientSecret, appId, privateKeyPem } = sandbox.apps[app]
  const config = readConfig(
    {
      layersApiKey: sandbox.key,
      publicUrl: 'http://127.0.0.1:8787/connect/github',
      githubUrl: sandbox.githubUrl,
      githubClientId: clientId,
      githubClientSecret: clientSecret,
      ...(app === 'connector'
        ? { ownership: 'own-app' as const, githubAppId: appId, githubAppPrivateKey: privateKeyPem }
        : { ownership: 'partner-app' as const, githubAppSlug: sandbox.apps.connector.slug }),
      ...changes,
    },
    {},
  )
  const logged: string[] = []
  const prover = createOwnershipProver({
    config: config.ownership,
    githubOrigin: config.githubOrigin,
    githubApiUrl: config.githubApiUrl,
    log: { warn: (event) => void logged.push(event), error: (event) => void logged.push(event) },
  })
  if (prover === null) throw new Error('a proof was configured')
  onTestFinished(() => prover.close())

  return {
    sandbox,
    logged,
    /** As after the authorize page: with redirect URL and PKCE. */
    prove: (person: Person, account: string, expectedAccount: string | null = null) => {
      const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
      const code = sandbox.issueCode({ app, person, redirectUrl: REDIRECT_URL, codeChallenge })
      return prover.prove(
        claim({
          installationId: idOf(sandbox, account),
          code,
          redirectUrl: REDIRECT_URL,
          codeVerifier: VERIFIER,
          expectedAccount,
        }),
      )
    },
    proveWith: (given: OwnershipClaim) => prover.prove(given),
  }
}

function idOf(sandbox: Sandbox, login: string): number {
  const found = sandbox.installations.find(({ account }) => account.login === login)
  if (found === undefined) throw new Error(`the App is not installed on ${login}`)
  return found.installationId
}

function expectAllRevoked({ userTokens }: Sandbox, count: number): void {
  expect(userTokens).toHaveLength(count)
  expect(userTokens.filter(({ revokedAt }) => revokedAt === null)).toEqual([])
}

describe('with the installed App', () => {
  it('the owner of the organization is let through', async () => {
    const { prove, sandbox, logged } = await open('connector', ['acme-coffee'])
    expect(await prove('mona', 'acme-coffee')).toEqual(PROVED)
    expectAllRevoked(sandbox, 1)
    expect(logged).toEqual([])
  })

  it('the code of an install works as well', async () => {
    const { proveWith, sandbox } = await open('connector', ['acme-coffee'])
    const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
    const answer = await proveWith(claim({ installationId: idOf(sandbox, 'acme-coffee'), code }))
    expect(answer).toEqual(PROVED)
  })

  it('a member who may read is refused', async () => {
    const { prove, sandbox } = await open('connector', ['acme-coffee'])
    expect(await prove('hubot', 'acme-coffee')).toMatchObject({
      ...NOT_PROVED,
      reason: 'not an owner of the account',
    })
    expectAllRevoked(sandbox, 1)
  })

  it('a stranger is refused', async () => {
    const { prove, sandbox } = await open('connector', ['acme-coffee'])
    expect(await prove('trent', 'acme-coffee')).toMatchObject(NOT_PROVED)
    expectAllRevoked(sandbox, 1)
  })

  it('an owner with somebody else’s id is refused', async () => {
    const { prove } = await open('connector', ['acme-coffee', 'initech-labs', 'trent'])
    expect(await prove('mona', 'initech-labs')).toMatchObject(NOT_PROVED)
    expect(await prove('mona', 'trent')).toMatchObject(NOT_PROVED)
  })

  it('an owner with an id that does not exist is refused, and the code is not used up', async () => {
    const { proveWith, sandbox } = await open('connector', [])
    const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
    const answer = await proveWith(claim({ installationId: 999_999_999, code }))
    expect(answer).toMatchObject(NOT_PROVED)
    // With another App's number every id would look like this.
    expect(answer).toHaveProperty('cure', expect.stringContaining('GITHUB_APP_ID'))
    expect(sandbox.userTokens).toEqual([])
  })

  it('a personal account is its person’s only', async () => {
    const { prove } = await open('connector', ['mona', 'trent'])
    expect(await prove('mona', 'mona')).toEqual(PROVED)
    expect(await prove('hubot', 'mona')).toMatchObject(NOT_PROVED)
    expect(await prove('trent', 'mona')).toMatchObject(NOT_PROVED)
    expect(await prove('trent', 'trent')).toEqual(PROVED)
  })

  it('another account than the expected one is a mismatch', async () => {
    const { prove } = await open('connector', ['acme-coffee', 'nordwind-shop'])
    const answer = await prove('mona', 'nordwind-shop', 'acme-coffee')
    expect(answer).toMatchObject({ verdict: 'refused', code: 'account_mismatch' })
    expect(await prove('mona', 'acme-coffee', 'Acme-Coffee')).toMatchObject({ verdict: 'proved' })
  })

  it('a suspended installation is the owner’s still', async () => {
    const { prove, sandbox } = await open('connector', ['acme-coffee'])
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    expect(await prove('mona', 'acme-coffee')).toEqual(PROVED)
  })

  it('a renamed organization is its owner’s still, whatever name Layers knows it by', async () => {
    const { prove, sandbox } = await open('connector', ['acme-coffee'])
    sandbox.scenario('rename_account', { account: 'acme-coffee', login: 'acme-roasters' })
    expect(await prove('mona', 'acme-roasters')).toEqual(PROVED)
  })

  it('an owner who lost the role meanwhile is refused', async () => {
    const { prove, sandbox } = await open('connector', ['acme-coffee'])
    sandbox.scenario('set_membership', { person: 'mona', account: 'acme-coffee', role: 'member' })
    expect(await prove('mona', 'acme-coffee')).toMatchObject(NOT_PROVED)
    sandbox.scenario('set_membership', {
      person: 'mona',
      account: 'acme-coffee',
      role: 'owner',
      state: 'pending',
    })
    expect(await prove('mona', 'acme-coffee')).toMatchObject(NOT_PROVED)
  })

  it('a code serves once, and only with its verifier', async () => {
    const { proveWith, sandbox } = await open('connector', ['acme-coffee'])
    const installationId = idOf(sandbox, 'acme-coffee')
    const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
    expect(await proveWith(claim({ installationId, code }))).toMatchObject({ verdict: 'proved' })
    const refused = { verdict: 'failed', code: 'ownership_unavailable', reason: 'code not accepted' }
    expect(await proveWith(claim({ installationId, code }))).toMatchObject(refused)
    const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
    const tied = sandbox.issueCode({ app: 'connector', person: 'mona', codeChallenge })
    const answer = await proveWith(claim({ installationId, code: tied, codeVerifier: `${VERIFIER}x` }))
    expect(answer).toMatchObject(refused)
    expectAllRevoked(sandbox, 1)
  })

  it.each<[string, ConfigOptions, string]>([
    ['client secret', { githubClientSecret: 'another-secret-0123456789' }, 'GITHUB_CLIENT_SECRET'],
    ['App’s number', { githubAppId: 4 }, 'GITHUB_APP_ID'],
  ])('a wrong %s is the partner’s to mend', async (_, changes, cure) => {
    const { prove } = await open('connector', ['acme-coffee'], changes)
    const answer = await prove('mona', 'acme-coffee')
    expect(answer).toMatchObject({ verdict: 'failed', code: 'ownership_misconfigured' })
    expect(answer).toHaveProperty('cure', expect.stringContaining(cure))
  })
})

describe('with the partner’s App', () => {
  it('the owner of the organization is let through', async () => {
    const { prove, sandbox, logged } = await open('partner', ['acme-coffee', 'nordwind-shop'])
    expect(await prove('mona', 'nordwind-shop')).toEqual(PROVED)
    expect(await prove('mona', 'acme-coffee', 'acme-coffee')).toEqual(PROVED)
    expectAllRevoked(sandbox, 2)
    expect(logged).toEqual([])
  })

  it('everybody else is refused', async () => {
    const { prove, sandbox } = await open('partner', ['acme-coffee', 'initech-labs'])
    expect(await prove('hubot', 'acme-coffee')).toMatchObject(NOT_PROVED)
    expect(await prove('hubot', 'acme-coffee', 'acme-coffee')).toMatchObject(NOT_PROVED)
    expect(await prove('trent', 'acme-coffee', 'acme-coffee')).toMatchObject(NOT_PROVED)
    expect(await prove('mona', 'initech-labs')).toMatchObject(NOT_PROVED)
    expect(await prove('mona', 'initech-labs', 'acme-coffee')).toMatchObject(NOT_PROVED)
    expectAllRevoked(sandbox, 5)
  })

  it('a personal account counts when it is the expected one and the person’s own', async () => {
    const { prove } = await open('partner', ['mona', 'trent'])
    expect(await prove('mona', 'mona', 'mona')).toEqual({ verdict: 'proved', login: 'mona' })
    expect(await prove('mona', 'mona')).toMatchObject(NOT_PROVED)
    expect(await prove('mona', 'trent', 'trent')).toMatchObject(NOT_PROVED)
  })

  it('says nothing about the id on a personal account: Layers has to name the same account for it', async () => {
    const { prove } = await open('partner', ['mona', 'trent'])
    expect(await prove('mona', 'trent', 'mona')).toEqual({ verdict: 'proved', login: 'mona' })
  })

  it('a missing permission is the partner’s to mend, unless another organization settles it', async () => {
    const { prove, sandbox } = await open('partner', ['acme-coffee', 'nordwind-shop'])
    sandbox.scenario('app_permission', { app: 'partner', on: false, account: 'acme-coffee' })
    expect(await prove('mona', 'nordwind-shop')).toMatchObject({ verdict: 'proved' })
    expect(await prove('mona', 'acme-coffee')).toMatchObject({
      verdict: 'failed',
      code: 'ownership_misconfigured',
      reason: 'App lacks a permission',
    })
    expectAllRevoked(sandbox, 2)
  })
})
