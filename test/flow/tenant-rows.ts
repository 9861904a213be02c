// What each route answers to whom: the rows of the tenancy matrix. A route without a row fails the test that plays them.
import type { ErrorCode } from '../../bff/contract.ts'
import { expect } from 'vitest'
import { ACCOUNT, startBody, type Arrangement, type Asker } from './tenant-stage.ts'

/** Ann's flow, which waits on GitHub, and the URL with which GitHub would send her back. */
export interface Subject {
  readonly flowId: string
  readonly returnUrl: string
}

export interface Expected {
  readonly status: number
  /** What the JSON has to hold, at least. */
  readonly shows?: object
  /** Where a redirect has to lead, below PUBLIC_URL, without the query. */
  readonly leadsTo?: string
  /** What the page has to say. */
  readonly says?: string
  /** The answer may change rows of the tenant's that were there before. */
  readonly changes?: true
}

export type Answers = Readonly<Record<Asker, Expected>>

export interface Row {
  /** Method and path, as in the route table. */
  readonly route: string
  /** When a route has several rows. */
  readonly variant?: string
  readonly body?: (subject: Subject) => string
  readonly answers: (subject: Subject, arrangement: Arrangement) => Answers
}

const REPOSITORY = expect.objectContaining({ fullName: expect.stringMatching(new RegExp(`^${ACCOUNT}/`)) })

const refused = (status: number, code: ErrorCode): Expected => ({ status, shows: { error: { code } } })
const SIGN_IN = refused(401, 'session_required')
const FORBIDDEN = refused(403, 'forbidden')
const NOT_FOUND = refused(404, 'not_found')
const PENDING: Expected = { status: 202, shows: { status: 'pending' } }
const OTHER_BROWSER = refused(403, 'return_other_browser')

const everybody = (expected: Expected): Answers => ({
  nobody: expected,
  foreign: expected,
  looker: expected,
  colleague: expected,
  own: expected,
})

const NOTHING = {
  status: 'not_connected',
  account: null,
  reason: null,
  connectedAt: null,
  checkedAt: null,
  refreshing: false,
  manageUrl: null,
  avatarUrl: null,
  flow: null,
}
const CONNECTED = { ...NOTHING, status: 'connected', account: { login: ACCOUNT } }
const shown = (view: object, person: object): Expected => {
  const { connectedAt: _at, checkedAt: _checked, manageUrl: _url, ...rest } = { ...CONNECTED, ...view }
  return { status: 200, shows: { ...rest, ...person } }
}

/** A flow's own person sees it; for everybody else there is none. */
const ofOwnFlow = (own: Expected): Answers => ({ ...everybody(NOT_FOUND), nobody: SIGN_IN, own })

/** Pages say the same to everybody who is not the flow's own browser, signed in or not. */
const ofOwnBrowser = (own: Expected, others: Expected): Answers => ({ ...everybody(others), own })

export const ROWS: readonly Row[] = [
  {
    route: 'GET /connection',
    answers: ({ flowId }) => ({
      nobody: SIGN_IN,
      foreign: { status: 200, shows: { ...NOTHING, canConnect: true } },
      looker: shown({}, { canConnect: false }),
      colleague: shown({}, { canConnect: true }),
      own: shown({ flow: { flowId, status: 'waiting' } }, { canConnect: true }),
    }),
  },
  {
    route: 'DELETE /connection',
    answers: ({ flowId }) => ({
      nobody: SIGN_IN,
      foreign: { status: 200, shows: { ...NOTHING, canConnect: true } },
      looker: FORBIDDEN,
      colleague: {
        status: 200,
        shows: { ...NOTHING, manageUrl: expect.stringContaining(ACCOUNT) },
        changes: true,
      },
      // Nothing is left by then.
      own: { status: 200, shows: { ...NOTHING, flow: { flowId } }, changes: true },
    }),
  },
  {
    route: 'POST /flows',
    body: () => startBody(),
    answers: () => {
      const started = { status: 201, shows: { status: 'waiting', account: null } }
      // Ann's new flow takes the place of her older one.
      const own = { ...started, changes: true } as const
      return { nobody: SIGN_IN, foreign: started, looker: FORBIDDEN, colleague: started, own }
    },
  },
  {
    route: 'POST /flows',
    variant: 'with the id of the flow',
    body: ({ flowId }) => startBody(flowId),
    answers: ({ flowId }) => ({
      nobody: SIGN_IN,
      foreign: refused(400, 'invalid_request'),
      looker: FORBIDDEN,
      colleague: refused(400, 'invalid_request'),
      own: { status: 201, shows: { flowId, status: 'waiting' } },
    }),
  },
  {
    route: 'GET /flows/:flowId',
    answers: ({ flowId }) => ofOwnFlow({ status: 200, shows: { flowId, status: 'waiting' } }),
  },
  {
    route: 'POST /flows/:flowId/cancel',
    answers: ({ flowId }) =>
      ofOwnFlow({ status: 200, shows: { flowId, status: 'cancelled' }, changes: true }),
  },
  {
    route: 'POST /flows/:flowId/finish',
    answers: ({ flowId }) => ofOwnFlow({ status: 200, shows: { flowId, status: 'waiting' } }),
  },
  {
    route: 'GET /flows/:flowId/launch',
    answers: () =>
      ofOwnBrowser(
        { status: 303, leadsTo: '/apps/layers-connector/installations/new' },
        { status: 200, says: '<!doctype html>' },
      ),
  },
  {
    route: 'POST /flows/:flowId/launch',
    answers: (_, { identity }) => {
      const own = { status: 200, shows: { status: 'ready' } }
      // This page has no token to show, so with tokens all who lack the flow's cookie are the same.
      if (identity === 'token') return ofOwnBrowser(own, OTHER_BROWSER)
      return { nobody: SIGN_IN, foreign: PENDING, looker: FORBIDDEN, colleague: PENDING, own }
    },
  },
  {
    route: 'GET /return',
    answers: ({ flowId }) =>
      ofOwnBrowser(
        { status: 303, leadsTo: `/flows/${flowId}/done`, changes: true },
        { status: 303, leadsTo: '/problem/return_other_browser' },
      ),
  },
  {
    route: 'GET /flows/:flowId/done',
    answers: () =>
      ofOwnBrowser(
        { status: 200, says: 'Waiting for you on GitHub' },
        { status: 200, says: 'close this window' },
      ),
  },
  {
    route: 'GET /repositories',
    answers: () => {
      const listed = { status: 200, shows: { items: expect.arrayContaining([REPOSITORY]) } }
      return { ...everybody(listed), nobody: SIGN_IN, foreign: refused(409, 'not_connected') }
    },
  },
  // Pictures are off where nothing else needs GitHub.
  {
    route: 'GET /avatar',
    answers: () => ({ ...everybody(refused(404, 'not_found')), nobody: SIGN_IN }),
  },
  { route: 'POST /webhooks/github', answers: () => everybody(refused(403, 'request_not_trusted')) },
  { route: 'GET /problem/:code', answers: () => everybody({ status: 403, says: 'You may not connect' }) },
  { route: 'GET /healthz', answers: () => everybody({ status: 200, shows: { status: 'up' } }) },
  { route: 'GET /readyz', answers: () => everybody({ status: 200, shows: { status: 'ready' } }) },
  { route: 'GET /openapi.json', answers: () => everybody({ status: 200, shows: { openapi: '3.1.0' } }) },
]

/** The path to ask for. */
export function pathOf({ route }: Pick<Row, 'route'>, { flowId, returnUrl }: Subject): string {
  const path = route.slice(route.indexOf(' ') + 1)
  if (path === '/return') return returnUrl
  return path.replace(':flowId', flowId).replace(':code', 'forbidden')
}
