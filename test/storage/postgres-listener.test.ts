// The connection that listens: what it hears, how it looks whether it is still alive, and how it comes back. On a clock of the test's.
import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startPostgresListener, type PostgresListener } from '../../bff/storage/postgres-listener.ts'

const HEARTBEAT_MS = 15_000

/** What the listener uses of the driver's client. */
class FakeClient extends EventEmitter {
  readonly asked: string[] = []
  isEnded = false
  /** What the server says to the next question. */
  answer: () => Promise<unknown> = () => Promise.resolve()

  query(sql: string): Promise<unknown> {
    this.asked.push(sql)
    return this.answer()
  }

  /** As the driver: the end is told, too. */
  end(): Promise<void> {
    this.isEnded = true
    this.emit('end')
    return Promise.resolve()
  }

  tell(payload?: string): void {
    this.emit('notification', { payload })
  }
}

let clients: FakeClient[]
/** Undefined: it connects. */
let refusal: Error | undefined
let heard: string[]
/** Done to each new client. */
let prepare: (client: FakeClient) => void
/** When it tried to connect, in milliseconds. */
let tries: number[]
let began: number
let listener: PostgresListener | undefined

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  began = Date.now()
  tries = []
  prepare = () => undefined
  clients = []
  refusal = undefined
  heard = []
})
afterEach(async () => {
  await listener?.close()
  listener = undefined
  vi.useRealTimers()
})

async function start(): Promise<PostgresListener> {
  return startPostgresListener({
    connect() {
      tries.push(Date.now() - began)
      if (refusal !== undefined) return Promise.reject(refusal)
      const client = new FakeClient()
      clients.push(client)
      prepare(client)
      // The listener uses nothing of a client but what the fake has.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return Promise.resolve(client as unknown as Client)
    },
    store: 'own',
    onFlowChanged: (flowId) => heard.push(flowId),
    onMissed: () => heard.push('(missed)'),
  })
}

function latest(): FakeClient {
  const client = clients.at(-1)
  if (client === undefined) throw new Error('nothing connected yet')
  return client
}

/** Lets the time pass, and everything that follows at once. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await turn()
}

describe('what is heard', () => {
  it('is the changes of other stores, and neither its own nor what is none', async () => {
    listener = await start()
    expect(latest().asked).toEqual(['LISTEN connect_github_flows'])
    for (const payload of ['other flow-1', 'own flow-2', 'nonsense', undefined, 'other flow-3'])
      latest().tell(payload)
    expect(heard).toEqual(['flow-1', 'flow-3'])
  })
})

describe('a start', () => {
  it('fails with what kept it from connecting, and does not go on trying', async () => {
    refusal = new Error('refused')
    await expect(start()).rejects.toBe(refusal)
    await pass(60_000)
    expect(clients).toEqual([])
  })

  it('fails with what kept it from listening, and leaves no connection', async () => {
    const denied = new Error('denied')
    prepare = (client) => (client.answer = () => Promise.reject(denied))
    await expect(start()).rejects.toBe(denied)
    expect(latest().isEnded).toBe(true)
    await pass(60_000)
    expect(clients).toHaveLength(1)
  })
})

describe('a connection', () => {
  it('is asked every 15 seconds whether it is there, for as long as it is', async () => {
    listener = await start()
    await pass(HEARTBEAT_MS - 1)
    expect(latest().asked).toHaveLength(1)
    await pass(1)
    await pass(HEARTBEAT_MS)
    await pass(HEARTBEAT_MS)
    expect(latest().asked.slice(1)).toEqual(['SELECT 1', 'SELECT 1', 'SELECT 1'])
    expect(clients).toHaveLength(1)
  })

  it('that does not answer is replaced, and what was missed meanwhile is looked for', async () => {
    listener = await start()
    latest().answer = () => Promise.reject(new Error('timeout'))
    await pass(HEARTBEAT_MS)
    expect(clients[0]?.isEnded).toBe(true)
    expect(heard).toEqual([])
    await pass(100)
    expect(clients).toHaveLength(2)
    expect(heard).toEqual(['(missed)'])
    latest().tell('other flow-1')
    expect(heard).toEqual(['(missed)', 'flow-1'])
  })

  it('that answers late, when another one has taken its place, is not asked again', async () => {
    listener = await start()
    const late = Promise.withResolvers<undefined>()
    const first = latest()
    first.answer = () => late.promise
    await pass(HEARTBEAT_MS)
    first.emit('end')
    await pass(100)
    late.resolve(undefined)
    await pass(3 * HEARTBEAT_MS)
    expect(first.asked).toHaveLength(2)
    expect(latest().asked).toHaveLength(4)
  })

  it('that was replaced and ends at last changes nothing', async () => {
    listener = await start()
    const first = latest()
    first.emit('end')
    await pass(100)
    // The driver tells once; another library's event of the same name is none of ours.
    first.emit('end')
    await pass(60_000)
    expect(clients).toHaveLength(2)
  })

  it('that is lost is tried for after 0.1 s, then less and less often, every 5 s at least, and soon again after the next loss', async () => {
    listener = await start()
    tries = []
    refusal = new Error('refused')
    latest().emit('end')
    await pass(30_000)
    const pauses = tries.map((at, index) => at - (tries[index - 1] ?? 0))
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000])
    expect(heard).toEqual([])

    refusal = undefined
    await pass(5_000)
    expect(heard).toEqual(['(missed)'])
    tries = []
    began = Date.now()
    latest().emit('end')
    await pass(100)
    expect(tries).toEqual([100])
  })
})

describe('a listener that is closed', () => {
  it('ends its connection, is asked nothing more, and does not come back', async () => {
    listener = await start()
    const client = latest()
    await listener.close()
    expect(client.isEnded).toBe(true)
    await pass(60_000)
    expect(clients).toHaveLength(1)
    expect(client.asked).toHaveLength(1)
  })

  it('does not come back when it was about to', async () => {
    listener = await start()
    latest().emit('end')
    await listener.close()
    await pass(60_000)
    expect(clients).toHaveLength(1)
  })

  it('gives up a connection that it got too late', async () => {
    listener = await start()
    const late = Promise.withResolvers<undefined>()
    prepare = (client) => (client.answer = () => late.promise)
    latest().emit('end')
    await pass(100)
    await listener.close()
    late.resolve(undefined)
    await pass(0)
    expect(latest().isEnded).toBe(true)
    await pass(60_000)
    expect(clients).toHaveLength(2)
    expect(heard).toEqual([])
  })

  it('does not keep its process alive by waiting', async () => {
    const unref = vi.fn()
    vi.stubGlobal('setTimeout', () => ({ unref }))
    listener = await start()
    expect(unref).toHaveBeenCalledOnce()
  })
})
