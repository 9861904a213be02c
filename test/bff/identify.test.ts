// The port that says who is asking fails closed: whatever it does wrong, nobody gets in.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { checkMayConnect, identifyRequest, requireIdentity, type Identify } from '../../bff/identify.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { countPosts, watchForChanges } from './unchanged.ts'

const ann = { tenantId: 'northwind', userId: 'ann', canConnect: true }
const request = new IncomingMessage(new Socket())
/** A partner writes JavaScript as well, so the port can answer anything. */
const answering = (answer: unknown): Identify => {
  const answers: { identify: Identify } = JSON.parse('{}')
  Reflect.set(answers, 'identify', () => answer)
  return answers.identify
}

describe('an answer that is no identity', () => {
  it.each([
    ['true', true],
    ['a text', 'ann'],
    ['an empty object', {}],
    ['a list', [ann]],
    ['without a tenant', { ...ann, tenantId: undefined }],
    ['with an empty tenant', { ...ann, tenantId: '' }],
    ['with a tenant that is a number', { ...ann, tenantId: 7 }],
    ['with a tenant that is an object', { ...ann, tenantId: { toString: () => 'northwind' } }],
    ['with a tenant of 201 characters', { ...ann, tenantId: 'x'.repeat(201) }],
    ['without a user', { ...ann, userId: undefined }],
    ['with a user that is null', { ...ann, userId: null }],
    ['without canConnect', { ...ann, canConnect: undefined }],
    ['with canConnect as a text', { ...ann, canConnect: 'false' }],
    ['with canConnect as a number', { ...ann, canConnect: 1 }],
    ['with an organization that would break the header', { ...ann, layersOrganization: 'org_1\r\nx: y' }],
    ['with an empty organization', { ...ann, layersOrganization: '' }],
  ])('%s is an error, and the log names the field', async (_, answer) => {
    const failure = await identifyRequest(answering(answer), request).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConnectError)
    expect(failure).toMatchObject({
      code: 'internal',
      detail: expect.stringContaining('not an Identity: check '),
    })
    expect(JSON.stringify(failure)).not.toContain('northwind')
  })
})

describe('an answer', () => {
  it('may carry more than is asked for, and a null for no organization', async () => {
    const answer = { ...ann, layersOrganization: null, role: 'admin' }
    const { layersOrganization: _none, ...expected } = { layersOrganization: undefined, ...ann }
    expect(await identifyRequest(answering(answer), request)).toMatchObject({
      ...expected,
      layersOrganization: undefined,
    })
  })

  it('of null or undefined is nobody', async () => {
    for (const nobody of [null, undefined])
      expect(await identifyRequest(answering(nobody), request)).toBeNull()
    expect(() => requireIdentity(null)).toThrow('Please sign in')
  })

  it('is taken as it is, with or without an organization', async () => {
    expect(await identifyRequest(answering(ann), request)).toEqual(ann)
    const own = { ...ann, layersOrganization: 'org_1' }
    expect(await identifyRequest(answering(Promise.resolve(own)), request)).toEqual(own)
  })

  it('of somebody who may look only is refused for changes', () => {
    expect(() => checkMayConnect({ ...ann, canConnect: false })).toThrow('You may not connect')
    expect(() => checkMayConnect(ann)).not.toThrow()
  })
})

describe('over HTTP', () => {
  let stack: Stack
  let behave: () => unknown = () => ann
  beforeAll(async () => {
    stack = await startStack({ bff: { identify: (incoming) => answering(behave())(incoming) } })
  })
  afterAll(() => stack.close())

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the session store is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the session store is down'))],
    ['answers something else', () => ({ ...ann, canConnect: 'yes' })],
  ])(
    'when it %s, every route for a person is 500 and says nothing, and nothing is written',
    async (_, broken) => {
      behave = broken
      const checkUnchanged = watchForChanges(stack)
      const browser = stack.browser()
      for (const [method, path] of [
        ['GET', '/connection'],
        ['POST', '/flows'],
        ['DELETE', '/connection'],
      ] as const) {
        const { status, body } = await browser.fetchJson(method, path, {})
        expect(status).toBe(500)
        expect(body).toMatchObject({
          error: { code: 'internal', message: 'Something went wrong on our side.' },
        })
      }
      checkUnchanged()
    },
  )

  it('when it throws on the return, nothing is used up, and the same URL works later', async () => {
    behave = () => ann
    const browser = stack.browser()
    const { flowId } = await browser.startFlow()
    const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), {
      account: 'acme-coffee',
    })
    behave = () => {
      throw new Error('the session store is down')
    }
    const checkUnchanged = watchForChanges(stack)
    const failed = await browser.navigate(returnUrl ?? '')
    expect(failed.status).toBe(500)
    expect(failed.headers.get('content-type')).toContain('text/html')
    checkUnchanged()
    behave = () => ann
    expect((await browser.navigate(returnUrl ?? '')).status).toBe(303)
    expect((await browser.waitForEnd(flowId)).status).toBe('connected')
    expect(countPosts(stack)).toBe(1)
  })
})
