// The return from GitHub, check by check: what each refuses or lets pass, what is written, and what is said in the log.
import { describe, expect, it } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import { unsealAuthorization } from '../../bff/ownership/authorization.ts'
import { hashState } from '../../bff/flow-secrets.ts'
import type { Flow } from '../../bff/storage/storage.ts'
import {
  ANN,
  createFlowRuntime,
  REQUEST_ID,
  type FlowRuntime,
  type FlowRuntimeOptions,
} from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

const ID = 61_200_417

async function open(options: FlowRuntimeOptions = {}) {
  const bff = await createFlowRuntime(options)
  const { flow, state } = await startedFlow(bff)
  const send = (
    query: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<Flow> => {
    const request = bff.requestOf(flow, headers)
    request.method = method
    return handleReturn(bff.runtime, { request, query, requestId: REQUEST_ID })
  }
  const read = async (): Promise<Flow> =>
    (await bff.runtime.storage.findFlow(flow.tenantId, flow.flowId)) ?? flow
  const names = {
    requestId: REQUEST_ID,
    flow: bff.runtime.secrets.pseudonymOf(flow.flowId),
    tenant: bff.runtime.secrets.pseudonymOf(flow.tenantId),
  }
  const installed = `state=${state}&setup_action=install&installation_id=${ID}`
  return { bff, flow, state, send, read, names, installed }
}

async function codeOf(returned: Promise<Flow>): Promise<string> {
  return returned.then(
    ({ status }) => status,
    (error: unknown) => {
      if (!(error instanceof ConnectError)) throw error
      return error.code
    },
  )
}

/** Another request is quicker than each change of a flow. */
const cancelsInstead: FlowRuntimeOptions['wrap'] = (storage) => ({
  async endFlow(tenantId, flowId) {
    const cancel = { from: ['waiting'], status: 'cancelled', error: null } as const
    await storage.endFlow(tenantId, flowId, cancel)
    return undefined
  },
})

async function claimOnlyJob({ runtime }: FlowRuntime) {
  const jobs = await runtime.storage.claimJobs('test', { leaseMs: 1000, limit: 10 })
  expect(jobs).toHaveLength(1)
  return jobs[0]
}

describe('a request that is no navigation of a person', () => {
  it.each<[string, string, Record<string, string>]>([
    ['HEAD', 'HEAD', {}],
    ['POST', 'POST', {}],
    ['a prefetch', 'GET', { 'sec-purpose': 'prefetch' }],
    ['a prerendering', 'GET', { 'sec-purpose': 'prefetch;prerender' }],
    ['a prerendering, said shortly', 'GET', { 'sec-purpose': 'prerender' }],
    ['a prefetch of an older browser', 'GET', { purpose: 'prefetch' }],
    ['a preview of an older browser', 'GET', { purpose: 'preview' }],
    ['a prefetch of an old Firefox', 'GET', { 'x-moz': 'prefetch' }],
    ['a script', 'GET', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a script that says document', 'GET', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'document' }],
    ['a frame', 'GET', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['an image', 'GET', { 'sec-fetch-dest': 'image' }],
  ])('%s is refused and uses nothing up', async (_, method, headers) => {
    const { bff, send, read, flow, installed } = await open()
    await expect(send(installed, headers, method)).rejects.toMatchObject({ code: 'request_not_trusted' })
    expect(await read()).toEqual(flow)
    expect(bff.logged()).toEqual([])
  })

  it('is one that its browser calls so; others, and older browsers, pass', async () => {
    for (const headers of [
      {},
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { purpose: 'x' },
    ]) {
      const { send, installed } = await open()
      expect(await codeOf(send(installed, headers))).toBe('binding')
    }
  })
})

describe('a return of nobody’s flow', () => {
  it('is refused when GitHub never sends such a query', async () => {
    const { send, installed } = await open()
    expect(await codeOf(send(`${installed}&state=again`))).toBe('return_malformed')
  })

  it('is refused without a state, and the log says so', async () => {
    const { bff, send } = await open()
    expect(await codeOf(send(`installation_id=${ID}`))).toBe('return_unknown')
    expect(bff.logged()).toEqual([
      { event: 'return_without_flow', security: true, requestId: REQUEST_ID, reason: 'no state' },
    ])
  })

  it('is refused with a state nobody made, and the log says so', async () => {
    const { bff, send } = await open()
    expect(await codeOf(send(`state=made-up&installation_id=${ID}`))).toBe('return_unknown')
    expect(bff.logged()).toEqual([
      { event: 'return_without_flow', security: true, requestId: REQUEST_ID, reason: 'unknown state' },
    ])
  })

  it('is refused in another browser, and the log names the flow', async () => {
    const { bff, send, read, flow, names, installed } = await open()
    expect(await codeOf(send(installed, { cookie: 'session=ann' }))).toBe('return_other_browser')
    expect(await read()).toEqual(flow)
    expect(bff.logged()).toEqual([
      { event: 'return_in_other_browser', security: true, ...names, code: 'return_other_browser' },
    ])
  })
})

describe('a return after the flow’s time', () => {
  it('ends the flow, to the millisecond', async () => {
    const early = await open()
    early.bff.clock.now = early.flow.expiresAt - 1
    expect(await early.send(early.installed)).toMatchObject({ status: 'binding' })
    const late = await open()
    late.bff.clock.now = late.flow.expiresAt
    expect(await late.send(late.installed)).toMatchObject({ status: 'expired', error: 'flow_expired' })
    expect(await late.read()).toMatchObject({ status: 'expired', installation: null })
    const incomplete = await open()
    incomplete.bff.clock.now = incomplete.flow.expiresAt
    expect(await incomplete.send(`state=${incomplete.state}`)).toMatchObject({ status: 'expired' })
  })

  it('ends one that awaits approval, and one that GitHub’s authorize page was open for', async () => {
    const approval = await open()
    await approval.send(`state=${approval.state}&setup_action=request`)
    approval.bff.clock.now = approval.flow.expiresAt
    expect(await approval.send(approval.installed)).toMatchObject({ status: 'expired' })
    const authorizing = await open({ authorization: 'partner-app' })
    expect(await authorizing.send(authorizing.installed)).toMatchObject({ status: 'authorizing' })
    authorizing.bff.clock.now = authorizing.flow.expiresAt
    expect(await authorizing.send(authorizing.installed)).toMatchObject({ status: 'expired' })
  })

  it('leaves one alone that was acknowledged', async () => {
    const { bff, send, installed, flow } = await open()
    await send(installed)
    bff.clock.now = flow.expiresAt + 1
    expect(await send(installed)).toMatchObject({ status: 'binding', error: null })
  })

  it('shows what another request has made of it meanwhile', async () => {
    const { send, bff, flow, installed, read } = await open({
      wrap: cancelsInstead,
    })
    bff.clock.now = flow.expiresAt
    expect(await send(installed)).toMatchObject({ status: 'cancelled' })
    expect(await read()).toMatchObject({ status: 'cancelled' })
  })
})

describe('whoever is there', () => {
  it('has to be who started; otherwise the flow ends, and the log says why', async () => {
    for (const [person, code] of [
      [{ ...ANN, userId: 'bob' }, 'session_mismatch'],
      [{ ...ANN, canConnect: false }, 'forbidden'],
    ] as const) {
      const { bff, send, installed, names } = await open()
      bff.person = person
      expect(await send(installed)).toMatchObject({ status: 'refused', error: code, installation: null })
      expect(bff.logged()).toEqual([{ event: 'return_refused', security: true, ...names, code }])
      expect(bff.wakes()).toBe(0)
    }
  })

  it('has to be who started, whatever else is wrong with the return', async () => {
    const { bff, send, state } = await open()
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(`state=${state}`)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  })

  it('is shown what another request has made of the flow meanwhile', async () => {
    const { bff, send, installed } = await open({ wrap: cancelsInstead })
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(installed)).toMatchObject({ status: 'cancelled' })
  })

  it('changes nothing of a flow that is past that', async () => {
    const { bff, send, installed } = await open()
    await send(installed)
    bff.logged()
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(installed)).toMatchObject({ status: 'binding' })
    expect(bff.logged()).toEqual([])
  })

  it('is asked for later when nobody is known to be there', async () => {
    const { bff, send, installed } = await open()
    bff.person = null
    expect(await send(installed)).toMatchObject({ status: 'returned' })
  })

  it('is vouched for by the newest connect token, until that expires', async () => {
    const until = async (usesConnectTokens: boolean, left: number | null): Promise<string> => {
      const bff = await createFlowRuntime({ usesConnectTokens })
      const validUntil = left === null ? undefined : bff.clock.now + left
      const { flow, state } = await startedFlow(bff, { ...ANN, validUntil })
      bff.person = null
      const query = `state=${state}&installation_id=${ID}`
      const arrival = { request: bff.requestOf(flow), query, requestId: REQUEST_ID }
      return (await handleReturn(bff.runtime, arrival)).status
    }
    expect(await until(true, 1)).toBe('binding')
    expect(await until(true, 0)).toBe('returned')
    expect(await until(true, null)).toBe('returned')
    expect(await until(false, 1)).toBe('returned')
  })
})

describe('an installation', () => {
  it('is accepted: sealed, indexed and queued, and the dispatcher hears of it', async () => {
    const { bff, send, installed, names, flow } = await open()
    const accepted = await send(installed)
    expect(accepted).toMatchObject({ status: 'binding', authorizationSealed: null })
    const { sealer, secrets } = bff.runtime
    expect(accepted.installation?.index).toBe(secrets.indexOf(ID))
    const sealed = accepted.installation?.sealed ?? ''
    expect(await sealer.unseal('installation', flow.tenantId, sealed)).toBe(String(ID))
    expect(bff.wakes()).toBe(1)
    expect(bff.logged()).toEqual([{ event: 'return_accepted', ...names, flowStatus: 'binding' }])
    expect(await claimOnlyJob(bff)).toMatchObject({ flow: { flowId: flow.flowId }, requestId: REQUEST_ID })
  })

  it('that comes again changes nothing, and another one with the same state is refused', async () => {
    const { bff, send, installed, state, names } = await open()
    const accepted = await send(installed)
    bff.logged()
    expect(await send(installed)).toEqual(accepted)
    expect(bff.logged()).toEqual([])
    expect(bff.wakes()).toBe(1)
    expect(await codeOf(send(`state=${state}&installation_id=${ID + 1}`))).toBe('state_replayed')
    expect(bff.logged()).toMatchObject([
      { event: 'state_replayed_with_other_installation', security: true, ...names },
    ])
    expect(bff.wakes()).toBe(0)
  })

  it('that another tenant holds ends the flow, and the log names it', async () => {
    const { bff, send, installed, names, state } = await open()
    const stranger = {
      tenantId: 'globex',
      userId: 'cora',
      canConnect: true,
      layersOrganization: 'org_globex',
    }
    const theirs = await startedFlow(bff, stranger, 'G'.repeat(22))
    bff.person = stranger
    const query = `state=${theirs.state}&installation_id=${ID}`
    await handleReturn(bff.runtime, { request: bff.requestOf(theirs.flow), query, requestId: REQUEST_ID })
    bff.logged()
    bff.wakes()
    bff.person = ANN
    expect(state).not.toBe(theirs.state)
    expect(await send(installed)).toMatchObject({ status: 'refused', error: 'installation_in_use' })
    expect(bff.wakes()).toBe(0)
    expect(bff.logged()).toEqual([
      { event: 'installation_taken', security: true, ...names, code: 'installation_in_use' },
    ])
  })

  it('is not accepted when the tenant has no further try', async () => {
    const { send, installed, read, flow, bff } = await open({ failedBindingsPerTenant: 1 })
    const other = await startedFlow(bff, { ...ANN, userId: 'bob' }, 'B'.repeat(22))
    bff.person = { ...ANN, userId: 'bob' }
    const query = `state=${other.state}&installation_id=${ID}`
    await handleReturn(bff.runtime, { request: bff.requestOf(other.flow), query, requestId: REQUEST_ID })
    bff.person = ANN
    bff.logged()
    expect(await codeOf(send(installed))).toBe('rate_limited')
    expect(await read()).toEqual(flow)
    expect(bff.logged()).toMatchObject([{ event: 'failed_bindings_burst', requestId: REQUEST_ID }])
  })

  it('of a flow that has ended is shown as it ended, without a word', async () => {
    const { bff, send, installed, flow } = await open()
    const cancel = { from: ['waiting'], status: 'cancelled', error: null } as const
    await bff.runtime.storage.endFlow(flow.tenantId, flow.flowId, cancel)
    expect(await send(installed)).toMatchObject({ status: 'cancelled' })
    expect(bff.logged()).toEqual([])
    expect(bff.wakes()).toBe(0)
  })
})

describe('GitHub’s code', () => {
  it('of an install is kept when the installed App is the one that asks, and nothing more is needed', async () => {
    const { bff, send, installed } = await open({ authorization: 'own-app' })
    const accepted = await send(`${installed}&code=c0de`)
    expect(accepted.status).toBe('binding')
    expect(await unsealAuthorization(bff.runtime.sealer, accepted)).toEqual({ code: 'c0de', from: 'install' })
  })

  it.each(['own-app', 'partner-app'] as const)(
    'is asked for when it is missing: %s',
    async (authorization) => {
      const { bff, send, installed, names } = await open({ authorization })
      const accepted = await send(installed)
      expect(accepted).toMatchObject({ status: 'authorizing', authorizationSealed: null })
      expect(bff.logged()).toEqual([{ event: 'return_accepted', ...names, flowStatus: 'authorizing' }])
    },
  )

  it('of an install is nothing worth to another App, nor when nobody asks', async () => {
    const partner = await open({ authorization: 'partner-app' })
    expect(await partner.send(`${partner.installed}&code=c0de`)).toMatchObject({
      status: 'authorizing',
      authorizationSealed: null,
    })
    for (const options of [{}, { authorization: 'none' }] as const) {
      const { send, installed } = await open(options)
      expect(await send(`${installed}&code=c0de`)).toMatchObject({
        status: 'binding',
        authorizationSealed: null,
      })
    }
  })

  it('comes back from the authorize page under a state of its own', async () => {
    const { bff, send, installed, flow } = await open({ authorization: 'partner-app' })
    await send(installed)
    const state = bff.runtime.secrets.authorizeStateFor(flow)
    expect(hashState(state)).not.toBe(flow.stateHash)
    const authorized = await send(`state=${state}&code=c0de`)
    expect(authorized.status).toBe('binding')
    const authorization = await unsealAuthorization(bff.runtime.sealer, authorized)
    expect(authorization).toEqual({ code: 'c0de', from: 'authorize' })
    expect(await claimOnlyJob(bff)).toMatchObject({ flow: { flowId: flow.flowId } })
  })

  it('is kept until somebody is known to be there', async () => {
    const { bff, send, installed, flow } = await open({ authorization: 'partner-app' })
    await send(installed)
    bff.person = null
    const state = bff.runtime.secrets.authorizeStateFor(flow)
    expect(await send(`state=${state}&code=c0de`)).toMatchObject({ status: 'returned' })
  })
})

describe('a return without an installation', () => {
  it('awaits approval when a member asked an owner, once, and an approval still comes through', async () => {
    const { bff, send, state, names, installed } = await open()
    const asked = `state=${state}&setup_action=request`
    const waiting = await send(asked)
    expect(waiting).toMatchObject({ status: 'awaiting_approval', error: null })
    expect(bff.logged()).toEqual([{ event: 'return_awaits_approval', ...names }])
    expect(await send(asked)).toEqual(waiting)
    expect(bff.logged()).toEqual([])
    expect(await send(installed)).toMatchObject({ status: 'binding' })
    expect(await send(asked)).toMatchObject({ status: 'binding' })
  })

  it('shows what another request has made of the flow while approval was asked for', async () => {
    const { bff, send, state } = await open({
      wrap: cancelsInstead,
    })
    expect(await send(`state=${state}&setup_action=request`)).toMatchObject({ status: 'cancelled' })
    expect(bff.logged()).toEqual([])
  })

  it('is refused, and the state stays good', async () => {
    for (const options of [{}, { authorization: 'none' }, { authorization: 'own-app' }] as const) {
      const { send, state, read, flow } = await open(options)
      expect(await codeOf(send(`state=${state}&setup_action=install`))).toBe('missing_installation')
      expect(await read()).toEqual(flow)
    }
  })

  it('is refused with an error, too, when nobody has asked GitHub for anything but the installation', async () => {
    for (const options of [{}, { authorization: 'none' }, { authorization: 'partner-app' }] as const) {
      const { send, state } = await open(options)
      expect(await codeOf(send(`state=${state}&error=access_denied`))).toBe('missing_installation')
    }
  })

  it('ends the flow when the customer would not say who they are, while approval is awaited as well', async () => {
    const { bff, send, state, names } = await open({ authorization: 'own-app' })
    const denied = `state=${state}&error=access_denied`
    expect(await send(denied)).toMatchObject({ status: 'refused', error: 'ownership_declined' })
    expect(bff.logged()).toEqual([{ event: 'authorization_declined', ...names, reason: 'access_denied' }])
    const approval = await open({ authorization: 'own-app' })
    await approval.send(`state=${approval.state}&setup_action=request`)
    expect(await approval.send(`state=${approval.state}&error=access_denied`)).toMatchObject({
      status: 'refused',
    })
    const accepted = await open({ authorization: 'own-app' })
    await accepted.send(`${accepted.installed}&code=c0de`)
    expect(await accepted.send(`state=${accepted.state}&error=access_denied`)).toMatchObject({
      status: 'binding',
    })
  })
})
