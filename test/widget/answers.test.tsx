// @vitest-environment jsdom
// What the card answers to a press: confirmation, copy, another check; and what the live region says.
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import { connected, errorAnswer, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const withFlow = (flow: Partial<FlowView>) => ({ ...notConnected, flow: someFlow(flow) })

function askToDisconnect() {
  const button = screen.getByRole('button', { name: 'Disconnect' })
  button.focus()
  fireEvent.click(button)
}

describe('disconnecting', () => {
  it('asks first, in place, with the focus on the safe answer', async () => {
    const { bff, card, reach } = show(connected)
    await reach('connected')
    askToDisconnect()
    expect(card().textContent).toContain('stays installed')
    expect(document.activeElement?.textContent).toBe('Keep connected')
    fireEvent.keyDown(document.activeElement ?? card(), { key: 'Escape' })
    expect(document.activeElement?.textContent).toBe('Disconnect')
    expect(bff.count('DELETE /connection')).toBe(0)
    askToDisconnect()
    fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
    await reach('not_connected')
    expect(document.activeElement?.textContent).toBe('Connect GitHub')
    expect(card().textContent).toContain('stays installed on GitHub')
    expect(screen.getByRole('link', { name: 'Manage on GitHub' }).getAttribute('href')).toBe(
      connected.manageUrl,
    )
    expect(bff.requests.find(({ method }) => method === 'DELETE')?.headers.get('x-connect-github')).toBe('1')
  })

  it('keeps the connection on screen and says why when it fails', async () => {
    const { bff, card, reach, calls } = show(connected)
    await reach('connected')
    bff.once('DELETE /connection', () => errorAnswer(503, 'upstream_unavailable'))
    fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
    fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
    await vi.waitFor(() => expect(calls.onError).toHaveBeenCalledTimes(1))
    expect(card().dataset['cghState']).toBe('connected')
    await vi.waitFor(() => expect(card().textContent).toContain('Something went wrong'))
  })
})

describe('the message for the owner', () => {
  afterEach(() => Reflect.deleteProperty(navigator, 'clipboard'))

  it.each([
    ['Copied', () => Promise.resolve()],
    ['Copy it yourself', () => Promise.reject(new Error('denied'))],
  ])('is copied and answered with “%s”', async (answer, write) => {
    const writeText = vi.fn<(text: string) => Promise<void>>(write)
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
    const { card, reach } = show(withFlow({ status: 'awaiting_approval' }))
    await reach('awaiting_approval')
    fireEvent.click(screen.getByRole('button', { name: 'Copy message' }))
    await vi.waitFor(() => expect(card().querySelector('[data-cgh-part=text]')?.textContent).toBe(answer))
    expect(writeText.mock.calls[0]?.[0]).toContain(`open ${location.origin}/`)
    expect(writeText.mock.calls[0]?.[0]).toContain('press “Connect GitHub”')
    await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe(`${answer}.`))
  })
})

describe('checking again while an owner has not approved', () => {
  it('says so, once per press', async () => {
    vi.useFakeTimers()
    const { bff, card, reach } = show(withFlow({ status: 'awaiting_approval' }))
    await reach('awaiting_approval')
    const spoken: (string | null)[] = []
    const live = screen.getByRole('status')
    new MutationObserver(() => spoken.push(live.textContent)).observe(live, {
      childList: true,
      characterData: true,
      subtree: true,
    })
    const answer = 'Checked: not approved yet.'
    for (const times of [1, 2]) {
      await act(() => vi.advanceTimersByTimeAsync(100))
      fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
      await act(() => vi.advanceTimersByTimeAsync(100))
      expect(card().querySelector('[data-cgh-part=text]')?.textContent).toBe(answer)
      expect(spoken.filter((text) => text === answer)).toHaveLength(times)
    }
    expect(bff.count('GET /connection')).toBe(3)
  })

  it('says nothing of the kind when the answer is another', async () => {
    const { bff, card, reach } = show(withFlow({ status: 'awaiting_approval' }))
    await reach('awaiting_approval')
    bff.connection = connected
    fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
    await reach('connected')
    expect(card().textContent).not.toContain('not approved yet')
  })
})

describe('the live region', () => {
  it('is silent about what the page loads with, and speaks each change once', async () => {
    const { bff, reach } = show(undefined, { locale: 'en' })
    await reach('not_connected')
    expect(screen.getAllByRole('status')).toHaveLength(1)
    expect(screen.getByRole('status').textContent).toBe('')
    const spoken: (string | null)[] = []
    new MutationObserver(() => spoken.push(screen.getByRole('status').textContent)).observe(
      screen.getByRole('status'),
      {
        childList: true,
        characterData: true,
        subtree: true,
      },
    )
    fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
    await reach('waiting')
    act(() => bff.move({ status: 'connected', account: connected.account }))
    await reach('connected')
    await vi.waitFor(() =>
      expect(spoken.at(-1)).toBe('Connected to acme-inc. Organization · since March 4, 2026.'),
    )
    expect(new Set(spoken).size).toBe(spoken.length)
  })

  it('says nothing of the connection while it disconnects, only what becomes of it', async () => {
    const { reach } = show(connected)
    await reach('connected')
    askToDisconnect()
    expect(screen.getByRole('status').textContent).toContain('Disconnect GitHub?')
    const spoken: (string | null)[] = []
    const live = screen.getByRole('status')
    new MutationObserver(() => spoken.push(live.textContent)).observe(live, {
      childList: true,
      characterData: true,
      subtree: true,
    })
    fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
    await reach('not_connected')
    await vi.waitFor(() => expect(spoken).toEqual(['Connect your GitHub organization.']))
  })
})
