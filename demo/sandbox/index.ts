// The public face of the sandbox: start it, script it, look at it.

export { startSandbox, type Sandbox } from './start-sandbox.ts'
export {
  DEFAULT_KEY,
  DEFAULT_KEYS,
  DEFAULT_ORGANIZATIONS,
  type OrganizationStatus,
  type SandboxKey,
  type SandboxOptions,
  type SandboxOrganization,
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
} from './records.ts'
export { SCENARIO_NAMES, ScenarioError } from './scenarios.ts'
