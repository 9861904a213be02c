// Calls each method of a store once at least, so that every statement it has is sent.
import type { Storage } from '../../bff/storage/storage.ts'
import { ACCOUNT, CONFIRM, createScenario } from './scenario.ts'

export async function callEverything(storage: Storage): Promise<void> {
  const { connected, returned, waiting } = createScenario(storage, { now: Date.now() })
  await connected()
  const { tenantId, userId, flowId, stateHash } = await returned()
  await storage.vouchFlow(tenantId, flowId, 1)
  await storage.confirmReturn(tenantId, flowId, CONFIRM)
  const other = await waiting()
  await storage.endFlow(tenantId, other.flowId, { from: ['waiting'], status: 'cancelled', error: null })
  await storage.claimJobs('owner', { leaseMs: 1000, limit: 10 })
  await storage.findNextDueInMs()
  await storage.measureOpenWork()
  await storage.hasUnfinishedBindings(1)
  await storage.retryJob('owner', flowId, { delayMs: 0, outcomeUnknown: false })
  await storage.releaseJobs('owner')
  await storage.findFlow(tenantId, flowId)
  await storage.findFlowById(flowId)
  await storage.findFlowByState(stateHash)
  await storage.findLatestFlow(tenantId, userId)
  await storage.findConnection(tenantId)
  await storage.recordCheck(tenantId, { installationIndex: 'index-1', reason: null, account: ACCOUNT })
  await storage.recordInstallationFact({
    deliveryId: 'delivery',
    installationIndex: 'index-1',
    fact: { kind: 'renamed', login: 'new-name', changedAt: 1 },
  })
  await storage.recordCheck(tenantId, {
    installationIndex: 'index-1',
    reason: null,
    account: { ...ACCOUNT, login: 'newer-name' },
    askedAt: Date.now() + 1000,
  })
  await storage.purgeInstallationFacts()
  await storage.countFailedBindings(tenantId, 1000)
  await storage.expireFlows()
  await storage.reduceFlows({ endedMs: 1000, awaitingMs: 1000 }, (value) => `hash of ${value}`)
  await storage.purgeFlows(1000)
  const [connection] = await storage.findSealedInConnections('', 1)
  const sealed = [...(await storage.findSealedInFlows()), ...(connection === undefined ? [] : [connection])]
  await storage.replaceSealed(sealed.map((value) => ({ ...value, resealed: 'resealed' })))
  await storage.forgetConnection(tenantId)
}
