// Whole ways of a customer, as what the server answers at each step.
import { connected, notConnected, someFlow, withFlow } from './answers.ts'
import type { Answers } from './answers.ts'

export interface Step {
  /** Unique within its walk; the state it leads to where that has the same name. */
  readonly name: string
  readonly answers: Answers
}

const ready = { body: notConnected }

const loading: Step = { name: 'loading', answers: { connection: 'never' } }
const idle: Step = { name: 'not_connected', answers: { connection: ready } }
/** What the press of the button leads to; the step after it answers the request. */
const waiting: Step = {
  name: 'waiting',
  answers: { connection: ready, start: { body: someFlow({ version: 1 }) } },
}
const later = (
  name: string,
  version: number,
  flow: Parameters<typeof someFlow>[0],
  connection = notConnected,
): Step => ({
  name,
  answers: {
    connection: { body: connection },
    flow: { body: someFlow({ version, ...flow }) },
  },
})
const authorizing = later('authorizing', 2, { status: 'authorizing' })
const returned = later('returned', 3, { status: 'returned' })
const binding = later('binding', 4, { status: 'binding' })

/** An end that the connection still tells of. */
const end = (name: string, flow: Parameters<typeof someFlow>[0]): Step => {
  const ended = { version: 5, ...flow }
  return later(name, 5, ended, withFlow(ended))
}

const way = [loading, idle, waiting] as const

/** By name. Each starts with a page that loads; `waiting` comes after a press of the connect button. */
export const walks: Readonly<Record<string, readonly Step[]>> = {
  connected: [...way, returned, binding, later('connected', 5, { status: 'connected' }, connected)],
  'connected-with-proof': [
    ...way,
    authorizing,
    returned,
    binding,
    later('connected', 5, { status: 'connected' }, connected),
  ],
  conflict: [...way, binding, end('conflict', { status: 'conflict', error: 'already_bound' })],
  'awaiting-approval': [...way, end('awaiting_approval', { status: 'awaiting_approval' })],
  expired: [...way, end('expired', { status: 'expired', error: 'flow_expired' })],
  refused: [...way, binding, end('refused', { status: 'refused', error: 'ownership_not_proved' })],
  cancelled: [...way, later('cancelled', 5, { status: 'cancelled', error: 'flow_cancelled' })],
}
