// identify() fails in every way it can: on every route that asks who is there nobody is let in, and nothing is used up.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { identifyRequest, type Identify, type Identity } from '../../bff/identify.ts'
import { ROUTES } from '../../bff/routes/index.ts'
import { watchForChanges } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { Answer, TestBrowser } from '../stack/test-browser.ts'
import { ask, startBody } from './tenant-stage.ts'
import { pathOf, type Subject } from './tenant-rows.ts'

const IDENTIFY_TIMEOUT_MS = 5_000
const ANN: Identity = { tenantId: 'northwind', userId: 'ann', canConnect: true }

/** All routes on which it matters who is there. */
const ASKING = ROUTES.filter(
  ({ access, path }) => access === 'person' || access === 'own-page' || path === '/return',
)

/** A partner writes JavaScript as well, so the port can answer anything. */
function answering(answer: () => unknown): Identify {
  const answers: { identify: Identify } = JSON.parse('{}')
  Reflect.set(answers, 'identify', answer)
  return (request) => answers.identify(request)
}

const FAILURES: readonly [how: string, answer: () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('the session store is down')
    },
  ],
  ['throws something that is no error', () => Promise.reject(Object.create(null))],
  ['answers an identity of another shape', () => ({ ...ANN, tenantId: ['northwind'] })],
  ['answers an identity in a list', () => [ANN]],
  ['answers an identity as text', () => JSON.stringify(ANN)],
  ['answers false', () => false],
  ['answers an empty text', () => ''],
  [
    'answers an object that throws when it is read',
    () => ({
      ...ANN,
      get canConnect(): boolean {
        throw new Error('the session has expired')
      },
    }),
  ],
  ['answers a function', () => () => ANN],
  ['answers half a character', () => ({ ...ANN, userId: 'ann\ud83d' })],
]

let stack: Stack
let ann: TestBrowser
let subject: Subject
let identify = answering(() => ANN)

beforeAll(async () => {
  stack = await startStack({ bff: { identify: (request) => identify(request) } })
  ann = stack.browser('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  subject = { flowId, returnUrl: returnUrl ?? '' }
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => stack.close())

function askFor({ method, path, access }: (typeof ROUTES)[number]): Promise<Answer> {
  const route = `${method} ${path}`
  return ask(ann, { method, path: pathOf({ route }, subject), access }, startBody(subject.flowId))
}

/** What anybody could learn or gain from an answer. */
function summarize({ status, headers, text }: Answer): object {
  return {
    status,
    cookies: headers.getSetCookie(),
    isPublicText: text.includes('Something went wrong on our side.'),
    tells: /session store|northwind|expired|waiting/.exec(text)?.[0],
  }
}

const REFUSED = { status: 500, cookies: [], isPublicText: true, tells: undefined }

it('is asked on every route that is not for everybody', () => {
  expect(ASKING.map(({ method, path }) => `${method} ${path}`)).toEqual(
    expect.arrayContaining([
      'GET /connection',
      'POST /flows/:flowId/launch',
      'GET /return',
      'GET /repositories',
    ]),
  )
  expect(ASKING.length).toBeGreaterThanOrEqual(9)
})

describe.each(FAILURES)('an identify() that %s', (_how, answer) => {
  it.each(ASKING)('lets nobody in at $method $path', async (route) => {
    identify = answering(answer)
    const checkUnchanged = watchForChanges(stack)
    expect(summarize(await askFor(route))).toEqual(REFUSED)
    checkUnchanged()
  })
})

it.each(ASKING)('a hanging identify() lets nobody in at $method $path', async (route) => {
  const { promise: asked, resolve: noteAsked } = Promise.withResolvers<void>()
  identify = answering(() => {
    noteAsked()
    return new Promise(() => undefined)
  })
  const checkUnchanged = watchForChanges(stack)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const pending = askFor(route)
  await asked
  await vi.advanceTimersByTimeAsync(IDENTIFY_TIMEOUT_MS)
  expect(summarize(await pending)).toEqual(REFUSED)
  checkUnchanged()
})

it('used nothing up: the same flow goes on when identify() works again', async () => {
  identify = answering(() => ANN)
  await ann.navigate(subject.returnUrl)
  expect(await ann.waitForEnd(subject.flowId)).toMatchObject({ status: 'connected' })
})

it('takes over nothing that an answer inherits or carries besides', async () => {
  const answer: unknown = JSON.parse(
    '{"tenantId":"t","userId":"u","canConnect":false,"__proto__":{"canConnect":true}}',
  )
  const request = new IncomingMessage(new Socket())
  expect(
    await identifyRequest(
      answering(() => answer),
      request,
    ),
  ).toMatchObject({ canConnect: false })
})
