// The parts that both stores are put together from, and what passes between a return's first and last step.
import type { FailureLimit, ReturnedStatus, Storage } from './storage.ts'

export type FlowMethods = Pick<
  Storage,
  | 'createFlow'
  | 'offerInstallUrl'
  | 'findFlow'
  | 'findFlowById'
  | 'findLatestFlow'
  | 'findFlowByState'
  | 'endFlow'
  | 'vouchFlow'
  | 'expireFlows'
  | 'purgeFlows'
>

export type ReturnMethods = Pick<Storage, 'acceptReturn' | 'confirmReturn' | 'acceptAuthorization'>

export type ConnectionMethods = Pick<Storage, 'findConnection' | 'recordCheck' | 'forgetConnection'>

export type InstallationMethods = Pick<Storage, 'recordInstallationFact' | 'purgeInstallationFacts'>

export type RetentionMethods = Pick<Storage, 'reduceFlows'>

export type SealedMethods = Pick<Storage, 'findSealedInFlows' | 'findSealedInConnections' | 'replaceSealed'>

export type MetaMethods = Pick<Storage, 'findMeta' | 'getOrCreateMeta' | 'replaceMeta'>

/** Where an accepted flow goes next, and what it takes along. */
export interface NextStep {
  readonly status: ReturnedStatus
  readonly failureLimit: FailureLimit
  readonly authorizationSealed: string | null
  /** Kept as it is when null. */
  readonly authorizeStateHash: string | null
  /** Of the request that brought it here; undefined when nobody said. */
  readonly requestId: string | undefined
  readonly at: number
}
