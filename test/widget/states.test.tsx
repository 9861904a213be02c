// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ERRORS } from '../../bff/contract.ts'
import type { ConnectionView, FlowView } from '../../bff/contract.ts'
import { ConnectGitHubError } from '../../widget/error.ts'
import { english, TEXT_OF } from '../../widget/messages.ts'
import { connected, errorAnswer, json, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const withFlow = (flow: Partial<FlowView>, connection: ConnectionView = notConnected) => ({
  ...connection,
  flow: someFlow(flow),
})
const buttons = () => screen.queryAllByRole('button').map((button) => button.textContent)

describe('what the customer sees', () => {
  it('is a skeleton while loading', () => {
    const { card } = show()
    expect(card().dataset['cghState']).toBe('loading')
    expect(buttons()).toEqual([])
  })

  it.each<[string, ConnectionView, string, string[]]>([
    ['not_connected', notConnected, 'Connect your GitHub organization', ['Connect GitHub']],
    ['connected', connected, 'acme-inc', ['Disconnect']],
    [
      'waiting',
      withFlow({ status: 'waiting' }),
      'Continue on GitHub',
      ['Open GitHub again', 'Start over', 'Cancel'],
    ],
    ['finishing', withFlow({ status: 'binding' }), 'Finishing the connection', []],
    [
      'awaiting_approval',
      withFlow({ status: 'awaiting_approval' }),
      'approv',
      ['Copy message', 'Check again', 'Start over'],
    ],
    [
      'conflict',
      withFlow({ status: 'conflict', error: 'already_bound', account: { login: 'other', type: 'User' } }),
      'other',
      ['Start over', 'Check again'],
    ],
    [
      'conflict',
      withFlow({ status: 'conflict', error: 'already_bound' }),
      'Another customer account of this site holds the only connection',
      ['Start over', 'Check again'],
    ],
    ['refused', withFlow({ status: 'refused', error: 'state_replayed' }), 'GitHub’s answer', ['Start over']],
    ['refused', withFlow({ status: 'refused', error: 'state_replayed' }), '0123456789ab', ['Start over']],
    ['expired', withFlow({ status: 'expired', error: 'flow_expired' }), 'took too long', ['Start over']],
    [
      'not_connected',
      withFlow({ status: 'cancelled', error: 'flow_cancelled' }),
      'Connect your',
      ['Connect GitHub'],
    ],
    [
      'not_connected',
      withFlow({ status: 'superseded', error: 'flow_superseded' }),
      'Connect your',
      ['Connect GitHub'],
    ],
    ['blocked', withFlow({ status: 'blocked', error: 'scope_missing' }), 'scope_missing', ['Try again']],
    ['blocked', withFlow({ status: 'blocked', error: 'scope_missing' }), '0123456789ab', ['Try again']],
    ['view_only', { ...connected, canConnect: false }, 'Connected to acme-inc', []],
    ['view_only', { ...notConnected, canConnect: false }, 'GitHub is not connected', []],
    ['view_only', { ...notConnected, canConnect: false }, 'Only an administrator', []],
    [
      'connected',
      withFlow({ status: 'conflict', error: 'already_bound' }, connected),
      'acme-inc',
      ['Disconnect'],
    ],
  ])('is %s for %o', async (state, connection, text, actions) => {
    const { bff, card, reach } = show(connection)
    if (connection.flow) bff.flows.set(connection.flow.flowId, connection.flow)
    await reach(state)
    expect(card().textContent).toContain(text)
    expect(buttons()).toEqual(actions)
  })

  it.each(['uninstalled', 'suspended', 'detached', 'unusable'] as const)(
    'is why to reconnect: %s',
    async (reason) => {
      const { card, reach } = show({ ...connected, status: 'reconnect', reason })
      await reach('reconnect')
      expect(card().textContent).toContain(english[reason].title)
      expect(buttons()).toEqual(['Reconnect', 'Disconnect'])
      expect(screen.getByRole('link', { name: 'Manage on GitHub' }).getAttribute('href')).toBe(
        connected.manageUrl,
      )
    },
  )

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['session_required', () => errorAnswer(401, 'session_required'), 'Please sign in'],
    ['view_only', () => errorAnswer(403, 'forbidden'), 'You may not connect GitHub'],
    ['failed', () => errorAnswer(503, 'storage_unavailable'), 'req-1'],
    ['failed', () => new Response('<html>'), 'unexpected_answer'],
    ['failed', () => json({ ...connected, manageUrl: 'javascript:alert(1)' }), 'unexpected_answer'],
    ['failed', () => Promise.reject(new TypeError('Failed to fetch')), 'cannot be reached right now'],
    [
      'offline',
      () => {
        vi.spyOn(navigator, 'onLine', 'get').mockReturnValueOnce(false)
        return Promise.reject(new TypeError('Failed to fetch'))
      },
      'offline',
    ],
  ])('is %s when nothing can be loaded, and goes on by itself', async (state, answer, text) => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { card, reach, calls } = show(notConnected, {}, false, (bff) => bff.once('GET /connection', answer))
    await reach(state)
    expect(card().textContent).toContain(text)
    expect(calls.onError).toHaveBeenCalledTimes(1)
    await act(() => vi.advanceTimersByTimeAsync(2_000))
    await reach('not_connected')
  })

  it('says what to do after a minute of waiting, and after ten seconds of finishing', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { bff, card, reach } = show(withFlow({}))
    bff.flows.set(someFlow().flowId, someFlow())
    await reach('waiting')
    expect(card().textContent).not.toContain('already installed')
    await act(() => vi.advanceTimersByTimeAsync(60_000))
    expect(card().textContent).toContain('already installed')
    act(() => bff.move({ status: 'binding' }))
    await reach('finishing')
    expect(card().textContent).not.toContain('longer than usual')
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(card().textContent).toContain('longer than usual')
  })

  it('has a text for each code, and knows which are worth another try', () => {
    const texts = new Map<string, unknown>(Object.entries(english))
    const names = new Map<string, string>(Object.entries(TEXT_OF))
    for (const code of Object.keys(ERRORS))
      expect(texts.get(names.get(code) ?? ''), code).toHaveProperty('title')
    expect(new ConnectGitHubError('kill_switch').retryable).toBe(ERRORS.kill_switch.retryable)
    expect(new ConnectGitHubError('rate_limited').retryable).toBe(ERRORS.rate_limited.retryable)
  })

  it('asks again while the server refreshes, and stops after some tries', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { bff, reach } = show({ ...connected, refreshing: true })
    await reach('connected')
    await act(() => vi.advanceTimersByTimeAsync(60_000))
    expect(bff.count('GET /connection')).toBe(11)
  })
})

describe('the connected account', () => {
  it('is named in the title, isolated from the direction of the text around it', async () => {
    const { card, reach } = show(connected, { locale: 'en' })
    await reach('connected')
    const title = card().querySelector('strong')
    expect(title?.textContent).toBe('Connected to acme-inc')
    expect(title?.querySelector('bdi')?.textContent).toBe('acme-inc')
    expect(card().textContent).toContain('Organization · since March 4, 2026')
  })

  it('is isolated wherever a translation puts it', async () => {
    const { card, reach } = show(connected, { messages: { connectedTo: 'Mit {account} verbunden' } })
    await reach('connected')
    const title = card().querySelector('strong')
    expect(title?.textContent).toBe('Mit acme-inc verbunden')
    expect(title?.querySelector('bdi')?.textContent).toBe('acme-inc')
  })
})

describe('a conflict', () => {
  it.each([null, { login: 'other', type: 'User' } as const])(
    'asks for the support of this site, not for an action that is not there: %o',
    async (account) => {
      const { card, reach } = show(withFlow({ status: 'conflict', error: 'already_bound', account }))
      await reach('conflict')
      expect(card().textContent).toContain('the support of this site')
      expect(card().textContent).not.toContain('isconnect')
      expect(card().textContent?.includes('detached at Layers')).toBe(account !== null)
    },
  )
})

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
    expect(card().textContent).toContain('still installed on GitHub')
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
    await vi.waitFor(() => expect(card().textContent).toContain('The service is busy'))
  })
})

describe('the message for the owner', () => {
  afterEach(() => Reflect.deleteProperty(navigator, 'clipboard'))

  it.each([
    ['Copied', () => Promise.resolve()],
    ['Press Ctrl+C or ⌘C to copy', () => Promise.reject(new Error('denied'))],
  ])('is copied and answered with “%s”', async (answer, write) => {
    const writeText = vi.fn<(text: string) => Promise<void>>(write)
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
    const { reach } = show(withFlow({ status: 'awaiting_approval' }))
    await reach('awaiting_approval')
    fireEvent.click(screen.getByRole('button', { name: 'Copy message' }))
    await screen.findByRole('button', { name: answer })
    expect(writeText.mock.calls[0]?.[0]).toContain(`open ${location.origin}/`)
    expect(writeText.mock.calls[0]?.[0]).toContain('press “Connect GitHub”')
    expect(screen.getByRole('status').textContent).toBe(answer)
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
      subtree: true,
    })
    const answer = 'Checked just now: not approved yet.'
    for (const times of [1, 2]) {
      await act(() => vi.advanceTimersByTimeAsync(100))
      fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
      await act(() => vi.advanceTimersByTimeAsync(100))
      expect(card().querySelector('.cgh-note')?.textContent).toBe(answer)
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
})
