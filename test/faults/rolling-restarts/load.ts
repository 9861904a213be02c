// Customers who come at a steady rate and connect, and some who only wait for a flow: what each of their requests was answered.
import { setTimeout as sleep } from 'node:timers/promises'
import { FLOW_STATUSES } from '../../../bff/contract.ts'
import { createTrafficClient, type TrafficAnswer, type TrafficClient } from '../traffic/client.ts'
import { connectAsCustomer } from '../traffic/customer.ts'
import { createLedger, type Ledger } from '../traffic/ledger.ts'
import type { Random } from '../traffic/random.ts'
import type { Scene } from '../traffic/scene.ts'
import type { Tenant } from '../traffic/tenants.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { createVisitor } from '../traffic/visitor.ts'

const CUSTOMERS_PER_SECOND = 10
const THINK_MS = 300
const WATCHERS = 6
/** Node's answer to a request that it could not read within five seconds, on a machine that has no time for it. */
const TOO_SLOW = 408

export interface LoadCount {
  readonly requests: number
  /** What the restarts did: no answer, the balancer's own 502 and 503, and refusals of a process that stops. */
  readonly cut: readonly string[]
  /** Any other 408, 429 or 5xx: somebody was too busy. */
  readonly refused: readonly string[]
}

export interface Load {
  readonly ledger: Ledger
  readonly count: () => LoadCount
  /** How many customers there were at once, at most: above a few dozen, the machine has no time for what is asked of it. */
  readonly mostAtOnce: () => number
  /** Lets nobody in any more; resolves when everybody has ended. Rejects when a customer met what should never be. */
  finish(): Promise<void>
}

/** @param baseUrl of the balancer, with the base path. The last {@link WATCHERS} tenants wait, the others connect in turn. */
export async function startLoad(scene: Scene, baseUrl: string, random: Random): Promise<Load> {
  const { client, count } = createCountingClient()
  const ledger = createLedger()
  const running = new Set<Promise<unknown>>()
  const over = new AbortController()
  let next = 0
  let mostAtOnce = 0
  const visit = { client, publicOrigin: TRAFFIC_ORIGIN, target: () => baseUrl }

  function connect(): void {
    const tenant = scene.tenants[next % (scene.tenants.length - WATCHERS)]
    if (tenant === undefined) throw new Error('there is nobody to connect')
    next += 1
    watchOver(
      connectAsCustomer({
        ...visit,
        tenant,
        installationId: scene.installationIdOf(tenant),
        ledger,
        think: () => sleep(random.below(THINK_MS)),
      }),
    )
  }

  /** One that fails stays, so that `finish` tells of it. */
  function watchOver(work: Promise<unknown>): void {
    running.add(work)
    mostAtOnce = Math.max(mostAtOnce, running.size)
    work.then(
      () => running.delete(work),
      () => over.abort(),
    )
  }

  /** Has a flow that nobody finishes, and asks for news of it again and again. */
  async function openWatcher(tenant: Tenant): Promise<() => Promise<void>> {
    const visitor = createVisitor({ ...visit, tenant })
    await visitor.openGitHub()
    let flow = await visitor.look()
    return async () => {
      while (!over.signal.aborted) {
        flow = await visitor.look(`?after=${flow.version}&wait=2`)
        if (FLOW_STATUSES[flow.status].open) continue
        // A flow lasts for a quarter of an hour.
        await visitor.openGitHub()
        flow = await visitor.look()
      }
    }
  }

  const watchers = await Promise.all(scene.tenants.slice(-WATCHERS).map(openWatcher))
  for (const watch of watchers) watchOver(watch())
  const timer = setInterval(connect, 1000 / CUSTOMERS_PER_SECOND)

  return {
    ledger,
    count,
    mostAtOnce: () => mostAtOnce,
    async finish() {
      clearInterval(timer)
      over.abort()
      await Promise.all(running)
      client.close()
    },
  }
}

function createCountingClient(): { readonly client: TrafficClient; readonly count: () => LoadCount } {
  const client = createTrafficClient()
  const cut: string[] = []
  const refused: string[] = []
  let requests = 0
  function note(answer: TrafficAnswer | undefined): void {
    requests += 1
    if (answer === undefined) return void cut.push('no answer')
    const { status, text } = answer
    if (status === TOO_SLOW) return void refused.push(String(status))
    if (status !== 429 && status < 500) return
    const code = /"code":"([a-z_]+)"/.exec(text)?.[1] ?? text.slice(0, 40)
    // The balancer's own have no text; a page says it in words.
    const isCut = text === '' || code === 'shutting_down' || text.includes('The service is restarting')
    ;(isCut ? cut : refused).push(`${status} ${code}`)
  }
  return {
    client: {
      async send(url, request) {
        const answer = await client.send(url, request)
        note(answer)
        // To be tried again, as a customer would.
        return answer?.status === TOO_SLOW ? undefined : answer
      },
      close: () => client.close(),
    },
    count: () => ({ requests, cut, refused }),
  }
}
