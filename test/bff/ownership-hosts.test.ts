// Where a proof goes on github.com, GitHub Enterprise Server and ghe.com, and GitHub's authorize page on each of them.
import { describe, expect, it } from 'vitest'
import { githubApiUrlOf } from '../../bff/config-ownership.ts'
import { createOwnershipProver } from '../../bff/ownership/create-ownership-prover.ts'
import type { GitHubTransport } from '../../bff/ownership/github-fetch.ts'
import { proveWithOwnApp } from '../../bff/ownership/own-app.ts'
import { proveWithPartnerApp } from '../../bff/ownership/partner-app.ts'
import { claim, HONEST, OWN_APP, PARTNER_APP } from './github-server.ts'

const SIGNAL = new AbortController().signal

/** Answers as GitHub does to mona, an owner of acme-coffee, wherever it is, and writes down where. */
function recordUrls(apiUrl: string): { transport: GitHubTransport; urls: string[] } {
  const urls: string[] = []
  return {
    urls,
    transport: {
      close: async () => undefined,
      fetchUntil: () => async (url, options) => {
        urls.push(`${options?.method} ${url}`)
        if (options?.method === 'DELETE') return new Response(null, { status: 204 })
        const path = url.startsWith(apiUrl) ? `/api/v3${url.slice(apiUrl.length)}` : new URL(url).pathname
        return Response.json(HONEST[`${options?.method} ${path.split('?')[0]}`])
      },
    },
  }
}

const HOSTS = [
  ['github.com', 'https://github.com', undefined, 'https://api.github.com'],
  ['GitHub Enterprise Server', 'https://git.acme.example', undefined, 'https://git.acme.example/api/v3'],
  ['ghe.com', 'https://acme.ghe.com', undefined, 'https://api.acme.ghe.com'],
  [
    'an API at a host of its own',
    'https://git.acme.example',
    'https://rest.acme.example/v3',
    'https://rest.acme.example/v3',
  ],
  ['a local port', 'http://127.0.0.1:4002', undefined, 'http://127.0.0.1:4002/api/v3'],
] as const

describe.each(HOSTS)('on %s', (_, githubOrigin, configured, apiUrl) => {
  const githubApiUrl = configured ?? githubApiUrlOf(githubOrigin)
  const access = (transport: GitHubTransport) => ({
    hosts: { githubOrigin, githubApiUrl },
    transport,
    client: OWN_APP,
    log: { warn: () => undefined },
    lookupTimeoutMs: 5000,
    exchangeTimeoutMs: 5000,
    revocationTimeoutMs: 5000,
  })

  it('the own App asks the API, and exchanges the code at GitHub’s pages', async () => {
    const { transport, urls } = recordUrls(githubApiUrl)
    const answer = await proveWithOwnApp(OWN_APP, access(transport), claim(), SIGNAL)
    expect(answer).toEqual({ verdict: 'proved', login: null })
    expect(urls).toEqual([
      `GET ${apiUrl}/app/installations/4711`,
      `POST ${githubOrigin}/login/oauth/access_token`,
      `GET ${apiUrl}/user/memberships/orgs/acme-coffee`,
      `GET ${apiUrl}/user/installations?per_page=100&page=1`,
      `DELETE ${apiUrl}/applications/Iv23liOwn/token`,
    ])
  })

  it('the partner’s App does, too', async () => {
    const { transport, urls } = recordUrls(githubApiUrl)
    const answer = await proveWithPartnerApp(PARTNER_APP, access(transport), claim(), SIGNAL)
    expect(answer.verdict).toBe('proved')
    expect(urls).toEqual([
      `POST ${githubOrigin}/login/oauth/access_token`,
      `GET ${apiUrl}/user/memberships/orgs?state=active&per_page=100&page=1`,
      `GET ${apiUrl}/orgs/acme-coffee/installations?per_page=100&page=1`,
      `DELETE ${apiUrl}/applications/Iv23liOwn/token`,
    ])
  })

  it('the authorize page is among GitHub’s pages', async () => {
    const prover = createOwnershipProver({
      config: OWN_APP,
      githubOrigin,
      githubApiUrl,
      log: { warn: () => undefined, error: () => undefined },
    })
    const url = new URL(
      prover?.authorization?.createUrl({
        state: 'st&te',
        redirectUrl: 'https://app.example.com/connect/github/return',
        codeChallenge: 'ch4llenge',
      }) ?? '',
    )
    await prover?.close()
    expect(url.origin + url.pathname).toBe(`${githubOrigin}/login/oauth/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'Iv23liOwn',
      redirect_uri: 'https://app.example.com/connect/github/return',
      state: 'st&te',
      code_challenge: 'ch4llenge',
      code_challenge_method: 'S256',
      allow_signup: 'false',
      prompt: 'select_account',
    })
  })
})

it('takes the code of an install from the installed App only', async () => {
  const options = {
    githubOrigin: 'https://github.com',
    githubApiUrl: 'https://api.github.com',
    log: { warn: () => undefined, error: () => undefined },
  }
  for (const [config, accepts] of [
    [OWN_APP, true],
    [PARTNER_APP, false],
  ] as const) {
    const prover = createOwnershipProver({ ...options, config })
    expect(prover?.authorization?.acceptsReturnCode).toBe(accepts)
    await prover?.close()
  }
})
