// Keeps connections true: asks Layers in the background whether a binding still works, at a bounded rate.
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
/** After a failure, the same tenant's connection is left alone for this long. */
const PAUSE_AFTER_FAILURE_MS = 30_000
/** Tenants refreshed at once; further ones are refreshed by a later request. */
const MAX_RUNNING = 16

export interface ConnectionRefresh {
  /** Starts a check when the last one is too old and none is running. True while one is under way. */
  refreshIfStale(connection: Connection, now: number): boolean
  /** Resolves when all running checks have ended. */
  drain(): Promise<void>
}

export function createConnectionRefresh(deps: {
  readonly storage: Pick<Storage, 'recordCheck'>
  readonly layers: Pick<LayersClient, 'findBinding'>
  readonly secrets: FlowSecrets
  readonly log: Log
}): ConnectionRefresh {
  const running = new Map<string, Promise<void>>()
  const pausedUntil = new Map<string, number>()

  async function refresh(connection: Connection, now: number): Promise<void> {
    try {
      const binding = await deps.layers.findBinding({ organization: connection.organization })
      await deps.storage.recordCheck(connection.tenantId, {
        installationIndex: connection.installation.index,
        ...judge(connection, binding),
      })
      pausedUntil.delete(connection.tenantId)
    } catch (error) {
      pause(connection.tenantId, now)
      const verdict = error instanceof UpstreamError ? judgeUpstreamError(error, 'find_binding') : undefined
      deps.log.warn('connection_check_failed', {
        tenant: deps.secrets.pseudonymOf(connection.tenantId),
        code: verdict?.code ?? 'internal',
        detail: verdict?.cure,
        error,
      })
    }
  }

  /** Whatever else is bound to the organization now is not ours to show. */
  function judge(connection: Connection, binding: BindingAnswer | undefined) {
    const isOurs =
      binding !== undefined && deps.secrets.indexOf(binding.installationId) === connection.installation.index
    if (!isOurs) return { reason: 'detached', account: connection.account } as const
    return { reason: reconnectReasonOf(binding.status), account: binding.githubAccount }
  }

  function pause(tenantId: string, now: number): void {
    if (pausedUntil.size > 10_000) pausedUntil.clear()
    pausedUntil.set(tenantId, now + PAUSE_AFTER_FAILURE_MS)
  }

  return {
    refreshIfStale(connection, now) {
      const { tenantId } = connection
      if (running.has(tenantId)) return true
      const isFresh = now - connection.checkedAt < FRESH_MS
      const isPaused = (pausedUntil.get(tenantId) ?? 0) > now
      if (isFresh || isPaused || running.size >= MAX_RUNNING) return false
      running.set(
        tenantId,
        refresh(connection, now).finally(() => running.delete(tenantId)),
      )
      return true
    },
    async drain() {
      await Promise.all(running.values())
    },
  }
}
