// The public API of @connect-github/bff.
export { createBff, type Bff, type BffOptions } from './create-bff.ts'
export { ConfigError, readConfig, type Config, type ConfigOptions } from './config.ts'
export { startServer, type BffServer, type ListenOptions } from './server.ts'
export type { Identify, Identity } from './identify.ts'
export type { LimitOptions } from './limits.ts'
export type { LogStream } from './log.ts'
export type { ProveOwnership } from './ownership/prove-by-hook.ts'
export type { RetryPolicy } from './delivery/retry-policy.ts'
export type {
  ConnectionStatus,
  ConnectionView,
  ErrorCode,
  FlowStatus,
  FlowView,
  GitHubAccount,
  WireError,
} from './contract.ts'
