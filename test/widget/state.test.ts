// The state as a pure function: every flow status against every connection status, and what overrides what.
import { describe, expect, it } from 'vitest'
import type { ConnectionStatus, FlowStatus } from '../../bff/contract.ts'
import { ConnectGitHubError } from '../../widget/error.ts'
import { isOpen } from '../../widget/parse.ts'
import { toSnapshot } from '../../widget/state.ts'
import type { Local } from '../../widget/connector.ts'
import type { Actions, Status } from '../../widget/state.ts'
import { connected, notConnected, someFlow } from './fake-bff.ts'

const local: Local = {
  connection: undefined,
  checkedAt: 0,
  flowId: '',
  opening: false,
  blocked: false,
  busy: false,
  actionError: null,
  statusError: null,
}
const nothing = () => {}
const actions: Omit<Actions, 'checkAgain'> = {
  connect: nothing,
  startOver: nothing,
  openAgain: nothing,
  cancel: nothing,
  disconnect: nothing,
}
const snapshotOf = (change: Partial<Local>) =>
  toSnapshot({ ...local, ...change }, '/launch', actions, (localized) => localized)

const withFlow = (status: FlowStatus) => ({ connection: { ...notConnected, flow: someFlow({ status }) } })
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
    authorizing: { not_connected: 'authorizing', connected: 'authorizing', reconnect: 'authorizing' },
    binding: { not_connected: 'finishing', connected: 'finishing', reconnect: 'finishing' },
    connected: { not_connected: 'not_connected', connected: 'connected', reconnect: 'reconnect' },
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
    const view = Object.entries(connections).find(([name]) => name === connection)?.[1] ?? notConnected
    const seen = { ...view, flow: someFlow({ status: flow ?? 'waiting' }) }
    expect(snapshotOf({ connection: seen }).status).toBe(state)
  })
})

it.each<[string, Partial<Local>, Status]>([
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
  ['flow open, no network', { ...withFlow('waiting'), statusError: error('offline') }, 'waiting'],
  ['just clicked, old flow ended', { ...withFlow('refused'), opening: true }, 'opening'],
  ['start failed', { connection: notConnected, actionError: error('kill_switch') }, 'failed'],
  [
    'start failed, signed out',
    { connection: notConnected, actionError: error('session_required') },
    'session_required',
  ],
  ['disconnect failed', { connection: connected, actionError: error('internal') }, 'connected'],
  ['may not connect', { connection: { ...notConnected, canConnect: false } }, 'view_only'],
])('%s: %#', (_, change, status) => {
  expect(snapshotOf(change).status).toBe(status)
})

it('shows nothing of the connection to whoever lost the role', () => {
  const snapshot = snapshotOf({ connection: connected, statusError: error('forbidden') })
  expect(snapshot).toEqual({ status: 'view_only', connection: null })
})

it('offers each action only where it is legal, besides asking again', () => {
  const offered = (change: Partial<Local>) =>
    Object.entries(snapshotOf(change))
      .filter(([, value]) => value === nothing)
      .map(([name]) => name)
      .toSorted()
  expect(offered({ connection: notConnected })).toEqual(['connect'])
  expect(offered({})).toEqual([])
  expect(offered({ connection: connected })).toEqual(['disconnect'])
  expect(offered({ connection: { ...connected, canConnect: false } })).toEqual([])
  expect(offered(withFlow('waiting'))).toEqual(['cancel', 'openAgain', 'startOver'])
  expect(offered(withFlow('authorizing'))).toEqual(['cancel', 'openAgain', 'startOver'])
  expect(offered(withFlow('binding'))).toEqual([])
  expect(offered(withFlow('refused'))).toEqual(['startOver'])
  expect(offered(withFlow('conflict'))).toEqual(['startOver'])
})

it('knows no flow that is not there as open', () => {
  expect([isOpen(null), isOpen(undefined), isOpen(someFlow())]).toEqual([false, false, true])
})
