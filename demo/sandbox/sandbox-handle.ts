// The handle of a running sandbox: what it shows, and what can be done with it.

import type { PersonLogin } from './github/catalogue.ts'
import type { AppName, SandboxApp } from './options.ts'
import type {
  RecordedBinding,
  RecordedDelivery,
  RecordedInstallation,
  RecordedPendingRequest,
  RecordedRequest,
  RecordedState,
  RecordedUserToken,
  WebhookSignature,
} from './records.ts'

/** A running sandbox. The lists are snapshots of the moment they are read, oldest first. */
export interface Sandbox {
  /** E.g. `http://127.0.0.1:4001`, without a trailing slash. */
  readonly layersUrl: string
  readonly githubUrl: string
  /** GitHub's REST API, `/api/v3` of the GitHub origin. */
  readonly githubApiUrl: string
  /** The control page, on the Layers origin. */
  readonly controlUrl: string
  /** The first key. */
  readonly key: string
  /** The two GitHub Apps as they are registered now, with their credentials. */
  readonly apps: Readonly<Record<AppName, SandboxApp>>
  /** Changes what is registered about an App, for values that are known only later. A reset does not undo it. */
  readonly configureApp: (name: AppName, changes: Partial<SandboxApp>) => void
  /** Signs a person in through an App, as if in a browser: an OAuth code, worth one token within ten minutes. */
  readonly issueCode: (request: SandboxCodeRequest) => string
  /** The user access tokens that were given out, also those that work no more; the latest 10,000. */
  readonly userTokens: readonly RecordedUserToken[]
  /** What GitHub's API and token endpoint received; the latest 10,000, or `capacity`. */
  readonly githubRequests: readonly RecordedRequest[]
  /** Events of Apps that have a webhook; the latest 10,000. */
  readonly webhookDeliveries: readonly RecordedDelivery[]
  readonly webhooks: SandboxWebhooks
  /** What the Layers origin received below `/v1`; the latest 10,000, or `capacity`. */
  readonly requests: readonly RecordedRequest[]
  readonly bindings: readonly RecordedBinding[]
  readonly states: readonly RecordedState[]
  readonly installations: readonly RecordedInstallation[]
  readonly pendingRequests: readonly RecordedPendingRequest[]
  /**
   * Runs a scenario, like the control API.
   * @throws ScenarioError for an unknown name or wrong parameters; its message names the allowed ones
   */
  readonly scenario: (name: string, params?: Readonly<Record<string, unknown>>) => void
  /** Moves the sandbox's clock forward, like the control API. */
  readonly advanceClock: (advanceMs: number) => void
  /** Everything back to how it started, the clock included. */
  readonly reset: () => void
  /** Stops both origins, cutting what is open. May be called more than once. */
  readonly close: () => Promise<void>
}

/** Webhooks are sent in the order in which things happened, one after the other, and never twice by themselves. */
export interface SandboxWebhooks {
  /** From now on, new events wait. */
  readonly hold: () => void
  /**
   * Sends what waits: all of it, and new events wait no longer; or only these ids, in this order, while others go on waiting.
   * Resolves when they are settled.
   * @throws RangeError for an id that does not wait
   */
  readonly release: (ids?: readonly string[]) => Promise<void>
  /**
   * Sends a delivery again with the same id and body; default with a valid signature. Resolves when it is settled.
   * @throws RangeError for an unknown id
   */
  readonly redeliver: (id: string, options?: { readonly signature?: WebhookSignature }) => Promise<void>
  /**
   * Sends a ping. Resolves when it is settled.
   * @throws RangeError when the App has no webhook
   */
  readonly ping: (app: AppName) => Promise<void>
  /** Resolves when everything that does not wait has been answered, or has failed after ten seconds. */
  readonly settled: () => Promise<void>
}

export interface SandboxCodeRequest {
  readonly app: AppName
  readonly person: PersonLogin
  /** The redirect_uri the exchange has to name if it names one; default none, as with the code of an installation. */
  readonly redirectUrl?: string
  /** PKCE, S256; default none. */
  readonly codeChallenge?: string
}
