// Whole ways of a customer, as what the server answers at each step.
import { connected, notConnected, someFlow, withFlow } from './answers.ts'
import type { Answers } from './answers.ts'
import type { ErrorCode, FlowView } from '../../bff/contract.ts'
import type { ConnectGitHubState } from '../../widget/index.ts'

export interface Step {
  /** Unique within its walk. */
  readonly name: string
  /** What the card shows then. */
  readonly status: ConnectGitHubState['status']
  readonly answers: Answers
}

const loading: Step = { name: 'loading', status: 'loading', answers: { connection: 'never' } }
const idle: Step = {
  name: 'not_connected',
  status: 'not_connected',
  answers: { connection: { body: notConnected } },
}
/** The button is pressed before this step, which answers the request. */
const waiting: Step = {
  name: 'waiting',
  status: 'waiting',
  answers: { connection: { body: notConnected }, start: { body: someFlow({ version: 1 }) } },
}

/** @param change of the flow, which the widget is told of; @param connection what it then reads. */
const step = (
  name: string,
  status: Step['status'],
  change: Partial<FlowView> & Pick<FlowView, 'version'>,
  connection = notConnected,
): Step => ({
  name,
  status,
  answers: { connection: { body: connection }, flow: { body: someFlow(change) } },
})

const authorizing = step('authorizing', 'authorizing', { version: 2, status: 'authorizing' })
const binding = step('binding', 'finishing', { version: 4, status: 'binding' })
const done = step('connected', 'connected', { version: 5, status: 'connected' }, connected)

/** An end that the connection still tells of. */
function end(
  status: 'conflict' | 'awaiting_approval' | 'expired' | 'refused',
  error: ErrorCode | null,
): Step {
  const change = { version: 5, status, error } as const
  return step(status, status, change, withFlow(change))
}

const way = [loading, idle, waiting] as const
const cancelled = { version: 5, status: 'cancelled', error: 'flow_cancelled' } as const

/** By name. Each starts with a page that loads. Without `returned`: where it can be seen, the widget has already asked for more. */
export const walks: Readonly<Record<string, readonly Step[]>> = {
  connected: [...way, binding, done],
  'connected-with-proof': [...way, authorizing, binding, done],
  conflict: [...way, binding, end('conflict', 'already_bound')],
  'awaiting-approval': [...way, end('awaiting_approval', null)],
  expired: [...way, end('expired', 'flow_expired')],
  refused: [...way, binding, end('refused', 'ownership_not_proved')],
  cancelled: [...way, step('cancelled', 'not_connected', cancelled)],
}
