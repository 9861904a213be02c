// What a sandbox lets its user look at: requests, states, bindings, installations, tokens, webhook deliveries.

import type { PersonLogin } from './github/catalogue.ts'
import type { AppName } from './options.ts'

export type AccountType = 'Organization' | 'User'

/** A request that reached a path below `/v1` of the Layers origin, or GitHub's API or token endpoint. */
export interface RecordedRequest {
  /** As sent in `X-Request-Id` (`req_` and 26 characters) or in `X-GitHub-Request-Id`. */
  readonly requestId: string
  /** When it arrived, epoch milliseconds of the sandbox's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  /** Query parameters; of a repeated one the last. `rawQuery` has them all. */
  readonly query: Readonly<Record<string, string>>
  /** The query as received, without the question mark. */
  readonly rawQuery: string
  /** Names in lower case; repeated headers joined with a comma. A foreign key that starts with `lp_live_` is masked. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text, at most its first 8,192 characters; empty when there was none. */
  readonly body: string
  /** The status answered; `null` while unanswered and when the connection was cut. */
  readonly status: number | null
}

/** A binding as the Layers side holds it, with the status that GitHub's side gives it now. */
export interface RecordedBinding {
  readonly organizationId: string
  readonly installationId: number
  readonly account: { readonly login: string; readonly type: AccountType }
  /** As answered: ISO 8601 with microseconds and `+00:00`. */
  readonly registeredAt: string
  readonly status: BindingStatus
}

export type BindingStatus = 'active' | 'suspended' | 'uninstalled'

/** A state the Layers side issued. */
export interface RecordedState {
  readonly state: string
  readonly organizationId: string
  readonly returnUrl: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** Epoch milliseconds; `null` while no binding was made with it. */
  readonly usedAt: number | null
}

/** An installation of the App as the GitHub side holds it; uninstalled ones are gone. */
export interface RecordedInstallation {
  readonly installationId: number
  readonly account: { readonly login: string; readonly type: AccountType }
  readonly repositorySelection: 'all' | 'selected'
  /** Full names of the repositories the installation can see. */
  readonly repositories: readonly string[]
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds of the latest change. */
  readonly updatedAt: number
  /** Epoch milliseconds; `null` unless suspended. */
  readonly suspendedAt: number | null
  /** Login of whoever suspended it; `null` unless suspended. */
  readonly suspendedBy: string | null
  /** The member whose request an owner approved; `null` otherwise. */
  readonly requestedBy: string | null
}

/** A member's request to install the App that no owner has decided yet. */
export interface RecordedPendingRequest {
  readonly account: string
  readonly requestedBy: string
  /** Epoch milliseconds. */
  readonly requestedAt: number
  readonly repositorySelection: 'all' | 'selected'
  readonly repositories: readonly string[]
}

/** A user access token that the GitHub side gave out. */
export interface RecordedUserToken {
  /** `ghu_` and 36 characters. */
  readonly token: string
  readonly app: AppName
  readonly person: PersonLogin
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** Epoch milliseconds; `null` while not revoked. */
  readonly revokedAt: number | null
}

/** A webhook event of an App that has a webhook, and what became of it. */
export interface RecordedDelivery {
  /** `X-GitHub-Delivery`, a GUID; stays when it is sent again. */
  readonly id: string
  readonly app: AppName
  /** `X-GitHub-Event` */
  readonly event: string
  /** `null` for a ping. */
  readonly action: string | null
  /** When it happened, epoch milliseconds. */
  readonly at: number
  /** The bytes sent, as text. */
  readonly body: string
  /** Status of the latest attempt; `null` when there was none yet, or no answer. */
  readonly status: number | null
  /** Oldest first; empty while it is held or on its way. */
  readonly attempts: readonly RecordedAttempt[]
  /** Waits until it is released. */
  readonly isHeld: boolean
}

export interface RecordedAttempt {
  /** Epoch milliseconds of the answer. */
  readonly at: number
  /** `null`: no answer within ten seconds, or no connection. */
  readonly status: number | null
  readonly signature: WebhookSignature
}

export const WEBHOOK_SIGNATURES = ['valid', 'broken', 'missing'] as const
export type WebhookSignature = (typeof WEBHOOK_SIGNATURES)[number]
