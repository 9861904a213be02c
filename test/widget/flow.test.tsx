// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { acme, connected, errorAnswer, json, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const connect = 'Connect GitHub'

describe('the click', () => {
  it('opens our launch page and locks the button before anything is awaited', async () => {
    const { open, card, reach, bff } = show()
    await reach('not_connected')
    press(connect)
    expect(open).toHaveBeenCalledTimes(1)
    expect(card().dataset['cghState']).toBe('opening')
    press(connect)
    expect(open).toHaveBeenCalledTimes(1)
    await reach('waiting')
    const sent = bff.requests.find(({ method }) => method === 'POST')
    const { flowId } = sent?.body ?? {}
    expect(flowId).toMatch(/^[\w-]{22}$/)
    expect(sent?.body).toEqual({ flowId, mode: 'popup', returnTo: location.href })
    expect(sent?.credentials).toBe('include')
    expect(open.mock.calls[0]?.[0]).toBe(`/connect/github/flows/${flowId}/launch`)
    expect(open.mock.calls[0]?.[1]).toContain(flowId)
  })

  it('goes on with a link in the page when the window is blocked', async () => {
    const { open, reach, bff, calls } = show()
    open.mockReturnValue(null)
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    const sent = bff.requests.find(({ method }) => method === 'POST')
    const { flowId, mode } = sent?.body ?? {}
    expect(mode).toBe('redirect')
    const link = screen.getByRole('link', { name: 'Continue in this tab' })
    expect(link.getAttribute('href')).toBe(`/connect/github/flows/${flowId}/launch`)
    expect(calls.onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: 'popup_blocked', flowId }))
  })

  it('closes the window and offers a retry when the flow cannot be started', async () => {
    const { bff, popup, reach, calls } = show()
    await reach('not_connected')
    bff.once('POST /flows', () => errorAnswer(429, 'rate_limited'))
    press(connect)
    await reach('failed')
    expect(popup.close).toHaveBeenCalled()
    expect(screen.getByText('Too many tries')).toBeTruthy()
    expect(calls.onError).toHaveBeenCalledTimes(1)
    expect(calls.onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'rate_limited',
      requestId: 'req-1',
      retryable: true,
    })
    expect(calls.onExit).toHaveBeenCalledTimes(1)
    press('Try again')
    await reach('waiting')
  })

  it.each([
    ['blocked', 'scope_missing', 'blocked'],
    ['conflict', 'already_bound', 'conflict'],
    ['cancelled', 'flow_cancelled', 'not_connected'],
    ['expired', 'flow_expired', 'expired'],
  ] as const)('closes the window when the flow is answered as %s', async (status, error, state) => {
    const { bff, popup, reach, calls } = show()
    await reach('not_connected')
    bff.once('POST /flows', () => {
      const { flowId = '' } = bff.requests.at(-1)?.body ?? {}
      const flow = someFlow({ flowId, status, error })
      bff.flows.set(flowId, flow)
      bff.connection = { ...notConnected, flow }
      return json(flow, 201)
    })
    press(connect)
    await vi.waitFor(() => expect(popup.close).toHaveBeenCalled())
    await reach(state)
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
  })

  it('does nothing while disabled', async () => {
    const { open, reach } = show(notConnected, { disabled: true })
    await reach('not_connected')
    press(connect)
    expect(open).not.toHaveBeenCalled()
  })

  it('opens no window in redirect mode', async () => {
    const { bff, open, reach } = show(notConnected, { mode: 'redirect', returnTo: '/settings' })
    // jsdom cannot navigate: the flow never starts here, so that nothing has to.
    bff.once('POST /flows', () => new Promise(() => {}))
    await reach('not_connected')
    press(connect)
    await vi.waitFor(() => expect(bff.count('POST /flows')).toBe(1))
    expect(open).not.toHaveBeenCalled()
    expect(bff.requests.at(-1)?.body).toMatchObject({ mode: 'redirect', returnTo: '/settings' })
  })
})

describe.each([
  ['once', false],
  ['in StrictMode', true],
])('a flow, rendered %s', (_, strict) => {
  it('is followed by long polls to its end and calls each callback once', async () => {
    const { bff, reach, calls } = show(notConnected, {}, strict)
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    act(() => bff.move({ status: 'binding' }))
    await reach('finishing')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    await vi.waitFor(() => expect(calls.onSuccess).toHaveBeenCalledTimes(1))
    const flowId = [...bff.flows.keys()][0]
    expect(calls.onSuccess).toHaveBeenCalledWith(connected, { flowId, status: 'connected' })
    expect(calls.onExit).not.toHaveBeenCalled()
    expect(calls.onLoad).toHaveBeenCalledTimes(1)
    expect(calls.onEvent.mock.calls.map(([event]) => event.type)).toEqual([
      'click',
      'waiting',
      'binding',
      'connected',
    ])
    expect(sessionStorage.length).toBe(0)
  })
})

describe('callbacks', () => {
  it('are the latest closures, whatever was rendered at the click', async () => {
    const { bff, reach, rerender, element, calls } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    const fresh = vi.fn()
    rerender(element({ onSuccess: fresh }))
    act(() => bff.move({ status: 'connected', account: acme }))
    await vi.waitFor(() => expect(fresh).toHaveBeenCalledTimes(1))
    expect(calls.onSuccess).not.toHaveBeenCalled()
  })

  it('tell a cancelled flow as an exit without an error', async () => {
    const { reach, calls, popup } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    press('Cancel')
    await reach('not_connected')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
    expect(calls.onExit.mock.calls[0]).toEqual([null, expect.objectContaining({ status: 'cancelled' })])
    expect(calls.onError).not.toHaveBeenCalled()
    expect(popup.close).toHaveBeenCalled()
  })

  it('tell a refused flow with its code and text', async () => {
    const { bff, reach, calls } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    const ended = { status: 'refused', error: 'installation_not_found' } as const
    bff.connection = {
      ...notConnected,
      flow: { ...someFlow(ended), flowId: [...bff.flows.keys()][0] ?? '', version: 3 },
    }
    act(() => bff.move(ended))
    await reach('refused')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
    expect(calls.onError).toHaveBeenCalledTimes(1)
    expect(calls.onExit.mock.calls[0]?.[0]).toMatchObject({
      code: 'installation_not_found',
      displayMessage: expect.stringContaining('not installed'),
    })
  })

  it('do not fire on an instance that only watches', async () => {
    const { bff, reach, calls } = show({ ...notConnected, flow: someFlow() })
    bff.flows.set(someFlow().flowId, someFlow())
    await reach('waiting')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(calls.onSuccess).not.toHaveBeenCalled()
    expect(calls.onEvent).not.toHaveBeenCalled()
  })

  it('that throw do not stop the flow', async () => {
    const onUncaught = vi.fn()
    process.once('uncaughtException', onUncaught)
    const { bff, reach } = show(notConnected, {
      onEvent: ({ type }) => {
        if (type === 'binding') throw new Error('host')
      },
    })
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    act(() => bff.move({ status: 'binding' }))
    await reach('finishing')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(onUncaught).toHaveBeenCalledTimes(1)
  })
})
