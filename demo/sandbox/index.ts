// The public face of the sandbox: start it, script it, look at it.

export { startSandbox, type Sandbox, type SandboxCodeRequest } from './start-sandbox.ts'
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
  RecordedBinding,
  RecordedInstallation,
  RecordedPendingRequest,
  RecordedRequest,
  RecordedState,
  RecordedUserToken,
} from './records.ts'
export { SCENARIO_NAMES, ScenarioError } from './scenarios.ts'
