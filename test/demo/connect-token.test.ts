// The connect tokens that Brightline's backend signs, and the BFF on an origin of its own that checks them.
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Person, findPerson } from '../../demo/people.ts'
import { type Demo, type DemoOptions, startDemo } from '../../demo/start-demo.ts'
import { createVisitor, type Visitor } from './visitor.ts'

let demo: Demo | undefined
afterEach(() => demo?.close())

async function start(options: DemoOptions = {}): Promise<Demo> {
  return (demo = await startDemo({ identity: 'token', bffOrigin: 'other', build: false, ...options }))
}

async function getToken(visitor: Visitor): Promise<string> {
  const answer = await visitor.get('/api/connect-token')
  return z.object({ token: z.string() }).parse(await answer.json()).token
}

async function askConnection({ bffUrl }: Demo, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return fetch(`${bffUrl}/connection`, { headers })
}

describe('the token of Brightline’s backend', () => {
  it('is for nobody who is not signed in', async () => {
    const visitor = createVisitor((await start()).hostUrl)
    expect((await visitor.get('/api/connect-token')).status).toBe(401)
    await visitor.signIn('ada')
    expect((await visitor.get('/api/connect-token')).status).toBe(200)
    await visitor.post('/logout')
    expect((await visitor.get('/api/connect-token')).status).toBe(401)
  })

  it('says who is asking, for this BFF and for as long as was set', async () => {
    const running = await start({ tokenLifetimeSeconds: 7 })
    const visitor = createVisitor(running.hostUrl)
    await visitor.signIn('gus')
    const claims = decodeJwt(await getToken(visitor))
    expect(claims).toMatchObject({ sub: 'gus', tenant: 'globex', can_connect: true, aud: running.bffUrl })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(7)
  })

  it('lets a viewer look and not connect, from the moment the role is taken away', async () => {
    let role: Person['role'] = 'admin'
    const find = (id: string) => {
      const person = findPerson(id)
      return person && { ...person, role }
    }
    const running = await start({ findPerson: find })
    const visitor = createVisitor(running.hostUrl)
    await visitor.signIn('ada')
    const before = await askConnection(running, await getToken(visitor))
    role = 'viewer'
    const after = await askConnection(running, await getToken(visitor))
    expect([await before.json(), await after.json()]).toMatchObject([
      { canConnect: true },
      { canConnect: false },
    ])
  })

  it('may be read by no page of another origin, and kept by nobody', async () => {
    const visitor = createVisitor((await start()).hostUrl)
    await visitor.signIn('ada')
    const { headers } = await visitor.get('/api/connect-token')
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect(headers.get('Cache-Control')).toBe('no-store')
  })
})

describe('a BFF on an origin of its own', () => {
  it('takes tokens and no session', async () => {
    const running = await start()
    const visitor = createVisitor(running.hostUrl)
    await visitor.signIn('ada')
    const withSession = await fetch(`${running.bffUrl}/connection`, {
      headers: { Cookie: visitor.cookies() },
    })
    const withToken = await askConnection(running, await getToken(visitor))
    expect([withSession.status, withToken.status]).toEqual([401, 200])
  })

  it('is named to the page, and by its policy', async () => {
    const running = await start()
    const visitor = createVisitor(running.hostUrl)
    await visitor.signIn('ada')
    const session = await visitor.get('/api/session')
    expect(await session.json()).toMatchObject({
      connectGitHub: { baseURL: running.bffUrl, tokenPath: '/api/connect-token' },
    })
    expect(session.headers.get('Content-Security-Policy')).toContain(
      `connect-src 'self' ${new URL(running.bffUrl).origin};`,
    )
  })

  it('is not at Brightline’s own address any more', async () => {
    const running = await start()
    expect((await fetch(`${running.hostUrl}/connect/github/connection`)).status).toBe(404)
  })

  it('reads the session when nothing else is said', async () => {
    const running = await start({ identity: 'session' })
    const visitor = createVisitor(running.hostUrl)
    await visitor.signIn('ada')
    const answer = await fetch(`${running.bffUrl}/connection`, { headers: { Cookie: visitor.cookies() } })
    expect(answer.status).toBe(200)
    expect((await visitor.get('/api/connect-token')).status).toBe(404)
  })
})
