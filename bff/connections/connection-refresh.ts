// Keeps connections true: asks Layers whether a binding still works, one question a tenant at a time and at a bounded rate.
import { ConnectError } from '../errors.ts'
import type { FlowSecrets } from '../flow-secrets.ts'
import type { Log } from '../log.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import type { LayersClient } from '../upstream/layers-client.ts'
import type { BindingAnswer } from '../upstream/parse-answers.ts'
import { judgeUpstreamError } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { reconnectReasonOf } from './reconnect-reason.ts'

/** How old an answer may be before Layers is asked again. */
const FRESH_MS = 30_000
/** After a failure, the same connection is left alone for this long, or for as long as Layers asks. */
const PAUSE_AFTER_FAILURE_MS = 30_000
/** Connections checked at once in the background; further ones are checked by a later request. What somebody waits for is not held up. */
const MAX_RUNNING = 16
const MAX_PAUSED = 10_000

export interface ConnectionRefresh {
  /** Starts a check when the last one is too old and none is running. True while one is under way. */
  refreshIfStale(connection: Connection, now: number): boolean
  /**
   * Resolves when what is stored of the connection is at most 30 s old; read it again then. Joins a check that is under way.
   *
   * @throws ConnectError with `Retry-After` when Layers cannot be asked, also when that is known from a check a moment ago.
   * @throws StorageError when the answer cannot be recorded.
   */
  ensureFresh(connection: Connection, now: number): Promise<void>
  /** The same, however fresh the last answer is: for when something has contradicted it. */
  checkNow(connection: Connection, now: number): Promise<void>
  /** Resolves when all running checks have ended. */
  drain(): Promise<void>
}

interface Pause {
  readonly until: number
  readonly failure: unknown
}

export function createConnectionRefresh(deps: {
  readonly storage: Pick<Storage, 'recordCheck'>
  readonly layers: Pick<LayersClient, 'findBinding'>
  readonly secrets: FlowSecrets
  readonly log: Log
}): ConnectionRefresh {
  /** Never rejecting: each resolves to what went wrong, or to undefined. */
  const running = new Map<string, Promise<unknown>>()
  const paused = new Map<string, Pause>()

  async function check(connection: Connection, askedAt: number): Promise<unknown> {
    try {
      const binding = await deps.layers.findBinding({ organization: connection.organization })
      await deps.storage.recordCheck(connection.tenantId, {
        installationIndex: connection.installation.index,
        ...judge(connection, binding),
        askedAt,
      })
      paused.delete(keyOf(connection))
      return undefined
    } catch (error) {
      const failure = toFailure(error)
      pause(connection, askedAt, failure)
      deps.log.warn('connection_check_failed', {
        tenant: deps.secrets.pseudonymOf(connection.tenantId),
        upstreamRequestId: error instanceof UpstreamError ? error.requestId : undefined,
        code: failure instanceof ConnectError ? failure.code : 'internal',
        detail: failure instanceof ConnectError ? failure.detail : undefined,
        error,
      })
      return failure
    }
  }

  /** Whatever else is bound to the organization now is not ours to show. */
  function judge(connection: Connection, binding: BindingAnswer | undefined) {
    const isOurs =
      binding !== undefined && deps.secrets.indexOf(binding.installationId) === connection.installation.index
    if (!isOurs) return { reason: 'detached', account: null } as const
    return { reason: reconnectReasonOf(binding.status), account: binding.githubAccount }
  }

  function pause(connection: Connection, askedAt: number, failure: unknown): void {
    if (paused.size >= MAX_PAUSED) paused.clear()
    const askedToWaitMs = failure instanceof ConnectError ? (failure.retryAfterSeconds ?? 0) * 1000 : 0
    const until = askedAt + Math.max(PAUSE_AFTER_FAILURE_MS, askedToWaitMs)
    paused.set(keyOf(connection), { until, failure })
  }

  function findPause(connection: Connection, now: number): Pause | undefined {
    const found = paused.get(keyOf(connection))
    return found !== undefined && found.until > now ? found : undefined
  }

  function start(connection: Connection, now: number): Promise<unknown> {
    const key = keyOf(connection)
    const work = check(connection, now).finally(() => running.delete(key))
    running.set(key, work)
    return work
  }

  async function checkNow(connection: Connection, now: number): Promise<void> {
    const underWay = running.get(keyOf(connection))
    const pausedBy = underWay === undefined ? findPause(connection, now) : undefined
    if (pausedBy !== undefined) throw stillFailing(pausedBy, now)
    const failure = await (underWay ?? start(connection, now))
    if (failure !== undefined) throw failure
  }

  return {
    refreshIfStale(connection, now) {
      if (running.has(keyOf(connection))) return true
      const isPaused = findPause(connection, now) !== undefined
      if (isFresh(connection, now) || isPaused || running.size >= MAX_RUNNING) return false
      void start(connection, now)
      return true
    },
    async ensureFresh(connection, now) {
      if (!isFresh(connection, now)) await checkNow(connection, now)
    },
    checkNow,
    async drain() {
      await Promise.all(running.values())
    },
  }
}

/** A tenant that has connected another installation meanwhile is not answered by a check of the former one. */
function keyOf({ tenantId, organization, installation }: Connection): string {
  return JSON.stringify([tenantId, organization, installation.index])
}

/** An answer from the future was recorded before the clock stepped back, nobody knows how long ago. */
function isFresh({ checkedAt }: Connection, now: number): boolean {
  return checkedAt <= now && now - checkedAt < FRESH_MS
}

function toFailure(error: unknown): unknown {
  if (!(error instanceof UpstreamError)) return error
  const { code, cure } = judgeUpstreamError(error, 'find_binding')
  return new ConnectError(code, {
    detail: cure,
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) }),
  })
}

function stillFailing({ failure, until }: Pause, now: number): unknown {
  if (!(failure instanceof ConnectError)) return failure
  return new ConnectError(failure.code, {
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    cause: failure.cause,
    retryAfterSeconds: Math.ceil((until - now) / 1000),
  })
}
