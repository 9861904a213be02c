// Seals with the newest data key what an older one has sealed, beside everything else that happens, until the older one can go.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Log } from './log.ts'
import { UnsealError, type Sealer, type SealPurpose } from './seal.ts'
import { StorageError, type ResealedValue, type SealedValue, type Storage } from './storage/storage.ts'

/** Small enough for requests to be served in between. */
const BATCH = 100
/** Another process may still seal with an older key, so what was done is looked at again. */
const LOOK_EVERY_MS = 60_000
/** Where another process goes on sealing with an older key, the rest is left for the next time. */
const MAX_LOOKS = 10

export interface Resealer {
  /** The keys were replaced: begins now. */
  wake(): void
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>
}

/** How many stored values are not sealed with the newest key. */
interface Found {
  readonly older: number
  /** Of them, those that no key at hand can read. */
  readonly unreadable: number
}

export function createResealer(deps: {
  readonly storage: Pick<Storage, 'findSealedInFlows' | 'findSealedInConnections' | 'replaceSealed'>
  readonly sealer: Sealer
  readonly log: Log
  readonly onFatal: (error: unknown) => void
}): Resealer {
  const { storage, sealer, log } = deps
  let running: Promise<void> | undefined
  let isStopped = false
  let isDone = false
  let toldUnreadable = 0

  async function reseal(values: readonly SealedValue[]): Promise<Found> {
    const results = await Promise.all(values.map((value) => resealOne(sealer, value)))
    const resealed = results.filter((result) => typeof result === 'object')
    if (resealed.length > 0) await storage.replaceSealed(resealed)
    const unreadable = results.filter((result) => result === 'unreadable').length
    return { older: resealed.length + unreadable, unreadable }
  }

  async function resealAll(): Promise<Found> {
    let [older, unreadable] = [0, 0]
    for await (const values of listSealed(storage)) {
      // A database that is being closed is left as it is.
      if (isStopped) break
      const found = await reseal(values)
      older += found.older
      unreadable += found.unreadable
      // With SQLite nothing of this waits for anything, as long as there is nothing to seal.
      await nextTurn()
    }
    return { older, unreadable }
  }

  /** Once more whenever something was found: only a look that finds nothing says that nothing is left. */
  async function run(): Promise<void> {
    let count = 0
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const { older, unreadable } = await resealAll()
      count += older - unreadable
      if (isStopped) return
      if (older > unreadable) continue
      if (count > 0) log.info('values_resealed', { count })
      tell(unreadable)
      return
    }
  }

  function tell(unreadable: number): void {
    if (unreadable > 0) {
      isDone = false
      if (unreadable !== toldUnreadable) log.error('values_unreadable', { count: unreadable })
    } else if (!isDone) {
      isDone = true
      log.info('data_keys_replaced')
    }
    toldUnreadable = unreadable
  }

  function look(): void {
    if (isStopped || running !== undefined || !sealer.hasOlderKeys) return
    running = run()
      .catch((error: unknown) => {
        if (error instanceof StorageError && error.kind === 'fatal') deps.onFatal(error)
        else log.warn('reseal_failed', { error })
      })
      .finally(() => {
        running = undefined
      })
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  look()
  return {
    wake() {
      isDone = false
      look()
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      await running
    },
  }
}

async function* listSealed(
  storage: Pick<Storage, 'findSealedInFlows' | 'findSealedInConnections'>,
): AsyncGenerator<readonly SealedValue[]> {
  const inFlows = await storage.findSealedInFlows()
  for (let start = 0; start < inFlows.length; start += BATCH) yield inFlows.slice(start, start + BATCH)
  let tenantId = ''
  for (;;) {
    const inConnections = await storage.findSealedInConnections(tenantId, BATCH)
    const last = inConnections.at(-1)
    if (last === undefined) return
    yield inConnections
    tenantId = last.tenantId
  }
}

async function resealOne(
  sealer: Sealer,
  value: SealedValue,
): Promise<ResealedValue | 'newest' | 'unreadable'> {
  const { of, tenantId, sealed } = value
  const purpose: SealPurpose = of === 'connection' ? 'installation' : of
  try {
    if (sealer.isNewest(sealed)) return 'newest'
    const text = await sealer.unseal(purpose, tenantId, sealed)
    return { ...value, resealed: await sealer.seal(purpose, tenantId, text) }
  } catch (error) {
    if (error instanceof UnsealError) return 'unreadable'
    throw error
  }
}
