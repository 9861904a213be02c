// Sends requests as fast as they are answered: well framed ones many at a time on connections that stay, the others one to a connection.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Random } from '../traffic/random.ts'
import { breakFraming, changeValues } from './mutate.ts'
import { createAnswerReader } from './read-answers.ts'
import type { Template } from './template.ts'

/** Together few enough that what they take in one turn of the event loop is no stall. */
const PIPELINES = 4
const PER_BATCH = 16
/** A broken request for a flow that is not there may wait for it, so that many have to be under way. */
const LONERS = 40
/** Node closes a connection after 10 000 requests, and answers 503 to what was pipelined behind the last. */
const PER_CONNECTION = 5_000
/** One of so many. */
const BROKEN_SHARE = 20
/** Longer than anything the BFF waits for. */
const PATIENCE_MS = 40_000

export interface Tally {
  /** How often each status came; 0 is no answer. */
  readonly statuses: Map<number, number>
  /** The first request that was answered with 5xx, for whoever has to mend it. */
  culprit: string | undefined
  /** Set when no answer came in time. */
  stuck: string | undefined
}

export function createTally(): Tally {
  return { statuses: new Map(), culprit: undefined, stuck: undefined }
}

function count(tally: Tally, status: number, request: Buffer | undefined): void {
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1)
  if (status >= 500)
    tally.culprit ??= `${status}: ${JSON.stringify(request?.toString('latin1').slice(0, 2_000))}`
}

/** Resolves when about `total` requests have been answered, or cut off with the connection they were on. */
export async function sendRequests(
  port: number,
  templates: readonly Template[],
  { total, random, tally }: { readonly total: number; readonly random: Random; readonly tally: Tally },
): Promise<void> {
  const budget = { left: Math.ceil((total * (BROKEN_SHARE - 1)) / BROKEN_SHARE) }
  async function work(): Promise<void> {
    while (budget.left > 0 && tally.stuck === undefined)
      await useConnection(port, templates, random, tally, budget)
  }
  let brokenLeft = Math.floor(total / BROKEN_SHARE)
  async function workBroken(): Promise<void> {
    while (brokenLeft > 0 && tally.stuck === undefined) {
      brokenLeft -= 1
      const request = breakFraming(random.pick(templates), random)
      count(tally, await sendAlone(port, request), request)
    }
  }
  await Promise.all([
    ...Array.from({ length: PIPELINES }, work),
    ...Array.from({ length: LONERS }, workBroken),
  ])
}

/** Sends batches until the connection is closed or has had enough. */
async function useConnection(
  port: number,
  templates: readonly Template[],
  random: Random,
  tally: Tally,
  budget: { left: number },
): Promise<void> {
  const socket = open(port)
  const reader = createAnswerReader()
  const closed = once(socket, 'close').then(
    () => 'closed' as const,
    () => 'closed' as const,
  )
  let sent = 0
  for (let isOpen = true; isOpen && budget.left > 0 && sent < PER_CONNECTION;) {
    const batch = Array.from({ length: PER_BATCH }, () => changeValues(random.pick(templates), random))
    sent += batch.length
    budget.left -= batch.length
    const answered = Promise.withResolvers<'answered'>()
    let answers = 0
    const onData = (chunk: Buffer): void => {
      for (const status of reader.read(chunk)) count(tally, status, batch[answers++])
      if (answers >= batch.length) answered.resolve('answered')
    }
    socket.on('data', onData)
    socket.write(Buffer.concat(batch))
    const patience = Promise.withResolvers<'stuck'>()
    const timer = setTimeout(() => patience.resolve('stuck'), PATIENCE_MS)
    const outcome = await Promise.race([answered.promise, closed, patience.promise])
    clearTimeout(timer)
    socket.off('data', onData)
    if (outcome === 'stuck')
      tally.stuck ??= JSON.stringify(batch[answers]?.toString('latin1').slice(0, 2_000))
    // What was behind a request that the server would not read has no answer.
    for (let index = answers; index < batch.length; index += 1) count(tally, 0, undefined)
    isOpen = outcome === 'answered'
  }
  socket.destroy()
}

/** The first status that comes; 0 when the connection is closed without one. */
async function sendAlone(port: number, request: Buffer): Promise<number> {
  const socket = open(port)
  const closed = once(socket, 'close').then(
    () => '',
    () => '',
  )
  socket.end(request)
  const first = await Promise.race([once(socket, 'data').then(String, () => ''), closed])
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0)
}

function open(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined)
}
