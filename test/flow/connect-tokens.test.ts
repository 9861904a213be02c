// The flow with connect tokens: GitHub's redirect and the BFF's own pages carry none, so the flow cookie stands for the session.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { Answer, TestBrowser } from '../stack/test-browser.ts'
import { listEvents, listPosts, problemOf } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack({ identity: 'token' })
  ann = stack.browser()
  ann.token = await stack.signToken('ann')
})
afterEach(() => stack.close())

interface Trip {
  readonly flowId: string
  readonly returnUrl: string
}

/** To GitHub and installed there; the browser has not been back yet. */
async function goToGitHub(browser = ann): Promise<Trip> {
  const { flowId } = await browser.startFlow()
  const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), {
    account: 'acme-coffee',
  })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

function changePerson(name: string, change: object): void {
  const person = stack.people.get(name)
  if (person === null || person === undefined) throw new Error(`nobody is called ${name}`)
  stack.people.set(name, { ...person, ...change })
}

function leadsToDone({ headers }: Answer): boolean {
  return headers.get('location')?.endsWith('/done') === true
}

describe('a return', () => {
  it('is accepted on the flow cookie alone while the token holds', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    expect(leadsToDone(await ann.navigate(returnUrl))).toBe(true)
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  })

  it('without the flow cookie is nobody’s', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    const victim = stack.browser()
    victim.token = await stack.signToken('ann')
    expect(problemOf(await victim.navigate(returnUrl))).toBe('return_other_browser')
    expect((await ann.getFlow(flowId)).status).toBe('waiting')
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('after the token has expired waits for a new one, and is finished with it', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    stack.advance(6 * 60_000)
    await ann.navigate(returnUrl)
    expect((await ann.fetchJson('GET', `/flows/${flowId}`)).status).toBe(401)
    expect(listPosts(stack.sandbox)).toEqual([])

    ann.token = await stack.signToken('ann')
    expect((await ann.getFlow(flowId)).status).toBe('returned')
    const page = await ann.navigate(`${stack.publicUrl}/flows/${flowId}/done`)
    expect(page.text).toContain('data-finishes="false"')
    expect((await ann.fetchJson('POST', `/flows/${flowId}/finish`)).status).toBe(200)
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  })

  it('is accepted at once when a newer token was seen meanwhile', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    stack.advance(4 * 60_000)
    ann.token = await stack.signToken('ann')
    await ann.getFlow(flowId)
    stack.advance(3 * 60_000)
    await ann.navigate(returnUrl)
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  })

  it('is not vouched for by a token that another browser shows', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    stack.advance(4 * 60_000)
    const elsewhere = stack.browser()
    elsewhere.token = await stack.signToken('ann')
    await elsewhere.getConnection()
    stack.advance(3 * 60_000)
    await ann.navigate(returnUrl)
    ann.token = await stack.signToken('ann')
    expect((await ann.getFlow(flowId)).status).toBe('returned')
  })
})

describe('in mid-flow', () => {
  it.each([
    ['a colleague', 'bob'],
    ['somebody of another tenant', 'cora'],
    ['somebody of another tenant with the same user id', 'namesake'],
  ])('%s who signs in in the same browser ends the flow', async (_who, name) => {
    stack.people.set('namesake', { tenantId: 'globex', userId: 'ann', canConnect: true })
    const { flowId, returnUrl } = await goToGitHub()
    ann.token = await stack.signToken(name)
    await ann.getConnection()
    await ann.navigate(returnUrl)
    ann.token = await stack.signToken('ann')
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
    expect(listPosts(stack.sandbox)).toEqual([])
    expect(listEvents(stack, 'person_changed')).toMatchObject([{ security: true, code: 'session_mismatch' }])
  })

  it('whoever lost the role ends with the flow forbidden', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    changePerson('ann', { canConnect: false })
    ann.token = await stack.signToken('ann')
    await ann.getConnection()
    await ann.navigate(returnUrl)
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'forbidden' })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('whoever signed out for good connects nothing once the token is over', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    ann.token = undefined
    stack.advance(6 * 60_000)
    await ann.navigate(returnUrl)
    stack.advance(10 * 60_000)
    ann.token = await stack.signToken('ann')
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'expired' })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('another person cannot finish what was returned, not even in the same browser', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    stack.advance(6 * 60_000)
    await ann.navigate(returnUrl)
    ann.token = await stack.signToken('cora')
    expect((await ann.fetchJson('POST', `/flows/${flowId}/finish`)).status).toBe(404)
    ann.token = await stack.signToken('ann')
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('nobody finishes from another browser what was returned in this one', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    stack.advance(6 * 60_000)
    await ann.navigate(returnUrl)
    const elsewhere = stack.browser()
    elsewhere.token = await stack.signToken('ann')
    expect(await elsewhere.fetchJson('POST', `/flows/${flowId}/finish`)).toMatchObject({
      status: 200,
      body: { status: 'returned' },
    })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('a flow cookie of somebody’s own making ends no flow', async () => {
    const { flowId } = await goToGitHub()
    const cora = stack.browser()
    cora.token = await stack.signToken('cora')
    cora.cookies.set(`__Host-connect-github-${flowId}`, 'x'.repeat(43))
    await cora.getConnection()
    expect((await ann.getFlow(flowId)).status).toBe('waiting')
  })
})

describe('the launch page', () => {
  it('leads on by the flow cookie alone', async () => {
    const { flowId } = await ann.startFlow()
    expect(await ann.launch(flowId)).toMatchObject({ status: 'ready' })
  })

  it('tells a browser without the cookie nothing, however the flow stands', async () => {
    const { flowId } = await ann.startFlow()
    stack.advance(6_000)
    const victim = stack.browser()
    expect((await victim.fetchJson('POST', `/flows/${flowId}/launch`)).status).toBe(403)
    ann.token = await stack.signToken('ann')
    await ann.fetchJson('POST', `/flows/${flowId}/cancel`)
    stack.advance(6_000)
    expect((await victim.fetchJson('POST', `/flows/${flowId}/launch`)).status).toBe(403)
  })

  it('is no use to a page that is not ours', async () => {
    const { flowId } = await ann.startFlow()
    const answer = await ann.send(`/flows/${flowId}/launch`, {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.example',
        'content-type': 'text/plain',
      },
      body: '{}',
    })
    expect(answer.status).toBe(403)
  })
})

describe('a token', () => {
  it.each(['/connection', `/flows/${'A'.repeat(22)}`])(
    'is needed for %s, whatever cookies there are',
    async (path) => {
      await goToGitHub()
      ann.token = undefined
      expect((await ann.fetchJson('GET', path)).status).toBe(401)
    },
  )

  it('that is refused is named in the log by its reason only', async () => {
    stack.advance(6 * 60_000)
    expect((await ann.fetchJson('GET', '/connection')).status).toBe(401)
    const [refused] = listEvents(stack, 'request_refused')
    expect(refused?.['detail']).toContain('expired')
    expect(stack.logLines.join('')).not.toContain(ann.token)
  })

  it('never reaches Layers', async () => {
    const { flowId, returnUrl } = await goToGitHub()
    await ann.navigate(returnUrl)
    await ann.waitForEnd(flowId)
    expect(JSON.stringify(stack.sandbox.requests)).not.toContain(ann.token)
  })
})
