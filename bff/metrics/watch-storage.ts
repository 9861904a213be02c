// Times every call to the store, and counts the statuses that flows come into.
import { StorageError, type Storage } from '../storage/storage.ts'
import type { Metrics } from './metrics.ts'
import { STORE_OPERATIONS, type StoreOperation } from './store-operations.ts'

/** The same store, measured. */
export function watchStorage(storage: Storage, metrics: Metrics): Storage {
  const timed = timeOperations(storage, metrics)
  metrics.readOpenWorkFrom(() => timed.measureOpenWork())
  return countFlows(timed, metrics)
}

function timeOperations(storage: Storage, metrics: Metrics): Storage {
  const timed = { ...storage }
  for (const operation of STORE_OPERATIONS) {
    Object.assign(timed, { [operation]: time(operation, storage[operation], metrics) })
  }
  return timed
}

type Call = (...args: never[]) => Promise<unknown>

function time(operation: StoreOperation, call: Call, metrics: Metrics): Call {
  return async (...args) => {
    const startedAt = performance.now()
    try {
      return await call(...args)
    } catch (error) {
      if (error instanceof StorageError) metrics.countStoreFailure(error.kind)
      throw error
    } finally {
      metrics.observeStore(operation, (performance.now() - startedAt) / 1000)
    }
  }
}

/** A transition is counted by the process that made it, so the sum over processes is exact. */
function countFlows(storage: Storage, metrics: Metrics): Storage {
  return {
    ...storage,
    async createFlow(flow) {
      const created = await storage.createFlow(flow)
      if (created.outcome !== 'created') return created
      metrics.countFlow(created.flow.status)
      if (created.superseded > 0) metrics.countFlow('superseded', created.superseded)
      return created
    },
    async offerInstallUrl(...args) {
      const flow = await storage.offerInstallUrl(...args)
      if (flow !== undefined) metrics.countFlow(flow.status)
      return flow
    },
    async endFlow(...args) {
      const flow = await storage.endFlow(...args)
      if (flow !== undefined) metrics.countFlow(flow.status)
      return flow
    },
    async acceptReturn(accepted) {
      const result = await storage.acceptReturn(accepted)
      if (isMoved(result.outcome)) metrics.countFlow(result.flow.status)
      return result
    },
    async confirmReturn(...args) {
      const result = await storage.confirmReturn(...args)
      if (result !== undefined && isMoved(result.outcome)) metrics.countFlow(result.flow.status)
      return result
    },
    async acceptAuthorization(...args) {
      const result = await storage.acceptAuthorization(...args)
      if (result !== undefined && isMoved(result.outcome)) metrics.countFlow(result.flow.status)
      return result
    },
    async authorizeAgain(...args) {
      const isDone = await storage.authorizeAgain(...args)
      if (isDone) metrics.countFlow('authorizing')
      return isDone
    },
    async completeJob(owner, flowId, outcome) {
      const isDone = await storage.completeJob(owner, flowId, outcome)
      // The store decides how the flow ends; when it cannot be asked, the outcome that it was given is near enough.
      if (isDone) {
        const flow = await storage.findFlowById(flowId).catch(() => undefined)
        metrics.countFlow(flow?.status ?? (outcome.status === 'unusable' ? 'refused' : outcome.status))
      }
      return isDone
    },
    async expireFlows() {
      const count = await storage.expireFlows()
      if (count > 0) metrics.countFlow('expired', count)
      return count
    },
  }
}

function isMoved(outcome: string): boolean {
  return outcome === 'accepted' || outcome === 'taken'
}
