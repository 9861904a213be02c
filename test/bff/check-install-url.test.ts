// An install URL is shown to a browser only when every part of it is what was asked for.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findInstallUrlProblem } from '../../bff/upstream/check-install-url.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'

const now = Date.parse('2031-05-04T03:02:01Z')
const state = 'Zm9yLXRoaXMtdGVzdC1vbmx5LTEyMzQ1'
const returnUrl = 'https://app.example.com/connect/github/return'
const expected = { state, returnUrl, githubOrigin: 'https://github.com', githubAppSlug: undefined, now }
const good = `https://github.com/apps/layers-connector/installations/new?state=${state}`

function problemOf(
  authUrl: string,
  more: Partial<typeof expected> | { githubAppSlug: string } = {},
): string | undefined {
  const answer = { authUrl, state, expiresAt: now + 15 * 60_000 }
  return findInstallUrlProblem(answer, { ...expected, ...more })
}

describe('an install URL is used when it is', () => {
  it.each([
    ['GitHub’s install page with our state', good],
    ['with our return URL', `${good}&redirect_uri=${encodeURIComponent(returnUrl)}`],
    ['with the default port', good.replace('github.com', 'github.com:443')],
    ['with the host in capitals', good.replace('github.com', 'GitHub.COM')],
    ['with another parameter', `${good}&target_id=5`],
    ['the page that chooses permissions', good.replace('/new?', '/new/permissions?')],
    ['the page that chooses an account', good.replace('/new?', '/select_target?')],
    ['that of a GitHub Enterprise Server', good.replace('/apps/', '/github-apps/')],
  ])('%s', (_, authUrl) => {
    expect(problemOf(authUrl)).toBeUndefined()
  })

  it('of the configured App', () => {
    expect(problemOf(good, { githubAppSlug: 'layers-connector' })).toBeUndefined()
  })
})

const swap = (from: string, to: string): string => good.replace(from, to)

describe('an install URL is refused', () => {
  it.each([
    ['with http', swap('https:', 'http:')],
    ['with javascript', 'javascript:alert(1)//github.com/apps/x/installations/new'],
    ['with data', `data:text/html,${good}`],
    ['as a blob of the right origin', `blob:${good}`],
    ['with ftp', swap('https:', 'ftp:')],
    ['without a scheme', swap('https://', '//')],
    ['as a path', swap('https://github.com', '')],
    ['empty', ''],
    ['as nonsense', 'https://'],
    ['with another host', swap('github.com', 'evil.example')],
    ['with our host as a label', swap('github.com', 'github.com.evil.example')],
    ['with our host as a suffix', swap('github.com', 'evilgithub.com')],
    ['with a subdomain', swap('github.com', 'gist.github.com')],
    ['with www', swap('github.com', 'www.github.com')],
    ['with a trailing dot', swap('github.com', 'github.com.')],
    ['with a look-alike host', swap('github.com', 'gıthub.com')],
    ['with a full-width dot and another host', swap('github.com', 'github．com．evil.example')],
    ['with our host as a user name', swap('github.com', 'github.com@evil.example')],
    ['with our host as a password', swap('github.com', 'a:github.com@evil.example')],
    ['with a backslash before our host', swap('//github.com', '//evil.example\\@github.com')],
    ['with a user name', swap('//', '//mona@')],
    ['with user name and password', swap('//', '//mona:secret@')],
    ['with another port', swap('github.com', 'github.com:8443')],
    ['with a fragment', `${good}#x`],
    ['with the path of a login', swap('/apps/layers-connector/installations/new', '/login/oauth/authorize')],
    ['with a path before the right one', swap('/apps/', '/evil/apps/')],
    ['with a path behind the right one', swap('/new?', '/new/evil?')],
    ['with a trailing slash', swap('/new?', '/new/?')],
    ['with a double slash', swap('/apps/', '//apps/')],
    ['with a path that climbs out', swap('/installations/new', '/../../logout')],
    ['with an encoded slash in the slug', swap('layers-connector', 'layers%2Fconnector')],
    ['without a slug', swap('/layers-connector', '')],
    ['with a slug in capitals', swap('layers-connector', 'Layers')],
    ['with a slug of 101 characters', swap('layers-connector', 'a'.repeat(101))],
    ['with the page of an installation', swap('/installations/new', '/installations/5')],
    ['without a state', swap(`state=${state}`, '')],
    ['with an empty state', swap(state, '')],
    ['with another state', swap(state, state.replace('Z', 'Y'))],
    ['with our state, cut', swap(state, state.slice(0, -1))],
    ['with our state and more', `${good}A`],
    ['with the state twice', `${good}&state=${state}`],
    ['with our state and then another', `${good}&state=x`],
    ['with the state in the fragment', swap('?', '#')],
    ['with the state under another name', swap('state=', 'State=')],
    ['that leads back elsewhere', `${good}&redirect_uri=https%3A%2F%2Fevil.example%2F`],
    [
      'that leads back to our host by http',
      `${good}&redirect_uri=${encodeURIComponent(returnUrl.replace('https', 'http'))}`,
    ],
    [
      'that leads back to another path of ours',
      `${good}&redirect_uri=${encodeURIComponent(`${returnUrl}/x`)}`,
    ],
    [
      'that leads back to us and elsewhere',
      `${good}&redirect_uri=${encodeURIComponent(returnUrl)}&redirect_uri=https://evil.example`,
    ],
    ['that leads back nowhere', `${good}&redirect_uri=`],
  ])('%s', (_, authUrl) => {
    const problem = problemOf(authUrl)
    expect(problem).toBeTypeOf('string')
    expect(problem).not.toContain('evil')
    expect(problem).not.toContain(state)
  })

  it('for another App than the configured one', () => {
    expect(problemOf(good, { githubAppSlug: 'layers' })).toMatch('GITHUB_APP_SLUG')
  })

  it('when the echoed state is another one', () => {
    for (const echoed of ['', 'x', state.slice(1), `${state}x`, state.toLowerCase()]) {
      const answer = { authUrl: good, state: echoed, expiresAt: now + 60_000 }
      expect(findInstallUrlProblem(answer, expected)).toMatch('echoed state')
    }
  })

  it('when less than 30 seconds are left', () => {
    const at = (leftMs: number) =>
      findInstallUrlProblem({ authUrl: good, state, expiresAt: now + leftMs }, expected)
    expect(at(30_000)).toBeUndefined()
    expect(at(29_999)).toMatch('expired')
    expect(at(-1)).toMatch('expired')
    expect(at(Number.NEGATIVE_INFINITY)).toMatch('expired')
  })
})

describe('over HTTP', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack()
  })
  afterAll(() => stack.close())

  it.each(['other_host', 'other_state', 'expired'])(
    'a wrong answer (%s) blocks the flow and is never shown',
    async (shape) => {
      stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
      const ann = stack.browser('ann')
      const flow = await ann.startFlow()
      expect(flow).toMatchObject({ status: 'blocked', error: 'install_url_refused' })
      const launched = await ann.send(`/flows/${flow.flowId}/launch`, {
        method: 'POST',
        headers: {
          'sec-fetch-site': 'same-origin',
          'x-connect-github': '1',
          'content-type': 'application/json',
        },
        body: '{}',
      })
      expect(JSON.parse(launched.text)).toMatchObject({ status: 'ended', flow: { status: 'blocked' } })
      expect(launched.text).not.toContain('installations')
      expect(stack.logLines.filter((line) => line.includes('install_url_refused')).at(-1)).toMatch(
        /GITHUB_URL/,
      )
    },
  )
})
