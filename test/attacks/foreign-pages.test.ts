// Attacks by pages the victim has open beside the host page: on another site, on a sibling subdomain, in a sandboxed frame.
import { expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { testAttacks, type Attack, type Check } from './attack.ts'
import { fetchAsScript, sendBlindly, type ForeignPage, type ForeignRequest } from './foreign-page.ts'
import type { Scene } from './scene.ts'

const CHANGE_TRUSTED: Check = {
  name: 'the check where a change comes from',
  edits: [{ file: 'app.ts', from: '  else checkChangeTrusted(ctx, trusted)\n', to: '' }],
}

const JSON_ONLY: Check = {
  name: 'the demand for JSON',
  edits: [{ file: 'middleware/read-json.ts', from: '  checkMediaType(request)\n', to: '' }],
}

const LISTED_ORIGIN: Check = {
  name: 'the list of origins in changes',
  edits: [
    {
      file: 'middleware/trust-request.ts',
      from: 'if (origin !== undefined && !trusted.has(origin))',
      to: "if (origin === '')",
    },
  ],
}

const WHOLE_ORIGIN: Check = {
  name: 'the comparison of whole origins',
  edits: [
    {
      file: 'middleware/trust-request.ts',
      from: 'return new Set([...config.allowedOrigins, config.publicOrigin])',
      to: 'return { has: (origin) => origin.endsWith(new URL(config.publicOrigin).host) }',
    },
  ],
}

const NAMED_ORIGIN: Check = {
  name: 'the refusal of a page that has no name',
  edits: [
    {
      file: 'middleware/trust-request.ts',
      from: "typeof origin === 'string' && origin !== ''",
      to: "typeof origin === 'string' && origin !== 'null'",
    },
    {
      file: 'middleware/trust-request.ts',
      from: '  if (origin === undefined)\n',
      to: "  if (origin === '')\n",
    },
  ],
}

const OWN_METHOD: Check = {
  name: 'the rule that a request’s method is the one it was sent with',
  edits: [
    {
      file: 'app.ts',
      from: '    const path = findRoutePath(',
      to: `    const override = ctx.get('x-http-method-override') || new URLSearchParams(ctx.querystring).get('_method')
    if (override) ctx.method = override
    const path = findRoutePath(`,
    },
  ],
}

const CORS_LIST: Check = {
  name: 'the list of origins in CORS answers',
  edits: [
    {
      file: 'middleware/trust-request.ts',
      from: 'const isListed = trusted.has(origin)',
      to: "const isListed = origin !== ''",
    },
  ],
}

const LISTED_READS: Check = {
  name: 'the list of origins in reads',
  edits: [
    {
      file: 'app.ts',
      from: "if (route.method === 'GET') checkReadable(ctx, trusted)\n  else",
      to: "if (route.method !== 'GET')",
    },
  ],
}

const EVIL: ForeignPage = { origin: 'https://evil.example', site: 'cross-site' }
/** Of the BFF's own http://localhost:9999: a subdomain, and a name that ends alike. */
const SIBLINGS: readonly ForeignPage[] = [
  { origin: 'http://evil.localhost:9999', site: 'same-site' },
  { origin: 'http://notlocalhost:9999', site: 'cross-site' },
]
/** A sandboxed frame or a `data:` page, in browsers with and without Fetch Metadata. */
const NAMELESS: readonly ForeignPage[] = [
  { origin: 'null', site: 'cross-site' },
  { origin: 'null', site: 'same-site' },
  { origin: 'null', site: undefined },
]
const OLD_BROWSERS: readonly ForeignPage[] = [
  { origin: undefined, site: undefined },
  { origin: EVIL.origin, site: undefined },
]

/** In an order in which each still has something to change. */
const CHANGES = [
  'POST /flows/:flowId/launch',
  'POST /flows/:flowId/finish',
  'POST /flows/:flowId/cancel',
  'POST /flows',
  'DELETE /connection',
]
const CHANGES_BY_POST = CHANGES.filter((change) => change.startsWith('POST'))
/** What a cookie alone can do when connect tokens say who is asking. */
const CHANGES_BY_COOKIE = ['POST /flows/:flowId/launch']

it('lists every route that changes something for a browser', () => {
  const routes = ROUTES.filter(({ method, access }) => method !== 'GET' && access !== 'signed')
  expect(CHANGES.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted())
})

/** Somebody whose tenant is connected, and who is connecting once more. */
async function createVictim(scene: Scene): Promise<{ victim: TestBrowser; flowId: string }> {
  const victim = scene.browser('ann')
  const first = await scene.goToGitHub(victim)
  await victim.navigate(first.returnUrl)
  await scene.settle('ann', first.flowId)
  const { flowId } = await victim.startFlow()
  await victim.getInstallUrl(flowId)
  return { victim, flowId }
}

/** @returns those of `CHANGES` that any of the pages brought about. */
async function changeFrom(
  scene: Scene,
  pages: readonly ForeignPage[],
  extra: readonly Readonly<Record<string, string>>[],
  send: (
    victim: TestBrowser,
    page: ForeignPage,
    request: ForeignRequest,
  ) => Promise<{ status: number } | undefined>,
): Promise<readonly string[]> {
  const { victim, flowId } = await createVictim(scene)
  const gains = new Set<string>()
  for (const name of CHANGES) {
    const [method = '', path = ''] = name.replace(':flowId', flowId).split(' ')
    for (const page of pages) {
      for (const headers of extra) {
        const body = JSON.stringify(path === '/flows' ? { flowId: createFlowId(), mode: 'popup' } : {})
        const answer = await send(victim, page, {
          method,
          path,
          headers,
          ...(method === 'POST' ? { body } : {}),
        })
        if (answer !== undefined && answer.status < 400) gains.add(name)
      }
    }
  }
  return [...gains]
}

const BY_FORM = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((type) => ({
  'content-type': type,
}))
const AS_WIDGET = [{ 'content-type': 'application/json', 'x-connect-github': '1' }]
const sendByForm: typeof sendBlindly = (victim, page, request) =>
  sendBlindly(victim, page, { ...request, method: 'POST' })

const attacks: readonly Attack[] = [
  {
    does: 'sends a form, or a request that may not be asked about, to every changing route',
    stoppedBy: { session: [CHANGE_TRUSTED, JSON_ONLY], token: [CHANGE_TRUSTED, JSON_ONLY] },
    play: (scene) =>
      changeFrom(scene, [EVIL, ...SIBLINGS, ...NAMELESS, ...OLD_BROWSERS], BY_FORM, sendByForm),
    gains: { session: CHANGES_BY_POST, token: CHANGES_BY_COOKIE },
  },
  {
    does: 'asks with CORS, as the widget would, from another site and from a sibling subdomain',
    stoppedBy: { session: [CORS_LIST, LISTED_ORIGIN] },
    play: (scene) => changeFrom(scene, [EVIL, ...SIBLINGS, ...NAMELESS], AS_WIDGET, fetchAsScript),
    gains: CHANGES,
  },
  {
    does: 'gets the widget’s own header through from another site',
    stoppedBy: { session: [LISTED_ORIGIN], token: [LISTED_ORIGIN] },
    play: (scene) => changeFrom(scene, [EVIL, { ...EVIL, site: undefined }], AS_WIDGET, sendBlindly),
    gains: { session: CHANGES, token: CHANGES_BY_COOKIE },
  },
  {
    does: 'asks from a sibling subdomain, and from a host whose name ends like ours',
    stoppedBy: { session: [WHOLE_ORIGIN] },
    play: (scene) => changeFrom(scene, SIBLINGS, AS_WIDGET, fetchAsScript),
    gains: CHANGES,
  },
  {
    does: 'gets the widget’s own header through from a frame without an origin',
    stoppedBy: { session: [NAMED_ORIGIN] },
    play: (scene) => changeFrom(scene, NAMELESS, AS_WIDGET, sendBlindly),
    gains: CHANGES,
  },
  {
    does: 'makes a DELETE out of an image and of a form',
    stoppedBy: { session: [OWN_METHOD, CHANGE_TRUSTED] },
    async play(scene) {
      const { victim } = await createVictim(scene)
      const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
      await sendBlindly(victim, EVIL, { method: 'GET', path: '/connection?_method=DELETE' })
      await sendBlindly(victim, EVIL, {
        method: 'POST',
        path: '/connection?_method=DELETE',
        body: '_method=DELETE',
      })
      await sendBlindly(victim, EVIL, { method: 'POST', path: '/connection', headers, body: '{}' })
      const { status } = await victim.getConnection()
      return status === 'connected' ? [] : ['the connection is forgotten']
    },
  },
  {
    does: 'reads what the victim has',
    stoppedBy: { session: [CORS_LIST, LISTED_READS] },
    async play(scene) {
      const { victim, flowId } = await createVictim(scene)
      const gains = new Set<string>()
      for (const path of ['/connection', `/flows/${flowId}`, '/repositories']) {
        for (const page of [EVIL, ...SIBLINGS, ...NAMELESS]) {
          const answer = await fetchAsScript(victim, page, { method: 'GET', path })
          if (answer?.status === 200) gains.add(path.replace(flowId, ':flowId'))
        }
      }
      return [...gains]
    },
    gains: ['/connection', '/flows/:flowId', '/repositories'],
  },
]

testAttacks('Foreign pages', attacks)
