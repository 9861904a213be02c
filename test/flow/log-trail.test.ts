// A flow can be followed in the log from the click to the binding: by its pseudonym, and by the ids of the requests that moved it.
import { afterEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../bff/index.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { loadBroken } from './load-broken-bff.ts'

let stack: Stack
afterEach(() => stack.close())

interface Line {
  readonly event: string
  readonly requestId?: string
  readonly flow?: string
  readonly tenant?: string
  readonly method?: string
  readonly route?: string
}

function readLines(): readonly Line[] {
  return stack.logLines.map((line): Line => JSON.parse(line))
}

/** The lines about flows, each with the request it names: its route, as that request's own line has it. */
function listTrail(): readonly (readonly [event: string, request: string])[] {
  const lines = readLines()
  const requests = new Map(
    lines.flatMap(({ event, requestId = '', method, route }) =>
      event === 'request' ? [[requestId, `${method} ${route}`] as const] : [],
    ),
  )
  return lines
    .filter(({ flow }) => flow !== undefined)
    .map(({ event, requestId }) => [event, requests.get(requestId ?? '') ?? 'no request'] as const)
}

const CLICK = 'POST /flows'
const RETURN = 'GET /return'

/** Layers fails once, so that there is more to say about the binding than how it ended. */
async function connectWithOneFailure(options: StackOptions = {}): Promise<void> {
  stack = await startStack(options)
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL' })
  const ann = stack.browser()
  const { flow } = await ann.connect()
  expect((await ann.waitForEnd(flow.flowId)).status).toBe('connected')
  await stack.waitForLog((line) => line.includes('"binding_settled"'))
}

describe('each line about a flow', () => {
  it('names the request that caused it, down to the binding that Layers refused at first', async () => {
    await connectWithOneFailure()
    expect(listTrail()).toEqual([
      ['flow_created', CLICK],
      ['return_accepted', RETURN],
      ['binding_failed', RETURN],
      ['binding_retry', RETURN],
      ['binding_settled', RETURN],
    ])
  })

  it('carries one pseudonym of the flow and one of the tenant, and neither id', async () => {
    await connectWithOneFailure()
    const about = readLines().filter(({ flow }) => flow !== undefined)
    expect(new Set(about.map(({ flow, tenant }) => `${flow} ${tenant}`)).size).toBe(1)
    const text = stack.logLines.join('')
    expect(text).not.toContain('northwind')
    expect(text).not.toContain(stack.sandbox.states[0]?.state)
  })

  it('names the confirmation when it was that which queued the binding', async () => {
    stack = await startStack()
    const ann = stack.browser()
    const flow = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flow.flowId), {
      account: 'acme-coffee',
    })
    const known: Identity | null = stack.people.get('ann') ?? null
    // As with a cookie that is SameSite=Strict: nobody is seen on the way back from GitHub.
    stack.people.set('ann', null)
    await ann.navigate(returnUrl ?? '')
    stack.people.set('ann', known)
    await ann.fetchJson('POST', `/flows/${flow.flowId}/finish`)
    await ann.waitForEnd(flow.flowId)
    await stack.waitForLog((line) => line.includes('"binding_settled"'))
    const finish = 'POST /flows/:flowId/finish'
    expect(listTrail()).toEqual([
      ['flow_created', CLICK],
      ['return_accepted', RETURN],
      ['return_confirmed', finish],
      ['binding_settled', finish],
    ])
  })

  it('still names the return after a restart', async () => {
    stack = await startStack({ bff: { retryPolicy: { baseMs: 60_000 } } })
    const ann = stack.browser()
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL' })
    const { flow } = await ann.connect()
    await stack.waitForLog((line) => line.includes('"binding_retry"'))
    await stack.restart()
    stack.advance(10 * 60_000)
    await stack.restart()
    expect((await ann.waitForEnd(flow.flowId)).status).toBe('connected')
    await stack.waitForLog((line) => line.includes('"binding_settled"'))
    expect(listTrail().at(-1)).toEqual(['binding_settled', RETURN])
  })

  it('does not, in a build that does not keep the request with the job', async () => {
    const insert = "VALUES (@flowId, @tenantId, coalesce(@organization, ''), @index, @requestId, @now)"
    const build = loadBroken([
      { file: 'storage/sqlite-returns.ts', from: insert, to: insert.replace('@requestId', 'NULL') },
    ])
    await connectWithOneFailure({ build })
    expect(listTrail()).toContainEqual(['binding_settled', 'no request'])
  })
})
