// @vitest-environment jsdom
// The step between install and binding: GitHub says who the customer is.
import { act, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { acme, connected, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

/** A flow that was started here and came back from the install. */
async function authorizing() {
  const view = show(notConnected, { locale: 'en' })
  await view.reach('not_connected')
  press('Connect GitHub')
  await view.reach('waiting')
  const flowId = [...view.bff.flows.keys()][0] ?? ''
  act(() => view.bff.move({ status: 'authorizing' }))
  await view.reach('authorizing')
  return { ...view, flowId }
}

describe('a flow that has to prove who owns the account', () => {
  it('is told as an event, announced, and followed to its end', async () => {
    const { bff, reach, calls, flowId } = await authorizing()
    expect(screen.getByRole('status').textContent).toContain(
      'One more step on GitHub. Confirm there who you are',
    )
    act(() => bff.move({ status: 'binding' }))
    await reach('finishing')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    await vi.waitFor(() =>
      expect(calls.onSuccess).toHaveBeenCalledWith(connected, { flowId, status: 'connected' }),
    )
    expect(calls.onEvent.mock.calls.map(([event]) => event.type)).toEqual([
      'click',
      'waiting',
      'authorizing',
      'binding',
      'connected',
    ])
  })

  it('goes on in the same window through the launch page', async () => {
    const { open, bff, flowId } = await authorizing()
    press('Continue on GitHub')
    expect(open.mock.calls[1]?.[0]).toBe(`/connect/github/flows/${flowId}/launch`)
    expect(open.mock.calls[1]?.[1]).toBe(open.mock.calls[0]?.[1])
    expect(bff.count('POST /flows')).toBe(1)
  })

  it('goes on with a link to the same flow where the window is blocked, so that nothing has to be installed again', async () => {
    const { open, bff, card, calls, flowId } = await authorizing()
    open.mockReturnValue(null)
    press('Continue on GitHub')
    const link = screen.getByRole('link', { name: 'Continue in this tab' })
    expect(link.getAttribute('href')).toBe(`/connect/github/flows/${flowId}/launch`)
    expect(card().textContent).toContain('Your browser blocked the window')
    expect(bff.count('POST /flows')).toBe(1)
    await vi.waitFor(() =>
      expect(calls.onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: 'popup_blocked', flowId })),
    )
  })

  it('offers a link to whoever comes back to the page in the tab', async () => {
    const flow = someFlow({ status: 'authorizing', mode: 'redirect' })
    const { bff, reach } = show({ ...notConnected, flow })
    bff.flows.set(flow.flowId, flow)
    await reach('authorizing')
    expect(screen.getByRole('link', { name: 'Continue in this tab' }).getAttribute('href')).toBe(
      `/connect/github/flows/${flow.flowId}/launch`,
    )
  })

  it('can be cancelled, and started over', async () => {
    const { bff, reach, calls } = await authorizing()
    press('Start over')
    await reach('waiting')
    expect(bff.count('POST /flows')).toBe(2)
    press('Cancel')
    await reach('not_connected')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(2))
    expect(calls.onExit.mock.calls.map(([error]) => error)).toEqual([null, null])
  })

  it('does not speak of an app that is already installed, however long it takes', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { card } = await authorizing()
    await act(() => vi.advanceTimersByTimeAsync(60_000))
    expect(card().dataset['cghState']).toBe('authorizing')
    expect(card().textContent).not.toContain('already installed')
  })

  it('ends with its reason when the account is somebody else’s', async () => {
    const { bff, reach, calls, flowId } = await authorizing()
    const end = { status: 'refused', error: 'ownership_not_proved' } as const
    bff.connection = { ...notConnected, flow: { ...someFlow(end), flowId, version: 9 } }
    act(() => bff.move(end))
    await reach('refused')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
    expect(calls.onExit.mock.calls[0]?.[0]).toMatchObject({
      code: 'ownership_not_proved',
      retryable: true,
      displayMessage: expect.stringContaining('Only an owner can connect this account.'),
    })
  })
})
