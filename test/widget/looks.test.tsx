// @vitest-environment jsdom
// What a host page can build on: the attributes of the root and its parts, the layouts, and the slot for details.
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { useCard } from '../../widget/ConnectGitHub.tsx'
import { connected, errorAnswer, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const part = (name: string) => document.querySelector(`[data-cgh-part=${name}]`)
const actions = () =>
  [...(part('actions')?.children ?? [])].map((action) => action.getAttribute('data-cgh-part'))
const withFlow = (change: Parameters<typeof someFlow>[0]): ConnectionView => ({
  ...notConnected,
  flow: someFlow(change),
})

it.each<[string, ConnectionView, string, string[]]>([
  ['not_connected', notConnected, 'idle', ['connect']],
  ['not_connected', { ...notConnected, manageUrl: connected.manageUrl }, 'idle', ['connect', 'manage']],
  ['waiting', withFlow({}), 'busy', ['openAgain', 'startOver', 'cancel']],
  ['waiting', withFlow({ mode: 'redirect' }), 'busy', ['openAgain', 'startOver', 'cancel']],
  ['finishing', withFlow({ status: 'binding' }), 'busy', []],
  ['connected', connected, 'good', ['manage', 'disconnect']],
  ['view_only', { ...connected, canConnect: false }, 'good', ['checkAgain']],
  [
    'awaiting_approval',
    withFlow({ status: 'awaiting_approval' }),
    'warn',
    ['copy', 'checkAgain', 'startOver'],
  ],
  ['expired', withFlow({ status: 'expired', error: 'flow_expired' }), 'warn', ['startOver']],
  ['blocked', withFlow({ status: 'blocked', error: 'scope_missing' }), 'bad', ['tryAgain']],
])('names state, tone and actions on stable attributes: %s', async (state, connection, tone, names) => {
  const { bff, card, reach } = show(connection)
  if (connection.flow) bff.flows.set(connection.flow.flowId, connection.flow)
  await reach(state)
  expect(card().dataset).toMatchObject({ cghPart: 'root', cghTone: tone, cghLayout: 'card' })
  expect(actions()).toEqual(names)
  expect(part('title')?.tagName).toBe('STRONG')
  expect(part('text')?.textContent).toBeTruthy()
})

it('says on the root which layout it has, and none where it is unstyled', async () => {
  const { card, reach, rerender, element } = show(notConnected, { appearance: { layout: 'compact' } })
  await reach('not_connected')
  expect(card().dataset['cghLayout']).toBe('compact')
  rerender(element({ unstyled: true }))
  expect(card().dataset['cghLayout']).toBeUndefined()
  expect(part('actions')).not.toBeNull()
})

it('leaves the theme attribute away where the page decides', async () => {
  const { card, reach } = show(notConnected, { appearance: { theme: 'auto' } })
  await reach('not_connected')
  expect(card().dataset['cghTheme']).toBeUndefined()
})

it('shows details only while connected, also while it asks whether to disconnect', async () => {
  const { reach } = show(connected, { details: <p>Three repositories</p> })
  expect(screen.queryByText('Three repositories')).toBeNull()
  await reach('connected')
  fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  expect(screen.getByText('Three repositories')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  await reach('not_connected')
  expect(screen.queryByText('Three repositories')).toBeNull()
})

it('puts trouble in place of the text, so that the card keeps its height', async () => {
  const { bff, reach } = show(connected)
  await reach('connected')
  const facts = part('text')?.textContent
  bff.once('DELETE /connection', () => errorAnswer(503, 'storage_unavailable'))
  fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  await vi.waitFor(() => expect(part('text')?.textContent).toContain('try again'))
  expect(part('text')?.textContent).not.toBe(facts)
  expect(part('note')).toBeNull()
})

it('says that a link opens a window, and leaves no way back from there', async () => {
  const { reach } = show(connected)
  await reach('connected')
  const link = screen.getByRole('link', { name: 'Manage on GitHub', description: 'opens in a new window' })
  expect(link.getAttribute('target')).toBe('_blank')
  expect(link.getAttribute('rel')).toBe('noreferrer')
})

it('is a named group with one silent live region, and no heading in the page’s outline', async () => {
  const { reach } = show(connected)
  await reach('connected')
  expect(screen.getByRole('group', { name: 'GitHub connection' })).toBeTruthy()
  expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toEqual([''])
  expect(screen.queryByRole('heading')).toBeNull()
})

it('offers a tab of its own where a frame of another site keeps the customer signed out', () => {
  const nothing = { trouble: null, busy: false, slow: false, checkAgain: () => {} }
  const Framed = () => useCard({}, { status: 'session_required', framed: true, ...nothing })
  render(<Framed />)
  expect(actions()).toEqual(['openInTab', 'tryAgain'])
  expect(screen.getByRole('link', { name: 'Open in a new tab' }).getAttribute('href')).toBe(location.href)
})
