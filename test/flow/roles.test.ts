// Somebody who started a flow may only look from now on: what each route still answers, and what becomes of the flow.
import { describe, expect, it } from 'vitest'
import type { FlowStatus } from '../../bff/contract.ts'
import { ROUTES } from '../../bff/routes/index.ts'
import { readAllRows } from '../bff/unchanged.ts'
import { ACCOUNT, ask, setStage, startBody, type Stage } from './tenant-stage.ts'
import { pathOf, type Subject } from './tenant-rows.ts'
import { listPosts } from './what-happened.ts'

/** What is answered, and how the flow is afterwards. */
interface Outcome {
  readonly status: number
  readonly shows?: object
  readonly flow: FlowStatus
}

interface Row {
  readonly route: string
  readonly body?: (subject: Subject) => string
  /** The session says at once that the role is gone. */
  readonly session: Outcome
  /** A token says so when a request brings it; the flow ends with that. */
  readonly token: Outcome
}

const FORBIDDEN = { status: 403, shows: { error: { code: 'forbidden' } } }
const ENDED = { status: 'refused', error: 'forbidden', account: null }
const forbidden = {
  session: { ...FORBIDDEN, flow: 'waiting' },
  token: { ...FORBIDDEN, flow: 'refused' },
} as const
const same = (outcome: Outcome) => ({ session: outcome, token: outcome })
const LISTED = { items: expect.any(Array), nextCursor: null }

const ROWS: readonly Row[] = [
  {
    route: 'GET /connection',
    session: {
      status: 200,
      shows: { status: 'connected', canConnect: false, flow: { status: 'waiting' } },
      flow: 'waiting',
    },
    token: { status: 200, shows: { status: 'connected', canConnect: false, flow: ENDED }, flow: 'refused' },
  },
  {
    route: 'GET /repositories',
    session: { status: 200, shows: LISTED, flow: 'waiting' },
    token: { status: 200, shows: LISTED, flow: 'refused' },
  },
  {
    // Pictures are off here.
    route: 'GET /avatar',
    session: { status: 404, flow: 'waiting' },
    token: { status: 404, flow: 'refused' },
  },
  { route: 'DELETE /connection', ...forbidden },
  { route: 'POST /flows', body: () => startBody(), ...forbidden },
  { route: 'POST /flows', body: ({ flowId }) => startBody(flowId), ...forbidden },
  {
    route: 'GET /flows/:flowId',
    session: { status: 200, shows: { status: 'waiting' }, flow: 'waiting' },
    token: { status: 200, shows: ENDED, flow: 'refused' },
  },
  {
    // Giving up needs no role.
    route: 'POST /flows/:flowId/cancel',
    session: { status: 200, shows: { status: 'cancelled' }, flow: 'cancelled' },
    token: { status: 200, shows: ENDED, flow: 'refused' },
  },
  {
    // There is nothing to confirm yet.
    route: 'POST /flows/:flowId/finish',
    session: { status: 200, shows: { status: 'waiting' }, flow: 'waiting' },
    token: { status: 200, shows: ENDED, flow: 'refused' },
  },
  {
    route: 'GET /flows/:flowId/launch',
    session: { status: 200, flow: 'waiting' },
    token: { status: 303, flow: 'waiting' },
  },
  {
    route: 'POST /flows/:flowId/launch',
    session: { ...FORBIDDEN, flow: 'waiting' },
    // Neither this page nor GitHub's redirect can carry a token: the newest one that was seen still said yes.
    token: { status: 200, shows: { status: 'ready' }, flow: 'waiting' },
  },
  {
    route: 'GET /return',
    session: { status: 303, flow: 'refused' },
    token: { status: 303, flow: 'connected' },
  },
  { route: 'GET /flows/:flowId/done', ...same({ status: 200, flow: 'waiting' }) },
  { route: 'GET /problem/:code', ...same({ status: 403, flow: 'waiting' }) },
  { route: 'POST /webhooks/github', ...same({ status: 403, flow: 'waiting' }) },
  { route: 'GET /healthz', ...same({ status: 200, flow: 'waiting' }) },
  { route: 'GET /readyz', ...same({ status: 200, flow: 'waiting' }) },
  { route: 'GET /openapi.json', ...same({ status: 200, flow: 'waiting' }) },
]

/** The tenant is connected, and ann is back from GitHub with another flow, but has not opened the return page. */
async function prepare({ ann }: Stage): Promise<Subject> {
  const { flow } = await ann.connect({ account: ACCOUNT })
  await ann.waitForEnd(flow.flowId)
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: ACCOUNT })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

async function takeRoleAway({ stack, ann, arrangement }: Stage): Promise<void> {
  const person = stack.people.get('ann')
  if (person == null) throw new Error('nobody is called ann')
  stack.people.set('ann', { ...person, canConnect: false })
  if (arrangement.identity === 'token') ann.token = await stack.signToken('ann')
}

/** As stored: asking over HTTP would show the token. */
function readStatus({ stack }: Stage, flowId: string): unknown {
  const rows = readAllRows(stack.databaseFile)['flows'] ?? []
  const row = rows.find(
    (one) => typeof one === 'object' && one !== null && Reflect.get(one, 'flow_id') === flowId,
  )
  return typeof row === 'object' && row !== null ? Reflect.get(row, 'status') : undefined
}

it('has a row for every route', () => {
  expect(new Set(ROWS.map(({ route }) => route))).toEqual(
    new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)),
  )
})

describe.each(['session', 'token'] as const)('with identity by %s', (identity) => {
  it.each(ROWS)('$route is answered as somebody who may only look is', async (row) => {
    const stage = await setStage({ identity, organizations: 'own' })
    try {
      const subject = await prepare(stage)
      const posts = listPosts(stage.stack.sandbox).length
      await takeRoleAway(stage)
      const expected = row[identity]
      const [method = ''] = row.route.split(' ')
      const access = ROUTES.find((route) => `${route.method} ${route.path}` === row.route)?.access ?? ''
      const path = pathOf({ route: row.route }, subject)
      const answer = await ask(stage.ann, { method, path, access }, row.body?.(subject))
      expect(answer.status).toBe(expected.status)
      if (expected.shows !== undefined) expect(JSON.parse(answer.text)).toMatchObject(expected.shows)
      // A BFF that stops lets what is under way end: here a binding on the word of the token that was seen.
      await stage.stack.restart()
      expect(readStatus(stage, subject.flowId)).toBe(expected.flow)
      expect(listPosts(stage.stack.sandbox)).toHaveLength(posts + (expected.flow === 'connected' ? 1 : 0))
    } finally {
      await stage.close()
    }
  })
})
