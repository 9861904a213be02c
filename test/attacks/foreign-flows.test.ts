// Attacks with the id of a flow that is somebody else's, guessed or stolen, on every route that takes one.
import { expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import type { Answer, TestBrowser } from '../stack/test-browser.ts'
import { testAttacks, type Check } from './attack.ts'
import { FLOW_OWNER, LAUNCH_COOKIE, LAUNCH_OWNER } from './checks.ts'
import type { Scene } from './scene.ts'

const DONE_COOKIE: Check = {
  name: 'the flow cookie on the page after GitHub',
  edits: [
    {
      file: 'routes/return.ts',
      from: 'flow !== undefined && hasFlowCookie(flow, runtime.secrets, ctx.req)',
      to: 'flow !== undefined',
    },
  ],
}

const START_OWNER: Check = {
  name: 'the tenant and user in starting a flow again',
  edits: [
    {
      file: 'flows/start-flow.ts',
      from: `const existing = await runtime.storage.findFlow(identity.tenantId, request.flowId)
  if (existing !== undefined && existing.userId === identity.userId)`,
      to: `const existing = await runtime.storage.findFlowById(request.flowId)
  if (existing !== undefined)`,
    },
  ],
}

/** What each route gives away about the flow, or does with it; all of `FLOW_ROUTES`, in an order in which each still can. */
const FLOW_ROUTES = [
  'GET /flows/:flowId/launch',
  'GET /flows/:flowId/done',
  'POST /flows/:flowId/launch',
  'GET /flows/:flowId',
  'POST /flows',
  'POST /flows/:flowId/finish',
  'POST /flows/:flowId/cancel',
]

it('lists every route that takes a flow id', () => {
  const routes = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((route) =>
    route.includes('/flows'),
  )
  expect(FLOW_ROUTES.toSorted()).toEqual(routes.toSorted())
})

async function useForeignFlow(scene: Scene, thief: string): Promise<readonly string[]> {
  const { flowId } = await scene.browser('ann').startFlow()
  const browser = scene.browser(thief)
  const own = await browser.startFlow()
  // The cookie of a flow of his own, under the name that the victim's would have.
  browser.cookies.set(
    `__Host-connect-github-${flowId}`,
    browser.cookies.get(`__Host-connect-github-${own.flowId}`) ?? '',
  )
  const gains: string[] = []
  for (const route of FLOW_ROUTES) {
    const answer = await call(browser, route, flowId)
    if (givesAway(answer, flowId)) gains.push(route)
  }
  const { status } = await scene.browser('ann').getFlow(flowId)
  return status === 'waiting' ? gains : [...gains, `the flow was led on to ${status}`]
}

async function call(browser: TestBrowser, route: string, flowId: string): Promise<Answer> {
  const [method = '', path = ''] = route.replace(':flowId', flowId).split(' ')
  if (method === 'GET' && path !== `/flows/${flowId}`) return browser.navigate(path)
  return browser.send(path, {
    method,
    headers: {
      // The page that launches has no token to show.
      authorization:
        browser.token === undefined || path.endsWith('/launch') ? undefined : `Bearer ${browser.token}`,
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      'content-type': method === 'POST' ? 'application/json' : undefined,
    },
    ...(method === 'POST'
      ? { body: JSON.stringify(path === '/flows' ? { flowId, mode: 'popup' } : {}) }
      : {}),
  })
}

/** The flow itself, or where it goes on: on GitHub, at a page of the flow's own. */
function givesAway({ status, text, headers }: Answer, flowId: string): boolean {
  const leadsToGitHub = headers.get('location')?.includes('/installations/new') === true
  return status < 400 && (text.includes(flowId) || text.includes('"ready"') || leadsToGitHub)
}

const WITHOUT_SESSION = [FLOW_OWNER, START_OWNER, LAUNCH_COOKIE, DONE_COOKIE]
const STOPPED_BY = { session: [...WITHOUT_SESSION, LAUNCH_OWNER], token: WITHOUT_SESSION }

/** Once started again by somebody else it has a cookie there, and the next token ends it. */
const REFUSED = 'the flow was led on to refused'

testAttacks('Another’s flow', [
  {
    does: 'uses the id of another tenant’s flow on every route',
    stoppedBy: STOPPED_BY,
    play: (scene) => useForeignFlow(scene, 'cora'),
    gains: { session: FLOW_ROUTES, token: [...FLOW_ROUTES, REFUSED] },
  },
  {
    does: 'uses the id of a colleague’s flow on every route',
    stoppedBy: STOPPED_BY,
    play: (scene) => useForeignFlow(scene, 'bob'),
    gains: {
      session: [...FLOW_ROUTES, 'the flow was led on to cancelled'],
      token: [...FLOW_ROUTES, REFUSED],
    },
  },
])
