// Hears of flows that other stores on the same PostgreSQL database change, on a connection of its own that comes back by itself.
import type { Client } from 'pg'
import { CHANGES_CHANNEL } from './postgres-transactions.ts'

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 5_000
/** A connection that died without a word would otherwise be noticed only after many minutes. */
const HEARTBEAT_MS = 15_000

export interface PostgresListenerOptions {
  readonly connect: () => Promise<Client>
  /** The name under which this store tells of its own changes, which it knows already. */
  readonly store: string
  readonly onFlowChanged: (flowId: string) => void
  /** The connection was away and is back. */
  readonly onMissed: () => void
}

export interface PostgresListener {
  close(): Promise<void>
}

/** Resolves when it listens; rejects when there is no connection. After that it never gives up. */
export async function startPostgresListener(options: PostgresListenerOptions): Promise<PostgresListener> {
  let client: Client | undefined
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let delayMs = FIRST_DELAY_MS

  async function listen(): Promise<void> {
    const connected = await options.connect()
    try {
      connected.on('notification', ({ payload = '' }) => {
        const [store, flowId] = payload.split(' ')
        if (flowId !== undefined && store !== options.store) options.onFlowChanged(flowId)
      })
      connected.once('end', () => lose(connected))
      await connected.query(`LISTEN ${CHANGES_CHANNEL}`)
      if (isClosed) throw new Error('storage: the listener is closed')
    } catch (error) {
      await connected.end().catch(() => undefined)
      throw error
    }
    client = connected
    delayMs = FIRST_DELAY_MS
    schedule(() => beat(connected), HEARTBEAT_MS)
  }

  function beat(connected: Client): void {
    connected.query('SELECT 1').then(
      () => (client === connected ? schedule(() => beat(connected), HEARTBEAT_MS) : undefined),
      // Ends the connection, and with that starts a new one.
      () => void connected.end().catch(() => undefined),
    )
  }

  function lose(connected: Client): void {
    if (client !== connected) return
    client = undefined
    schedule(reconnect, delayMs)
  }

  function reconnect(): void {
    listen().then(options.onMissed, () => {
      delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)
      schedule(reconnect, delayMs)
    })
  }

  function schedule(task: () => void, inMs: number): void {
    clearTimeout(timer)
    if (isClosed) return
    timer = setTimeout(task, inMs)
    timer.unref()
  }

  await listen()
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      const last = client
      client = undefined
      await last?.end()
    },
  }
}
