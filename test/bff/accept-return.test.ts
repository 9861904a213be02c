// What a return from GitHub brings, once every check has let it pass: an installation, a code, or neither.
import { describe, expect, it } from 'vitest'
import { hashState } from '../../bff/flow-secrets.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import { unsealAuthorization } from '../../bff/ownership/authorization.ts'
import { ANN, REQUEST_ID } from './flow-runtime.ts'
import { cancelsInstead, claimOnlyJob, codeOf, ID, openReturn } from './one-return.ts'
import { startedFlow } from './started-flow.ts'

describe('an installation', () => {
  it('is accepted: sealed, indexed and queued, and the dispatcher hears of it', async () => {
    const { bff, send, installed, names, flow } = await openReturn()
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
    const { bff, send, installed, state, names } = await openReturn()
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
    const { bff, send, installed, names, state } = await openReturn()
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
    const { send, installed, read, flow, bff } = await openReturn({ failedBindingsPerTenant: 1 })
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
    const { bff, send, installed, flow } = await openReturn()
    const cancel = { from: ['waiting'], status: 'cancelled', error: null } as const
    await bff.runtime.storage.endFlow(flow.tenantId, flow.flowId, cancel)
    expect(await send(installed)).toMatchObject({ status: 'cancelled' })
    expect(bff.logged()).toEqual([])
    expect(bff.wakes()).toBe(0)
  })
})

describe('GitHub’s code', () => {
  it('of an install is kept when the installed App is the one that asks, and nothing more is needed', async () => {
    const { bff, send, installed } = await openReturn({ authorization: 'own-app' })
    const accepted = await send(`${installed}&code=c0de`)
    expect(accepted.status).toBe('binding')
    expect(await unsealAuthorization(bff.runtime.sealer, accepted)).toEqual({ code: 'c0de', from: 'install' })
  })

  it.each(['own-app', 'partner-app'] as const)(
    'is asked for when it is missing: %s',
    async (authorization) => {
      const { bff, send, installed, names } = await openReturn({ authorization })
      const accepted = await send(installed)
      expect(accepted).toMatchObject({ status: 'authorizing', authorizationSealed: null })
      expect(bff.logged()).toEqual([{ event: 'return_accepted', ...names, flowStatus: 'authorizing' }])
    },
  )

  it('of an install is nothing worth to another App, nor when nobody asks', async () => {
    const partner = await openReturn({ authorization: 'partner-app' })
    expect(await partner.send(`${partner.installed}&code=c0de`)).toMatchObject({
      status: 'authorizing',
      authorizationSealed: null,
    })
    for (const options of [{}, { authorization: 'none' }] as const) {
      const { send, installed } = await openReturn(options)
      expect(await send(`${installed}&code=c0de`)).toMatchObject({
        status: 'binding',
        authorizationSealed: null,
      })
    }
  })

  it('comes back from the authorize page under a state of its own', async () => {
    const { bff, send, installed, flow } = await openReturn({ authorization: 'partner-app' })
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
    const { bff, send, installed, flow } = await openReturn({ authorization: 'partner-app' })
    await send(installed)
    bff.person = null
    const state = bff.runtime.secrets.authorizeStateFor(flow)
    expect(await send(`state=${state}&code=c0de`)).toMatchObject({ status: 'returned' })
  })
})

describe('a return without an installation', () => {
  it('awaits approval when a member asked an owner, once, and an approval still comes through', async () => {
    const { bff, send, state, names, installed } = await openReturn()
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
    const { bff, send, state } = await openReturn({
      wrap: cancelsInstead,
    })
    expect(await send(`state=${state}&setup_action=request`)).toMatchObject({ status: 'cancelled' })
    expect(bff.logged()).toEqual([])
  })

  it('is refused, and the state stays good', async () => {
    for (const options of [{}, { authorization: 'none' }, { authorization: 'own-app' }] as const) {
      const { send, state, read, flow } = await openReturn(options)
      expect(await codeOf(send(`state=${state}&setup_action=install`))).toBe('missing_installation')
      expect(await read()).toEqual(flow)
    }
  })

  it('is refused with an error, too, when nobody has asked GitHub for anything but the installation', async () => {
    for (const options of [{}, { authorization: 'none' }, { authorization: 'partner-app' }] as const) {
      const { send, state } = await openReturn(options)
      expect(await codeOf(send(`state=${state}&error=access_denied`))).toBe('missing_installation')
    }
  })

  it('ends the flow when the customer would not say who they are, while approval is awaited as well', async () => {
    const { bff, send, state, names } = await openReturn({ authorization: 'own-app' })
    const denied = `state=${state}&error=access_denied`
    expect(await send(denied)).toMatchObject({ status: 'refused', error: 'ownership_declined' })
    expect(bff.logged()).toEqual([{ event: 'authorization_declined', ...names, reason: 'access_denied' }])
    const approval = await openReturn({ authorization: 'own-app' })
    await approval.send(`state=${approval.state}&setup_action=request`)
    expect(await approval.send(`state=${approval.state}&error=access_denied`)).toMatchObject({
      status: 'refused',
    })
    const accepted = await openReturn({ authorization: 'own-app' })
    await accepted.send(`${accepted.installed}&code=c0de`)
    expect(await accepted.send(`state=${accepted.state}&error=access_denied`)).toMatchObject({
      status: 'binding',
    })
  })
})
