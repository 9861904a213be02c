// Signing in to Brightline and out again, over HTTP against the whole demo.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../demo/start-demo.ts'
import { createVisitor } from './visitor.ts'

let demo: Demo

beforeAll(async () => {
  demo = await startDemo()
})

afterAll(() => demo.close())

describe('signing in', () => {
  it('opens a session for the person who was picked, and leads to the overview', async () => {
    const visitor = createVisitor(demo.hostUrl)
    const answer = await visitor.signIn('ada')
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/'])
    expect(await (await visitor.get('/api/session')).json()).toEqual({
      personId: 'ada',
      connectGitHub: { baseURL: '/connect/github', tokenPath: null },
      sandbox: { controlUrl: demo.sandbox.controlUrl, githubPageUrl: demo.githubPageUrl },
    })
  })

  it('sets a cookie that scripts cannot read and other sites cannot send with a post', async () => {
    const answer = await createVisitor(demo.hostUrl).signIn('ada')
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^brightline_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/),
    ])
  })

  it('refuses a person who does not exist', async () => {
    const visitor = createVisitor(demo.hostUrl)
    const answer = await visitor.signIn('mallory')
    expect([answer.status, visitor.cookies()]).toEqual([422, ''])
  })

  it('refuses a body that is not a form, and one that is too large', async () => {
    const visitor = createVisitor(demo.hostUrl)
    const json = await fetch(`${demo.hostUrl}/login`, {
      method: 'POST',
      headers: { Origin: demo.hostUrl, 'Content-Type': 'application/json' },
      body: '{"person":"ada"}',
    })
    const large = await visitor.post('/login', { person: 'ada', padding: 'x'.repeat(2000) })
    expect([json.status, large.status, visitor.cookies()]).toEqual([422, 422, ''])
  })

  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['an unnamed origin', { Origin: 'null' }],
    ['the sandbox’s GitHub', { Origin: 'http://127.0.0.1:4002' }],
    ['the same host on another port', { Origin: 'http://localhost:1' }],
    ['no origin', { Origin: '' }],
  ])('refuses a form from %s', async (_where, headers) => {
    const visitor = createVisitor(demo.hostUrl)
    const answer = await visitor.post('/login', { person: 'ada' }, headers)
    expect([answer.status, visitor.cookies()]).toEqual([403, ''])
    expect(await answer.text()).toContain(`Open ${demo.hostUrl}`)
  })

  it('replaces the session id, so that one planted before is worth nothing', async () => {
    const visitor = createVisitor(demo.hostUrl)
    await visitor.signIn('ada')
    const before = visitor.cookies()
    await visitor.signIn('gus')
    expect(visitor.cookies()).not.toBe(before)
    const stale = await fetch(`${demo.hostUrl}/api/session`, { headers: { Cookie: before } })
    expect(stale.status).toBe(401)
  })
})

describe('signing out', () => {
  it('ends the session on the server too', async () => {
    const visitor = createVisitor(demo.hostUrl)
    await visitor.signIn('ada')
    const kept = visitor.cookies()
    const answer = await visitor.post('/logout')
    expect([answer.status, answer.headers.get('Location'), visitor.cookies()]).toEqual([303, '/login', ''])
    const replayed = await fetch(`${demo.hostUrl}/api/session`, { headers: { Cookie: kept } })
    expect(replayed.status).toBe(401)
  })

  it('is not done by a link or by another site', async () => {
    const visitor = createVisitor(demo.hostUrl)
    await visitor.signIn('ada')
    expect((await visitor.get('/logout')).status).toBe(404)
    expect((await visitor.post('/logout', {}, { Origin: 'https://evil.example' })).status).toBe(403)
    expect((await visitor.get('/api/session')).status).toBe(200)
  })
})

describe('pages for people who are signed in', () => {
  it.each(['/', '/integrations'])('lead to the sign-in page without a session: %s', async (path) => {
    const answer = await createVisitor(demo.hostUrl).get(path)
    expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/login'])
  })

  it('are shown with a session, and the sign-in page then leads to them', async () => {
    const visitor = createVisitor(demo.hostUrl)
    await visitor.signIn('vic')
    expect((await visitor.get('/')).status).toBe(200)
    expect((await visitor.get('/integrations')).status).toBe(200)
    expect((await visitor.get('/login')).headers.get('Location')).toBe('/')
  })
})
