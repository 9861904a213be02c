// Which methods of the storage port are timed.
import type { Storage } from '../storage/storage.ts'

export type StoreOperation = Exclude<keyof Storage, 'onFlowChanged' | 'onChangesMissed' | 'close'>

/** As a table, so that a method that is missing here does not compile. */
const TIMED: Readonly<Record<StoreOperation, true>> = {
  now: true,
  createFlow: true,
  offerInstallUrl: true,
  findFlow: true,
  findFlowById: true,
  findLatestFlow: true,
  findFlowByState: true,
  endFlow: true,
  acceptReturn: true,
  confirmReturn: true,
  acceptAuthorization: true,
  vouchFlow: true,
  claimJobs: true,
  retryJob: true,
  recordProof: true,
  authorizeAgain: true,
  completeJob: true,
  releaseJobs: true,
  findNextDueInMs: true,
  measureOpenWork: true,
  hasUnfinishedBindings: true,
  findConnection: true,
  recordCheck: true,
  recordInstallationFact: true,
  purgeInstallationFacts: true,
  forgetConnection: true,
  countFailedBindings: true,
  expireFlows: true,
  reduceFlows: true,
  purgeFlows: true,
  findSealedInFlows: true,
  findSealedInConnections: true,
  replaceSealed: true,
  findMeta: true,
  getOrCreateMeta: true,
  replaceMeta: true,
  check: true,
}

export const STORE_OPERATIONS = Object.keys(TIMED).filter((name): name is StoreOperation =>
  Object.hasOwn(TIMED, name),
)
