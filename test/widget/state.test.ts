// The state as a pure function: every flow status against every connection status, and what overrides what.
import { describe, expect, it } from 'vitest'
import type { ConnectionStatus, FlowStatus } from '../../bff/contract.ts'
import { ConnectGitHubError } from '../../widget/error.ts'
import { isOpen, toSnapshot } from '../../widget/state.ts'
import type { Facts, Status } from '../../widget/state.ts'
import { connected, notConnected, someFlow } from './fake-bff.ts'

const facts: Facts = {
  connection: notConnected,
  flow: null,
  statusError: null,
  actionError: null,
  opening: false,
  blocked: false,
  checkedAt: 0,
  slow: false,
  launchUrl: '/launch',
}
const connections = {
  not_connected: notConnected,
  connected,
  reconnect: { ...connected, status: 'reconnect', reason: 'suspended' },
} as const
const error = (code: ConnectGitHubError['code']) => new ConnectGitHubError(code)

describe('each flow status with each connection status', () => {
  const expected: Record<FlowStatus, Record<ConnectionStatus, Status>> = {
    starting: { not_connected: 'opening', connected: 'opening', reconnect: 'opening' },
    waiting: { not_connected: 'waiting', connected: 'waiting', reconnect: 'waiting' },
    returned: { not_connected: 'finishing', connected: 'finishing', reconnect: 'finishing' },
    binding: { not_connected: 'finishing', connected: 'finishing', reconnect: 'finishing' },
    connected: { not_connected: 'connected', connected: 'connected', reconnect: 'connected' },
    awaiting_approval: {
      not_connected: 'awaiting_approval',
      connected: 'connected',
      reconnect: 'awaiting_approval',
    },
    conflict: { not_connected: 'conflict', connected: 'connected', reconnect: 'conflict' },
    refused: { not_connected: 'refused', connected: 'connected', reconnect: 'refused' },
    expired: { not_connected: 'expired', connected: 'connected', reconnect: 'expired' },
    cancelled: { not_connected: 'not_connected', connected: 'connected', reconnect: 'reconnect' },
    superseded: { not_connected: 'not_connected', connected: 'connected', reconnect: 'reconnect' },
    blocked: { not_connected: 'blocked', connected: 'connected', reconnect: 'blocked' },
  }
  const rows = Object.entries(expected).flatMap(([status, row]) =>
    Object.entries(row).map(([connection, state]) => ({ status, connection, state })),
  )
  it.each(rows)('is $state for $status and $connection', ({ status, connection, state }) => {
    const flow = Object.keys(expected).find((name): name is FlowStatus => name === status)
    const view = Object.entries(connections).find(([name]) => name === connection)?.[1]
    expect(
      toSnapshot({ ...facts, connection: view, flow: someFlow({ status: flow ?? 'waiting' }) }).status,
    ).toBe(state)
  })
})

it.each<[string, Partial<Facts>, Status]>([
  ['nothing known', { connection: undefined }, 'loading'],
  ['nothing known, no network', { connection: undefined, statusError: error('offline') }, 'offline'],
  ['nothing known, no answer', { connection: undefined, statusError: error('unreachable') }, 'failed'],
  ['nothing known, server failing', { connection: undefined, statusError: error('internal') }, 'failed'],
  ['known, no network', { connection: connected, statusError: error('offline') }, 'connected'],
  [
    'known, signed out',
    { connection: connected, statusError: error('session_required') },
    'session_required',
  ],
  ['known, role lost', { connection: connected, statusError: error('forbidden') }, 'view_only'],
  ['flow open, no network', { flow: someFlow(), statusError: error('offline') }, 'waiting'],
  ['flow open, connection not loaded yet', { flow: someFlow(), connection: undefined }, 'waiting'],
  ['just clicked, old flow ended', { opening: true, flow: someFlow({ status: 'refused' }) }, 'opening'],
  ['start failed', { actionError: error('kill_switch') }, 'failed'],
  ['start failed, signed out', { actionError: error('session_required') }, 'session_required'],
  ['disconnect failed', { connection: connected, actionError: error('internal') }, 'connected'],
  ['may not connect', { connection: { ...notConnected, canConnect: false } }, 'view_only'],
])('%s: %#', (_, change, status) => {
  expect(toSnapshot({ ...facts, ...change }).status).toBe(status)
})

it('shows nothing of the connection to whoever lost the role', () => {
  const snapshot = toSnapshot({ ...facts, connection: connected, statusError: error('forbidden') })
  expect(snapshot).toEqual({ status: 'view_only', connection: null })
})

it('takes the account from the flow until the connection is read again', () => {
  const flow = someFlow({ status: 'connected', account: connected.account })
  expect(toSnapshot({ ...facts, flow })).toMatchObject({ account: connected.account, connectedAt: null })
})

it('knows no flow that is not there as open', () => {
  expect([isOpen(null), isOpen(undefined), isOpen(someFlow())]).toEqual([false, false, true])
})
