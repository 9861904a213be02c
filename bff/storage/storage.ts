// The storage port: what the BFF keeps, and what each method guarantees. SQLite and PostgreSQL implement it and pass
// one contract suite (test/storage). Over 250 lines because each method carries the guarantee that both stores are held to.
import type {
  ErrorCode,
  FLOW_STATUSES,
  FlowMode,
  FlowStatus,
  GitHubAccount,
  ReconnectReason,
  Theme,
} from '../contract.ts'

/** All instants are epoch milliseconds by the store's own clock. `sealed` values are encrypted by the caller. */
export interface Flow {
  readonly flowId: string
  readonly tenantId: string
  readonly userId: string
  /** The Layers organization the tenant acts in; null means the partner key's own. */
  readonly organization: string | null
  readonly mode: FlowMode
  /** Origin of the host page that started the flow; hints are posted to it and to nobody else. */
  readonly hostOrigin: string
  /** Absolute URL on `hostOrigin` where a redirect flow ends. */
  readonly returnTo: string
  /** The language the host page asked the flow's pages to be in, as it was given; null when the browser decides. */
  readonly locale: string | null
  /** How the host page asked them to look; null when the system decides. */
  readonly theme: Theme | null
  readonly status: FlowStatus
  /** 1 when created; grows by one with each change. */
  readonly version: number
  readonly error: ErrorCode | null
  readonly account: GitHubAccount | null
  /** SHA-256 of the state, base64url. */
  readonly stateHash: string
  /** The state itself, sealed; null once the flow has ended. */
  readonly stateSealed: string | null
  /** GitHub's install URL, sealed; null before it is known and once the flow has ended. */
  readonly installUrlSealed: string | null
  /** Fingerprint of the partner key that the install URL was made with; null before it is known. */
  readonly partnerKey: string | null
  /** The GitHub account the partner expects, in any case; null when any will do. */
  readonly expectedAccount: string | null
  /** Until when the newest connect token that was seen for this flow holds; null for host sessions. */
  readonly vouchedUntil: number | null
  /** GitHub's `code` for the proof of ownership, sealed; null before it came, after it was used, and once the flow has ended. */
  readonly authorizationSealed: string | null
  /** Set once ownership was proved. */
  readonly proof: OwnershipProof | null
  /** Null until the return was accepted and once the flow has ended; the store keeps the index to tell replays. */
  readonly installation: StoredInstallation | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
}

/** An installation id as it is stored: readable with the data key only, comparable without it. */
export interface StoredInstallation {
  readonly sealed: string
  /** Keyed hash of the id: equal for equal ids, useless without the key. */
  readonly index: string
}

export interface OwnershipProof {
  /** The login that Layers has to record, in any case; null when the installation itself was proved to be the customer's. */
  readonly login: string | null
}

export type NewFlow = Pick<
  Flow,
  | 'flowId'
  | 'tenantId'
  | 'userId'
  | 'organization'
  | 'mode'
  | 'hostOrigin'
  | 'returnTo'
  | 'locale'
  | 'theme'
  | 'stateHash'
  | 'stateSealed'
  | 'expectedAccount'
  | 'vouchedUntil'
> & {
  /** How long the flow may live, in milliseconds from now. */
  readonly lifetimeMs: number
}

export type CreateFlowOutcome =
  /** `superseded`: how many of the user's flows it replaced. */
  | { readonly outcome: 'created'; readonly flow: Flow; readonly superseded: number }
  /** The same user already made this flow; nothing was changed. */
  | { readonly outcome: 'existing'; readonly flow: Flow }
  /** Somebody else made a flow with this id; nothing was changed. */
  | { readonly outcome: 'foreign' }

export type AcceptReturnOutcome =
  /** This call used the state. The flow is in the status that was asked for; when that is `binding`, a job is queued. */
  | { readonly outcome: 'accepted'; readonly flow: Flow }
  /** The same id came back with a state that is used up, whatever became of the flow; nothing was changed. */
  | { readonly outcome: 'repeated'; readonly flow: Flow }
  /** Another id came with a used state; nothing was changed. */
  | { readonly outcome: 'replayed'; readonly flow: Flow }
  /**
   * The flow cannot take a return any more, and no id was fixed in it (cancelled, superseded, blocked, past its expiry
   * even when `expireFlows` has not seen it yet); nothing was changed.
   */
  | { readonly outcome: 'ended'; readonly flow: Flow }
  /**
   * Another tenant holds this installation (flow now `refused`, `installation_in_use`) or this organization's one binding
   * (flow now `conflict`, `already_bound`, without account), by a claim (see `forgetConnection`) or an unfinished job.
   */
  | { readonly outcome: 'taken'; readonly flow: Flow }
  /**
   * The tenant has as many failed and unfinished bindings as {@link FailureLimit} allows; nothing was changed, and nothing
   * asked about other tenants.
   */
  | { readonly outcome: 'limited'; readonly flow: Flow }

export type ConfirmReturnOutcome = Extract<AcceptReturnOutcome, { outcome: 'accepted' | 'taken' | 'limited' }>

/**
 * What an accepted return still needs: `returned`, the person's confirmation; `authorizing`, GitHub's word on who the person is;
 * `binding`, nothing but its job.
 */
export type ReturnedStatus = Extract<FlowStatus, 'returned' | 'authorizing' | 'binding'>

/** How many bindings of one tenant may have failed or be under way, within a time, before further ones are refused. */
export interface FailureLimit {
  readonly count: number
  readonly windowMs: number
}

/** A binding that still has to be recorded with Layers. One per flow. */
export interface BindingJob {
  readonly flow: Flow
  /** How often it was tried before this claim; a claim that nothing is known of counts. */
  readonly attempts: number
  /** True when an earlier try may have taken effect upstream without our knowing. */
  readonly outcomeUnknown: boolean
  /** Of the request that queued it, for the log; null when it was not given. */
  readonly requestId: string | null
}

/** What is under way in the whole store. Counts and ages only: no tenant can be told from them. */
export interface OpenWork {
  /** Flows by each status that is open (see FLOW_STATUSES), counted up to {@link MAX_COUNTED} in all. */
  readonly flows: Readonly<Record<OpenStatus, number>>
  /** Unfinished bindings, counted up to {@link MAX_COUNTED}. */
  readonly jobs: number
  /** For how long the job that is due longest has been waiting to be taken; 0 when none is due. */
  readonly oldestDueMs: number
  /** How long ago the oldest unfinished binding was accepted; 0 when there is none. */
  readonly oldestJobMs: number
}

export type OpenStatus = {
  [Status in FlowStatus]: (typeof FLOW_STATUSES)[Status]['open'] extends true ? Status : never
}[FlowStatus]

/** Counting further would cost more than the number is worth. */
export const MAX_COUNTED = 100_000

export type BindingOutcome =
  | { readonly status: 'connected'; readonly account: GitHubAccount; readonly registeredAt: number }
  | {
      readonly status: 'conflict' | 'refused' | 'blocked' | 'expired'
      readonly error: ErrorCode
      /** The account that stands in the way. */
      readonly account: GitHubAccount | null
      /** Index of that account's installation: when another tenant holds it, the flow ends without the account. */
      readonly accountIndex?: string
    }
  /** Layers recorded the binding, but it cannot be used; the connection is written with the reason. */
  | {
      readonly status: 'unusable'
      readonly account: GitHubAccount
      readonly registeredAt: number
      readonly reason: ReconnectReason
    }

export interface Connection {
  readonly tenantId: string
  readonly organization: string | null
  readonly installation: StoredInstallation
  readonly account: GitHubAccount
  /** What Layers itself calls the account: another name than the account's while only GitHub has told of a new one. */
  readonly loginAtLayers: string
  /** Null while the connection works. */
  readonly reason: ReconnectReason | null
  readonly connectedBy: string
  /** When Layers first recorded the binding. */
  readonly registeredAt: number
  readonly checkedAt: number
}

/** For how long, in milliseconds. */
export interface ReducedAge {
  readonly endedMs: number
  readonly awaitingMs: number
}

/** A sealed value, and where it is stored. */
export interface SealedValue {
  readonly of: 'state' | 'install-url' | 'installation' | 'authorization' | 'connection'
  readonly tenantId: string
  /** Null for a connection's, of which a tenant has one. */
  readonly flowId: string | null
  readonly sealed: string
}

export interface ResealedValue extends SealedValue {
  readonly resealed: string
}

/** What one of GitHub's webhooks told about an installation. `changedAt` is when it happened, by GitHub's clock. */
export type InstallationFact =
  | { readonly kind: 'removed' }
  | { readonly kind: 'suspended' | 'unsuspended'; readonly changedAt: number }
  | { readonly kind: 'renamed'; readonly login: string; readonly changedAt: number }

export interface RecordFactOutcome {
  /** `repeated`: the delivery was recorded before. `stale`: something newer, or the same, was known. Neither changes anything. */
  readonly outcome: 'recorded' | 'repeated' | 'stale'
  /** Whose connection it is; null when the installation is nobody's, which may come yet. */
  readonly tenantId: string | null
}

/**
 * Every method is atomic and durable when its promise resolves; every row is read and written by tenant, except where a
 * method says why it cannot be. Rejections are {@link StorageError}.
 */
export interface Storage {
  /** The store's clock. */
  now(): Promise<number>

  /**
   * Creates the flow in status `starting` and supersedes the same user's other flows of this tenant that are `starting`,
   * `waiting`, `returned`, `authorizing` or `awaiting_approval`. Flows that are `binding` are left alone: they were acknowledged.
   */
  createFlow(flow: NewFlow): Promise<CreateFlowOutcome>

  /** `starting` → `waiting`; undefined when the flow is not `starting`. `expiresAt` can only shorten the flow's life. */
  offerInstallUrl(
    tenantId: string,
    flowId: string,
    offer: {
      readonly installUrlSealed: string
      readonly expiresAt: number
      /** Default null. */
      readonly partnerKey?: string
    },
  ): Promise<Flow | undefined>

  findFlow(tenantId: string, flowId: string): Promise<Flow | undefined>

  /**
   * By id alone: the pages of the popup have the flow's cookie but not always a session. The caller then checks the cookie.
   */
  findFlowById(flowId: string): Promise<Flow | undefined>

  /** The user's most recently created flow that is not superseded. */
  findLatestFlow(tenantId: string, userId: string): Promise<Flow | undefined>

  /**
   * By state alone: GitHub's redirect carries nothing else. The state is the flow's own, or that of its authorize page. The caller
   * then checks cookie, user and tenant.
   */
  findFlowByState(stateHash: string): Promise<Flow | undefined>

  /**
   * Ends a flow, or moves it to `awaiting_approval`, if it is in one of the `from` statuses; else undefined. Erases the
   * sealed state and install URL, except for `awaiting_approval` (the owner may still send the user back with them). A
   * `binding` flow was acknowledged and ends by `completeJob` alone. Throws RangeError when `end.status` is an open one.
   */
  endFlow(
    tenantId: string,
    flowId: string,
    end: {
      readonly from: readonly FlowStatus[]
      readonly status: FlowStatus
      readonly error: ErrorCode | null
    },
  ): Promise<Flow | undefined>

  /**
   * Uses the state: fixes the installation id in the flow and, when `next` is `binding`, queues the job in the same
   * transaction. Exactly one of any number of parallel calls is `accepted`. A flow can be accepted from `waiting` and
   * `awaiting_approval`, before its expiry; at `expiresAt` exactly it has expired. Keyed by state hash for the reason
   * given at `findFlowByState`. Throws when no flow has the state: callers find the flow first.
   */
  acceptReturn(accepted: {
    readonly stateHash: string
    readonly installation: StoredInstallation
    readonly next: ReturnedStatus
    /** GitHub's `code`, when the return brought one that can be used. */
    readonly authorizationSealed: string | null
    /** Hash of the state that the authorize page will bring back; null when the flow never goes there. */
    readonly authorizeStateHash: string | null
    readonly failureLimit: FailureLimit
    /** Kept with the job, for the log. */
    readonly requestId?: string
  }): Promise<AcceptReturnOutcome>

  /**
   * `returned` → `authorizing`, or `binding` with the job, in one transaction; the outcomes are those of `acceptReturn`.
   * Undefined when the flow is not `returned` or has expired.
   */
  confirmReturn(
    tenantId: string,
    flowId: string,
    confirmed: {
      readonly next: 'authorizing' | 'binding'
      readonly failureLimit: FailureLimit
      readonly requestId?: string
    },
  ): Promise<ConfirmReturnOutcome | undefined>

  /**
   * `authorizing` → `returned` with GitHub's `code`, or `binding` with the code and the job, in one transaction; the outcomes are
   * those of `acceptReturn`. Undefined when the flow is not `authorizing` (any more) or has expired.
   */
  acceptAuthorization(
    tenantId: string,
    flowId: string,
    accepted: {
      readonly next: 'returned' | 'binding'
      readonly authorizationSealed: string
      readonly failureLimit: FailureLimit
      readonly requestId?: string
    },
  ): Promise<ConfirmReturnOutcome | undefined>

  /** A newer connect token was seen for the flow. Never shortens what an earlier one said; nothing for a host session's flow. */
  vouchFlow(tenantId: string, flowId: string, until: number): Promise<void>

  /**
   * Takes up to `limit` jobs that are due, or whose lease has run out, for `leaseMs`, those due longest first. No job is held by two
   * owners. A job whose last owner never gave it back comes with `outcomeUnknown: true`. Across tenants by nature: the
   * dispatcher serves all of them.
   */
  claimJobs(
    owner: string,
    claim: { readonly leaseMs: number; readonly limit: number },
  ): Promise<readonly BindingJob[]>

  /**
   * Gives a job back, due in `delayMs`. False when the lease is lost: the job is another owner's, or done. A lease that ran
   * out and that nobody has taken since is not lost.
   */
  retryJob(
    owner: string,
    flowId: string,
    retry: {
      readonly delayMs: number
      readonly outcomeUnknown: boolean
      /** False: nothing was sent, so the try is not counted. Default true. */
      readonly wasTried?: boolean
    },
  ): Promise<boolean>

  /**
   * Notes that ownership is proved, and erases the `code`, which is used up: a later try posts without asking again. False when
   * the lease is lost.
   */
  recordProof(owner: string, flowId: string, proof: OwnershipProof): Promise<boolean>

  /**
   * The `code` was used up before a proof could be kept: `binding` → `authorizing`, without the code and the job, so that the customer
   * can go to GitHub's authorize page again. False, and nothing written, when the lease is lost.
   */
  authorizeAgain(owner: string, flowId: string): Promise<boolean>

  /**
   * Ends the flow, deletes the job, erases sealed values and, when connected or unusable, writes the tenant's connection
   * and claim: one transaction. An unusable flow ends `refused` with `installation_unusable` and the account; so does
   * a connected one when GitHub has told that the installation is gone or suspended. When another
   * tenant turns out to hold the installation or the organization, the flow ends as for `taken` instead. False, and nothing
   * written, when the lease is lost.
   */
  completeJob(owner: string, flowId: string, outcome: BindingOutcome): Promise<boolean>

  /**
   * Gives back every job this owner still holds, due at once. For shutdown: what is held then is what could not be recorded,
   * so those jobs come back with `outcomeUnknown`.
   */
  releaseJobs(owner: string): Promise<void>

  /** Milliseconds until the next job is due or its lease runs out; undefined when there is none. */
  findNextDueInMs(): Promise<number | undefined>

  /** For metrics: answers quickly however many flows have ended. Across tenants by nature. */
  measureOpenWork(): Promise<OpenWork>

  /** Whether `count` bindings or more are unfinished. Cheap, so that it can be asked before each start. Across tenants by nature. */
  hasUnfinishedBindings(count: number): Promise<boolean>

  /**
   * Undefined when the tenant has none or has forgotten it. Reason and account are what Layers said last, and what GitHub told of the
   * installation (`recordInstallationFact`): removed is `uninstalled` for good; suspended is `suspended` until Layers, asked more than
   * ten minutes after we were told, says that it works; the end of a suspension clears a `suspended` that Layers was asked for before;
   * a new name holds until Layers says another name than before.
   */
  findConnection(tenantId: string): Promise<Connection | undefined>

  /**
   * Records what Layers says about the connection, if the tenant's connection still is this installation, and nothing that Layers was
   * asked later (another check, or a binding) is recorded already.
   */
  recordCheck(
    tenantId: string,
    check: {
      readonly installationIndex: string
      readonly reason: ReconnectReason | null
      /** Null when Layers named none. */
      readonly account: GitHubAccount | null
      /** When Layers was asked, by the store's clock. Default: now. */
      readonly askedAt?: number
    },
  ): Promise<void>

  /**
   * Notes the delivery and what it told, in one transaction, whether or not anybody has a connection to the installation yet: any order
   * of deliveries, before and after the binding, leads to the same connection. Across tenants: GitHub knows none.
   */
  recordInstallationFact(told: {
    /** GitHub's id of the delivery; the same when it is sent again. */
    readonly deliveryId: string
    readonly installationIndex: string
    readonly fact: InstallationFact
  }): Promise<RecordFactOutcome>

  /**
   * Deletes deliveries noted more than eight days ago (no GitHub sends one again after seven), and what is known of installations that
   * are in no connection and were last heard of more than a day ago. How many. Across tenants by nature.
   */
  purgeInstallationFacts(): Promise<number>

  /**
   * Forgets the connection; what was forgotten, or undefined. The tenant's claims stay, so that nobody else can bind the
   * installation while Layers still does: a claim says that a tenant's installation is bound to an organization, and is
   * replaced only by the same tenant binding another installation to that organization.
   */
  forgetConnection(tenantId: string): Promise<Connection | undefined>

  /**
   * How many of the tenant's flows ended in the last `windowMs` because of the installation they brought
   * (`installation_not_found`, `already_bound`, `installation_in_use`, `account_mismatch`, `ownership_not_proved`): what guessing at ids looks like.
   */
  countFailedBindings(tenantId: string, windowMs: number): Promise<number>

  /**
   * Ends every `starting`, `waiting`, `returned` and `authorizing` flow past its expiry. How many. Flows in `awaiting_approval` stay, and
   * lose their sealed values, which nothing can use any more. Across tenants by nature.
   */
  expireFlows(): Promise<number>

  /** Deletes flows that are not open (see FLOW_STATUSES) and last changed more than `retentionMs` ago. How many. Across tenants by nature. */
  purgeFlows(retentionMs: number): Promise<number>

  /**
   * Takes out of flows that ended more than `endedMs` ago, or have awaited approval for more than `awaitingMs`, all that can be read:
   * the ids of flow, tenant and user are replaced by what `hashOf` makes of them, everything else that tells who and where is erased.
   * Status, error, times and the index of the installation stay. A reduced flow is nobody's any more: only `purgeFlows` finds it. How many.
   * Across tenants by nature.
   */
  reduceFlows(age: ReducedAge, hashOf: (value: string) => string): Promise<number>

  /** The sealed values of every flow that still needs them. Across tenants: keys are everybody's. */
  findSealedInFlows(): Promise<readonly SealedValue[]>

  /** Those of up to `limit` connections, by tenant, from the first tenant after `afterTenantId` on. Across tenants: keys are everybody's. */
  findSealedInConnections(afterTenantId: string, limit: number): Promise<readonly SealedValue[]>

  /** Stores for each value what it is now sealed as, unless it has changed since: one transaction. How many were replaced. */
  replaceSealed(values: readonly ResealedValue[]): Promise<number>

  findMeta(name: string): Promise<string | undefined>

  /** The value stored under `name`, or `value` after storing it, whichever came first. */
  getOrCreateMeta(name: string, value: string): Promise<string>

  /** Stores `value` if the value is still `known`. False when it was changed meanwhile. */
  replaceMeta(name: string, known: string, value: string): Promise<boolean>

  /** Called after each committed change of a flow, in this process or (PostgreSQL) another. Returns the unsubscribe function. */
  onFlowChanged(listener: (flowId: string) => void): () => void

  /**
   * Called when changes that other processes made may have been missed (PostgreSQL: the connection that brings the news was away and is
   * back): any flow may have changed. Returns the unsubscribe function.
   */
  onChangesMissed(listener: () => void): () => void

  /** Rejects when the store cannot serve right now. For readiness. */
  check(): Promise<void>

  close(): Promise<void>
}

/**
 * `busy` and `full` pass by themselves (503, try again). `fatal` (I/O error, corruption) means that the outcome of the
 * last write is unknown and the process must stop; the next start recovers.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly kind: 'busy' | 'full' | 'fatal'

  constructor(kind: 'busy' | 'full' | 'fatal', options: { cause?: unknown } = {}) {
    super(`storage: ${kind}`, options)
    this.kind = kind
  }
}
