// The public face of the sandbox: start it, script it, look at it.

export { startSandbox } from './start-sandbox.ts'
export type { Sandbox, SandboxCodeRequest, SandboxWebhooks } from './sandbox-handle.ts'
export {
  DEFAULT_KEY,
  DEFAULT_KEYS,
  DEFAULT_ORGANIZATIONS,
  type AppName,
  type OrganizationStatus,
  type SandboxApp,
  type SandboxKey,
  type SandboxOptions,
  type SandboxOrganization,
  type SandboxWebhook,
  type Tier,
} from './options.ts'
export type {
  AccountType,
  BindingStatus,
  RecordedAttempt,
  RecordedBinding,
  RecordedDelivery,
  RecordedInstallation,
  RecordedPendingRequest,
  RecordedRequest,
  RecordedState,
  RecordedUserToken,
  WebhookSignature,
} from './records.ts'
export { SCENARIO_NAMES, ScenarioError } from './scenarios.ts'
