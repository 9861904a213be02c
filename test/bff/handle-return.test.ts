// The return from GitHub, check by check: what each refuses or lets pass, and what is said in the log.
import { describe, expect, it } from 'vitest'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import { ANN, createFlowRuntime, REQUEST_ID } from './flow-runtime.ts'
import { cancelsInstead, codeOf, ID, openReturn } from './one-return.ts'
import { startedFlow } from './started-flow.ts'

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
    const { bff, send, read, flow, installed } = await openReturn()
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
      const { send, installed } = await openReturn()
      expect(await codeOf(send(installed, headers))).toBe('binding')
    }
  })
})

describe('a return of nobody’s flow', () => {
  it('is refused when GitHub never sends such a query', async () => {
    const { send, installed } = await openReturn()
    expect(await codeOf(send(`${installed}&state=again`))).toBe('return_malformed')
  })

  it('is refused without a state, and the log says so', async () => {
    const { bff, send } = await openReturn()
    expect(await codeOf(send(`installation_id=${ID}`))).toBe('return_unknown')
    expect(bff.logged()).toEqual([
      { event: 'return_without_flow', security: true, requestId: REQUEST_ID, reason: 'no state' },
    ])
  })

  it('is refused with a state nobody made, and the log says so', async () => {
    const { bff, send } = await openReturn()
    expect(await codeOf(send(`state=made-up&installation_id=${ID}`))).toBe('return_unknown')
    expect(bff.logged()).toEqual([
      { event: 'return_without_flow', security: true, requestId: REQUEST_ID, reason: 'unknown state' },
    ])
  })

  it('is refused in another browser, and the log names the flow', async () => {
    const { bff, send, read, flow, names, installed } = await openReturn()
    expect(await codeOf(send(installed, { cookie: 'session=ann' }))).toBe('return_other_browser')
    expect(await read()).toEqual(flow)
    expect(bff.logged()).toEqual([
      { event: 'return_in_other_browser', security: true, ...names, code: 'return_other_browser' },
    ])
  })
})

describe('a return after the flow’s time', () => {
  it('ends the flow, to the millisecond', async () => {
    const early = await openReturn()
    early.bff.clock.now = early.flow.expiresAt - 1
    expect(await early.send(early.installed)).toMatchObject({ status: 'binding' })
    const late = await openReturn()
    late.bff.clock.now = late.flow.expiresAt
    expect(await late.send(late.installed)).toMatchObject({ status: 'expired', error: 'flow_expired' })
    expect(await late.read()).toMatchObject({ status: 'expired', installation: null })
    const incomplete = await openReturn()
    incomplete.bff.clock.now = incomplete.flow.expiresAt
    expect(await incomplete.send(`state=${incomplete.state}`)).toMatchObject({ status: 'expired' })
  })

  it('ends one that awaits approval, and one that GitHub’s authorize page was open for', async () => {
    const approval = await openReturn()
    await approval.send(`state=${approval.state}&setup_action=request`)
    approval.bff.clock.now = approval.flow.expiresAt
    expect(await approval.send(approval.installed)).toMatchObject({ status: 'expired' })
    const authorizing = await openReturn({ authorization: 'partner-app' })
    expect(await authorizing.send(authorizing.installed)).toMatchObject({ status: 'authorizing' })
    authorizing.bff.clock.now = authorizing.flow.expiresAt
    expect(await authorizing.send(authorizing.installed)).toMatchObject({ status: 'expired' })
  })

  it('leaves one alone that was acknowledged', async () => {
    const { bff, send, installed, flow } = await openReturn()
    await send(installed)
    bff.clock.now = flow.expiresAt + 1
    expect(await send(installed)).toMatchObject({ status: 'binding', error: null })
  })

  it('shows what another request has made of it meanwhile', async () => {
    const { send, bff, flow, installed, read } = await openReturn({
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
      const { bff, send, installed, names } = await openReturn()
      bff.person = person
      expect(await send(installed)).toMatchObject({ status: 'refused', error: code, installation: null })
      expect(bff.logged()).toEqual([{ event: 'return_refused', security: true, ...names, code }])
      expect(bff.wakes()).toBe(0)
    }
  })

  it('has to be who started, whatever else is wrong with the return', async () => {
    const { bff, send, state } = await openReturn()
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(`state=${state}`)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  })

  it('is shown what another request has made of the flow meanwhile', async () => {
    const { bff, send, installed } = await openReturn({ wrap: cancelsInstead })
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(installed)).toMatchObject({ status: 'cancelled' })
  })

  it('changes nothing of a flow that is past that', async () => {
    const { bff, send, installed } = await openReturn()
    await send(installed)
    bff.logged()
    bff.person = { ...ANN, userId: 'bob' }
    expect(await send(installed)).toMatchObject({ status: 'binding' })
    expect(bff.logged()).toEqual([])
  })

  it('is asked for later when nobody is known to be there', async () => {
    const { bff, send, installed } = await openReturn()
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
