// One fault in one BFF process: customers come until it has happened, and what became of them is told.
import Database from 'better-sqlite3'
import type { TrafficClient } from '../traffic/client.ts'
import { connectAsCustomer } from '../traffic/customer.ts'
import type { Ledger } from '../traffic/ledger.ts'
import type { Opening } from '../traffic/orders.ts'
import type { Scene } from '../traffic/scene.ts'
import type { Tenant } from '../traffic/tenants.ts'
import { BffGoneError, TRAFFIC_ORIGIN, type TrafficBff } from '../traffic/traffic-bff.ts'
import { attachStrace, type Observation } from './attach-strace.ts'
import { describeInjection, type Injection } from './injections.ts'

/** A connection takes seven commits or so: this many customers get past the fortieth. */
export const CUSTOMERS_PER_INJECTION = 8

export interface Stage {
  readonly scene: Scene
  readonly opening: Opening
  readonly client: TrafficClient
  readonly ledger: Ledger
  /** For customers: the BFF that runs; waits while there is none. */
  readonly door: Door
  /** Customers who have not come yet. */
  readonly waiting: Tenant[]
  /** Customers who have. */
  readonly customers: Promise<unknown>[]
}

export interface Door {
  target(): Promise<string>
  openTo(url: string): void
  shut(): void
}

export interface Played extends Observation {
  /** The process ended by itself, or by the injected signal. */
  readonly isGone: boolean
  /** HTTP answers, by status; 0 stands for none. */
  readonly answers: ReadonlyMap<number, number>
  /** Customers whose return was acknowledged in this process. */
  readonly acknowledged: number
  /** The database, when the process is gone: what SQLite's own check says. */
  readonly integrity: string
}

export function createDoor(): Door {
  let open = Promise.withResolvers<string>()
  let isOpen = false
  return {
    target: () => open.promise,
    openTo(url) {
      isOpen = true
      open.resolve(url)
    },
    shut() {
      // Who came while it was shut already waits for the same opening.
      if (isOpen) open = Promise.withResolvers()
      isOpen = false
    },
  }
}

/** @param bff loaded, not opened. It is gone afterwards. */
export async function playInjection(stage: Stage, bff: TrafficBff, injection: Injection): Promise<Played> {
  const attached = await attachStrace(bff.pid, describeInjection(injection))
  const answers = new Map<number, number>()
  const before = stage.ledger.entries().filter(isAcknowledged).length
  try {
    stage.door.openTo(await bff.open(stage.opening))
    for (let come = 0; come < CUSTOMERS_PER_INJECTION && !bff.isGone(); come += 1)
      await Promise.race([letOneCome(stage, answers), bff.gone])
  } catch (error) {
    // It met the fault while it opened the store.
    if (!(error instanceof BffGoneError)) throw error
  }
  // The end of a process that is about to exit by itself must not be taken for ours.
  const isGone = bff.isGone()
  const observation = await attached.detach(isGone)
  stage.door.shut()
  bff.signal('SIGKILL')
  await bff.gone
  return {
    ...observation,
    isGone,
    answers,
    acknowledged: stage.ledger.entries().filter(isAcknowledged).length - before,
    integrity: checkIntegrity(stage.opening.databaseUrl.slice('file:'.length)),
  }
}

function isAcknowledged({ acknowledgedAt }: ReturnType<Ledger['entries']>[number]): boolean {
  return acknowledgedAt !== undefined
}

/** Resolves when the return was acknowledged. The customer goes on by itself, at the next process if need be, until the end. */
function letOneCome(stage: Stage, answers: Map<number, number>): Promise<void> {
  const tenant = stage.waiting.shift()
  if (tenant === undefined) throw new Error('there are too few customers')
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const customer = connectAsCustomer({
    tenant,
    installationId: stage.scene.installationIdOf(tenant),
    client: stage.client,
    publicOrigin: TRAFFIC_ORIGIN,
    target: () => stage.door.target(),
    ledger: stage.ledger,
    onAnswer(step, _tookMs, status) {
      answers.set(status, (answers.get(status) ?? 0) + 1)
      // Only who was acknowledged looks at what became of it.
      if (step === 'poll' && status === 200) resolve()
    },
  })
  stage.customers.push(customer)
  customer.catch(reject)
  return promise
}

function checkIntegrity(file: string): string {
  const db = new Database(file)
  try {
    return String(db.pragma('integrity_check', { simple: true }))
  } finally {
    db.close()
  }
}
