// People who ask as often as the timetable says, whether or not the ones before them were answered: a stall shows in every answer it delays.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 50
const TIMEOUT_MS = 10_000

export interface GoodTraffic {
  readonly answered: number
  readonly failed: number
  /** From the time at which the timetable had the request. */
  readonly p99Ms: number
}

export async function sendGoodTraffic(port: number, forMs: number): Promise<GoodTraffic> {
  // Another address than the attackers', and connections of its own.
  const agent = new Agent({ keepAlive: true, localAddress: '127.0.0.2' })
  const startedAt = performance.now()
  const answers: Promise<number | null>[] = []
  for (let dueMs = 0; dueMs < forMs; dueMs += EVERY_MS) {
    await sleep(Math.max(0, startedAt + dueMs - performance.now()))
    answers.push(ask(agent, port, startedAt + dueMs))
  }
  const latencies = await Promise.all(answers)
  agent.destroy()
  const answered = latencies.filter((latency) => latency !== null).toSorted((one, other) => one - other)
  return {
    answered: answered.length,
    failed: latencies.length - answered.length,
    p99Ms: Math.round(answered[Math.floor(answered.length * 0.99)] ?? 0),
  }
}

/** Null when there was no answer, or another than the right one. */
function ask(agent: Agent, port: number, dueAt: number): Promise<number | null> {
  return new Promise((resolve) => {
    const options = {
      agent,
      port,
      host: '127.0.0.1',
      path: '/connect/github/connection',
      timeout: TIMEOUT_MS,
    }
    request({ ...options, headers: { cookie: 'session=good' } }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode === 200 ? performance.now() - dueAt : null))
    })
      .on('timeout', function (this: { destroy(): void }) {
        this.destroy()
      })
      .on('error', () => resolve(null))
      .end()
  })
}
