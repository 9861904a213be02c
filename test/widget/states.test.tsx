// @vitest-environment jsdom
import { act, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { ERRORS } from '../../bff/contract.ts'
import type { ConnectionView, ErrorCode, FlowView } from '../../bff/contract.ts'
import { ConnectGitHubError } from '../../widget/error.ts'
import { nameText } from '../../widget/error-texts.ts'
import { english } from '../../widget/messages.ts'
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
      'Waiting for you on GitHub',
      ['Open GitHub again', 'Start over', 'Cancel'],
    ],
    [
      'authorizing',
      withFlow({ status: 'authorizing' }),
      'Confirm there who you are',
      ['Continue on GitHub', 'Start over', 'Cancel'],
    ],
    [
      'authorizing',
      withFlow({ status: 'authorizing', mode: 'redirect' }),
      'One more step',
      ['Start over', 'Cancel'],
    ],
    [
      'refused',
      withFlow({ status: 'refused', error: 'ownership_not_proved' }),
      'Only an owner can connect this account',
      ['Start over'],
    ],
    [
      'refused',
      withFlow({ status: 'refused', error: 'ownership_declined' }),
      'did not confirm',
      ['Start over'],
    ],
    ['refused', withFlow({ status: 'refused', error: 'ownership_unavailable' }), 'try again', ['Start over']],
    [
      'conflict',
      withFlow({ status: 'conflict', error: 'account_mismatch' }),
      'Another GitHub account is expected',
      ['Start over', 'Check again'],
    ],
    [
      'blocked',
      withFlow({ status: 'blocked', error: 'ownership_misconfigured' }),
      'the support',
      ['Try again'],
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
      'Another customer of this site holds the only connection',
      ['Start over', 'Check again'],
    ],
    [
      'refused',
      withFlow({ status: 'refused', error: 'state_replayed' }),
      'Something went wrong',
      ['Start over'],
    ],
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
    ['view_only', { ...connected, canConnect: false }, 'Connected to acme-inc', ['Check again']],
    ['view_only', { ...notConnected, canConnect: false }, 'GitHub is not connected', ['Check again']],
    ['view_only', { ...notConnected, canConnect: false }, 'Only an administrator', ['Check again']],
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
    // The names of the contract's table are its codes.
    // eslint-disable-next-line typescript/no-unsafe-type-assertion
    for (const [code, { retryable }] of Object.entries(ERRORS) as [ErrorCode, { retryable: boolean }][]) {
      expect(english[nameText(code)].title, code).toBeTruthy()
      expect(english[nameText(code)].next, code).toBeTruthy()
      expect(new ConnectGitHubError(code).retryable, code).toBe(retryable)
    }
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
      expect(card().textContent?.includes('detached first')).toBe(account !== null)
    },
  )
})
