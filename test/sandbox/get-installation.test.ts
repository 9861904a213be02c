// GET /v1/github/installation and GET /v1/github/repos: what is bound, and what it can see now.

import { describe, expect, it } from 'vitest'
import {
  getError,
  getIssuePaths,
  getReturnParameters,
  installOnGithub,
  startTestSandbox,
  submitInstallPage,
  type TestSandbox,
} from './sandbox-client.ts'

async function startBound(account = 'acme-coffee'): Promise<TestSandbox> {
  const test = await startTestSandbox()
  const { installationId, state } = await installOnGithub(test, account)
  const answer = await test.bind(installationId, state)
  if (answer.status !== 201) throw new Error(`not bound: ${answer.text}`)
  return test
}

describe('the bound installation', () => {
  const PATH = '/v1/github/installation'

  it('is answered with the keys of the binding and lastVerifiedAt', async () => {
    const { call, pass } = await startBound()
    pass(5_000)
    const answer = await call('GET', PATH)
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json ?? {})).toEqual([
      'installationId',
      'githubAccount',
      'orgLogin',
      'status',
      'registeredAt',
      'lastVerifiedAt',
    ])
    expect(answer.json?.['lastVerifiedAt']).toMatch(/^2026-07-02T10:30:05\.250\d{3}\+00:00$/)
    expect(answer.json?.['registeredAt']).toMatch(/^2026-07-02T10:30:00\.250\d{3}\+00:00$/)
  })

  it('is 404 NOT_FOUND while nothing is bound, although the App is installed', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const answer = await call('GET', PATH)
    expect(answer.status).toBe(404)
    expect(getError(answer)['code']).toBe('NOT_FOUND')
  })

  it('follows what happens on GitHub: suspended, active again, uninstalled', async () => {
    const { call, sandbox } = await startBound()
    const statuses: unknown[] = []
    for (const name of ['suspend', 'unsuspend', 'uninstall']) {
      sandbox.scenario(name, { account: 'acme-coffee' })
      statuses.push((await call('GET', PATH)).json?.['status'])
    }
    expect(statuses).toEqual(['suspended', 'active', 'uninstalled'])
  })

  it('stays uninstalled when the App is installed anew, because that has another id', async () => {
    const { call, sandbox } = await startBound()
    sandbox.scenario('uninstall', { account: 'acme-coffee' })
    sandbox.scenario('install', { account: 'acme-coffee' })
    expect((await call('GET', PATH)).json?.['status']).toBe('uninstalled')
  })

  it('takes no parameters', async () => {
    const { call } = await startBound()
    const answer = await call('GET', `${PATH}?verbose=1`)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['verbose'])
  })
})

describe('the repositories', () => {
  const PATH = '/v1/github/repos'
  const listNames = async ({ call }: TestSandbox, query = '') => {
    const { json } = await call('GET', `${PATH}${query}`)
    const items = json?.['items']
    if (!Array.isArray(items)) throw new Error(`no items in ${JSON.stringify(json)}`)
    return items.map((item: { fullName: string }) => item.fullName)
  }

  it('are answered with exactly the documented keys', async () => {
    const { call } = await startBound()
    const answer = await call('GET', `${PATH}?limit=1`)
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json ?? {})).toEqual(['items', 'nextCursor'])
    expect(answer.json?.['items']).toEqual([
      {
        repoId: 7_110_000,
        fullName: 'acme-coffee/beans-api',
        owner: 'acme-coffee',
        private: false,
        defaultBranch: 'main',
        language: 'Go',
        primaryLanguage: 'Go',
        htmlUrl: 'https://github.com/acme-coffee/beans-api',
      },
    ])
  })

  it('come in pages that together hold each of them once', async () => {
    const test = await startBound()
    const names: string[] = []
    let query = '?limit=4'
    for (const expectedLength of [4, 2]) {
      const { json } = await test.call('GET', `${PATH}${query}`)
      const page = await listNames(test, query)
      expect(page).toHaveLength(expectedLength)
      names.push(...page)
      query = `?limit=4&cursor=${String(json?.['nextCursor'])}`
    }
    expect(query).toBe('?limit=4&cursor=null')
    expect(names).toEqual(await listNames(test))
  })

  it('are searched by part of the full name, in any case', async () => {
    const test = await startBound()
    expect(await listNames(test, '?search=LOYAL')).toEqual(['acme-coffee/loyalty-ios'])
    expect(await listNames(test, '?search=nothing')).toEqual([])
  })

  it('are only those that were selected on GitHub', async () => {
    const test = await startTestSandbox()
    const { authUrl, state } = await test.getInstallUrl()
    const repositories = ['acme-coffee/menu-web', 'acme-coffee/beans-api']
    const back = await submitInstallPage(authUrl, { account: 'acme-coffee', repositories })
    await test.bind(Number(getReturnParameters(back)['installation_id']), state)
    expect(await listNames(test)).toEqual(['acme-coffee/beans-api', 'acme-coffee/menu-web'])
  })

  it.each(['0', '201', '-1', '1.5', 'ten', '', '1e1'])(
    'are refused with 422 for the limit "%s"',
    async (limit) => {
      const { call } = await startBound()
      const answer = await call('GET', `${PATH}?limit=${limit}`)
      expect(answer.status).toBe(422)
      expect(getIssuePaths(answer)).toEqual(['limit'])
    },
  )

  it.each(['1', '200'])('are answered for the limit %s', async (limit) => {
    const { call } = await startBound()
    expect((await call('GET', `${PATH}?limit=${limit}`)).status).toBe(200)
  })

  it('are refused with 422 for a cursor that was made up or comes from another search', async () => {
    const { call } = await startBound()
    const { json } = await call('GET', `${PATH}?limit=2&search=a`)
    for (const query of ['cursor=abc', 'cursor=', `cursor=${String(json?.['nextCursor'])}&search=b`]) {
      const answer = await call('GET', `${PATH}?${query}`)
      expect(answer.status).toBe(422)
      expect(getIssuePaths(answer)).toEqual(['cursor'])
    }
  })

  it('are 404 while nothing is bound', async () => {
    const { call } = await startTestSandbox()
    expect((await call('GET', PATH)).status).toBe(404)
  })

  it.each(['uninstall', 'suspend'])('are refused with 422 after %s', async (name) => {
    const { call, sandbox } = await startBound()
    sandbox.scenario(name, { account: 'acme-coffee' })
    const answer = await call('GET', PATH)
    expect(answer.status).toBe(422)
    expect(getError(answer)['code']).toBe('VALIDATION')
  })
})
