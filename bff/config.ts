// Reads the configuration once, from the environment or from createBff's options, and reports all problems together.
// The names of the variables are part of the public contract.
import { readAvatars } from './config-avatars.ts'
import { readConnectToken, type ConnectTokenConfig } from './config-connect-token.ts'
import { listDatabaseSecrets, readDatabase, type DatabaseConfig } from './config-database.ts'
import { githubApiUrlOf, readOwnership, type OwnershipConfig } from './config-ownership.ts'
import { variablesSchema } from './config-schema.ts'
import { readSecretFiles } from './config-secret-files.ts'
import type { Secret } from './secret.ts'

/** What createBff accepts; each option stands for the variable named in its comment, and wins over it. */
export interface ConfigOptions {
  /** `LAYERS_API_KEY`: the partner key. Required. */
  readonly layersApiKey?: string
  /** `LAYERS_API_KEY_PREVIOUS`: the key that it replaces, while flows that began with it may still be open. Default none. */
  readonly layersApiKeyPrevious?: string
  /** `LAYERS_API_URL`: default `https://api.layers.com`; http only for a loopback host. */
  readonly layersApiUrl?: string
  /** `PUBLIC_URL`: where browsers reach the BFF, with the base path, e.g. `https://app.example.com/connect/github`. Required. */
  readonly publicUrl?: string
  /** `ALLOWED_ORIGINS`: exact origins of host pages; default the origin of `publicUrl`. */
  readonly allowedOrigins?: readonly string[]
  /** `DATABASE_URL`: `file:<path>` (SQLite; default `file:./connect-github.db`), or `postgres://…` for any number of processes. */
  readonly databaseUrl?: string
  /**
   * `DATA_KEYS`: 32 bytes as base64url each, newest first. Required with PostgreSQL; default with SQLite: made and kept in a 0600 file
   * beside the database.
   */
  readonly dataKeys?: readonly string[]
  /** `GITHUB_URL`: which host install URLs may name; default `https://github.com`. */
  readonly githubUrl?: string
  /** `GITHUB_APP_SLUG`: which App install URLs may name; default any. */
  readonly githubAppSlug?: string
  /** `GITHUB_API_URL`: GitHub's REST API; default what belongs to `githubUrl`. */
  readonly githubApiUrl?: string
  /** `CONNECT_TOKEN_SECRET`: shared with the backend that signs (HS256), 32 characters or more; two while one replaces the other. */
  readonly connectTokenSecret?: readonly string[]
  /** `CONNECT_TOKEN_JWKS_URL`: the signing backend's JSON Web Key Set (RS256, ES256, EdDSA). */
  readonly connectTokenJwksUrl?: string
  /** `CONNECT_TOKEN_PUBLIC_KEY`: PEM public keys of the signing backend; two while one replaces the other. */
  readonly connectTokenPublicKey?: string
  /** `CONNECT_TOKEN_ISSUER`: the `iss` of connect tokens. Required with them. */
  readonly connectTokenIssuer?: string
  /** `CONNECT_TOKEN_AUDIENCE`: the `aud` of connect tokens; default `publicUrl`. */
  readonly connectTokenAudience?: string
  /** `OWNERSHIP`: `none` (default), `own-app` or `partner-app`: how it is proved that the customer owns the GitHub account. */
  readonly ownership?: OwnershipConfig['kind']
  /** `GITHUB_APP_ID`: number of the App that is installed; with `own-app`. */
  readonly githubAppId?: number
  /** `GITHUB_APP_PRIVATE_KEY`: its private key, PEM; with `own-app`. */
  readonly githubAppPrivateKey?: string
  /** `GITHUB_CLIENT_ID`: client id of the App that signs the customer in: the installed one, or the partner's own. */
  readonly githubClientId?: string
  /** `GITHUB_CLIENT_SECRET`: its client secret. */
  readonly githubClientSecret?: string
  /** `GITHUB_WEBHOOK_SECRET`: of the installed App's webhook; two while one replaces the other. Default: no webhooks are accepted. */
  readonly githubWebhookSecret?: readonly string[]
  /** `AVATARS`: whether pictures of accounts are fetched from GitHub; default with `ownership`. Never with tokens or other origins. */
  readonly avatars?: boolean
  /** `TRUSTED_PROXIES`: addresses or CIDR ranges whose `X-Forwarded-For` is believed; default none. */
  readonly trustedProxies?: readonly string[]
  /** `LOG_LEVEL`: `fatal`, `error`, `warn`, `info` (default), `debug`, `trace` or `silent`. */
  readonly logLevel?: string
  /** `RETENTION_DAYS`: how long ended flows are kept; 1–3650, default 30. */
  readonly retentionDays?: number
}

export interface Config {
  readonly layersApiKey: Secret
  /** Null when no other key is being replaced. */
  readonly layersApiKeyPrevious: Secret | null
  readonly layersApiUrl: URL
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly publicOrigin: string
  /** Path part of `publicUrl`, without a trailing slash; '' at the root. */
  readonly basePath: string
  readonly returnUrl: string
  readonly allowedOrigins: readonly string[]
  /** Where links back to the host lead when nothing better is known: the first allowed origin. */
  readonly hostUrl: string
  readonly database: DatabaseConfig
  /** Empty, with SQLite only: kept beside the database. */
  readonly dataKeys: readonly Secret[]
  readonly githubOrigin: string
  readonly githubAppSlug: string | undefined
  /** Without a trailing slash. */
  readonly githubApiUrl: string
  /** Null: the host's own session says who is asking. */
  readonly connectToken: ConnectTokenConfig | null
  readonly ownership: OwnershipConfig
  /** Empty: webhooks are not accepted. */
  readonly githubWebhookSecrets: readonly Secret[]
  readonly avatars: boolean
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
  readonly retentionMs: number
  /** Where `connect-github-bff` listens; unused when mounted. */
  readonly host: string
  readonly port: number
  /** Where `connect-github-bff` serves `/metrics`, on the same host; null for nowhere. Unused when mounted. */
  readonly metricsPort: number | null
  /** How long it goes on serving after it was asked to stop; unused when mounted. */
  readonly drainMs: number
}

/** All that is wrong with the configuration, one line a problem, each with its cure and none with a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    )
    this.problems = problems
  }
}

const DAY_MS = 86_400_000

export type Environment = Readonly<Record<string, string | undefined>>

/** @throws ConfigError naming every problem and its cure. */
export function readConfig(options: ConfigOptions, env: Environment): Config {
  const problems: string[] = []
  const given = { ...definedOf(env), ...readSecretFiles(env, problems), ...variablesOf(options) }
  checkNothingPublic(env, [given['LAYERS_API_KEY'], given['LAYERS_API_KEY_PREVIOUS']], problems)
  const parsed = variablesSchema.safeParse(given)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${String(issue.path[0])} ${issue.message}`)
    throw new ConfigError(problems)
  }
  const values = parsed.data
  const basePath = values.PUBLIC_URL.pathname.replace(/\/+$/, '')
  const publicUrl = values.PUBLIC_URL.origin + basePath
  const connectToken = readConnectToken(values, publicUrl, problems)
  const ownership = readOwnership(values, problems)
  const database = readDatabase(values, problems)
  if (values.METRICS_PORT !== undefined && values.METRICS_PORT !== 0 && values.METRICS_PORT === values.PORT)
    problems.push('METRICS_PORT must be another port than PORT, one that only your monitoring reaches')
  if (problems.length > 0) throw new ConfigError(problems)

  const allowedOrigins = values.ALLOWED_ORIGINS ?? [values.PUBLIC_URL.origin]
  return Object.freeze({
    layersApiKey: values.LAYERS_API_KEY,
    layersApiKeyPrevious: values.LAYERS_API_KEY_PREVIOUS ?? null,
    layersApiUrl: values.LAYERS_API_URL,
    publicUrl,
    publicOrigin: values.PUBLIC_URL.origin,
    basePath,
    returnUrl: `${publicUrl}/return`,
    allowedOrigins,
    hostUrl: `${allowedOrigins[0] ?? values.PUBLIC_URL.origin}/`,
    database,
    dataKeys: values.DATA_KEYS,
    githubOrigin: values.GITHUB_URL,
    githubAppSlug: values.GITHUB_APP_SLUG,
    githubApiUrl: values.GITHUB_API_URL?.href.replace(/\/+$/, '') ?? githubApiUrlOf(values.GITHUB_URL),
    connectToken,
    ownership,
    githubWebhookSecrets: values.GITHUB_WEBHOOK_SECRET,
    avatars: readAvatars(values, ownership, connectToken !== null),
    trustedProxies: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
    retentionMs: values.RETENTION_DAYS * DAY_MS,
    host: values.HOST,
    port: values.PORT,
    metricsPort: values.METRICS_PORT ?? null,
    drainMs: values.DRAIN_SECONDS * 1000,
  })
}

/** Every secret the configuration holds, for the last layer of the log. */
export function listSecrets({
  layersApiKey,
  layersApiKeyPrevious,
  database,
  dataKeys,
  connectToken,
  ownership,
  githubWebhookSecrets,
}: Config): readonly Secret[] {
  const ofTokens = connectToken?.keys.kind === 'secret' ? connectToken.keys.secrets : []
  const ofClient = ownership.kind === 'none' ? [] : [ownership.clientSecret]
  const ofApp = ownership.kind === 'own-app' ? [ownership.privateKey] : []
  return [
    layersApiKey,
    ...(layersApiKeyPrevious === null ? [] : [layersApiKeyPrevious]),
    ...listDatabaseSecrets(database),
    ...dataKeys,
    ...ofTokens,
    ...ofClient,
    ...ofApp,
    ...githubWebhookSecrets,
  ]
}

/** An empty variable counts as absent: `FOO=` in a compose file means "not set". */
function definedOf(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(entries)
}

/** Bundlers copy variables with these prefixes into pages: a key in one of them is already public. */
function checkNothingPublic(
  env: Environment,
  keys: readonly (string | undefined)[],
  problems: string[],
): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/^(VITE_|NEXT_PUBLIC_|REACT_APP_|PUBLIC_)/.test(name) || !value) continue
    if (keys.includes(value) || /\blp_(live|test)_/.test(value)) {
      problems.push(
        `${name} holds a partner key, and its name makes bundlers publish it: rename it and replace the key`,
      )
    }
  }
}

function variablesOf(options: ConfigOptions): Record<string, string> {
  return definedOf({
    LAYERS_API_KEY: options.layersApiKey,
    LAYERS_API_KEY_PREVIOUS: options.layersApiKeyPrevious,
    LAYERS_API_URL: options.layersApiUrl,
    PUBLIC_URL: options.publicUrl,
    ALLOWED_ORIGINS: options.allowedOrigins?.join(','),
    DATABASE_URL: options.databaseUrl,
    DATA_KEYS: options.dataKeys?.join(','),
    GITHUB_URL: options.githubUrl,
    GITHUB_APP_SLUG: options.githubAppSlug,
    GITHUB_API_URL: options.githubApiUrl,
    CONNECT_TOKEN_SECRET: options.connectTokenSecret?.join(','),
    CONNECT_TOKEN_JWKS_URL: options.connectTokenJwksUrl,
    CONNECT_TOKEN_PUBLIC_KEY: options.connectTokenPublicKey,
    CONNECT_TOKEN_ISSUER: options.connectTokenIssuer,
    CONNECT_TOKEN_AUDIENCE: options.connectTokenAudience,
    OWNERSHIP: options.ownership,
    GITHUB_APP_ID: options.githubAppId?.toString(),
    GITHUB_APP_PRIVATE_KEY: options.githubAppPrivateKey,
    GITHUB_CLIENT_ID: options.githubClientId,
    GITHUB_CLIENT_SECRET: options.githubClientSecret,
    GITHUB_WEBHOOK_SECRET: options.githubWebhookSecret?.join(','),
    AVATARS: options.avatars === undefined ? undefined : options.avatars ? 'on' : 'off',
    TRUSTED_PROXIES: options.trustedProxies?.join(','),
    LOG_LEVEL: options.logLevel,
    RETENTION_DAYS: options.retentionDays?.toString(),
  })
}
