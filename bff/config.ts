// Reads the configuration once, from the environment or from createBff's options, and reports all problems together.
// The names of the variables are part of the public contract.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { z } from 'zod'
import { DATA_KEY_PATTERN } from './data-keys.ts'
import { Secret } from './secret.ts'

/** What createBff accepts; each option stands for the variable named in its comment, and wins over it. */
export interface ConfigOptions {
  /** `LAYERS_API_KEY`: the partner key. Required. */
  readonly layersApiKey?: string
  /** `LAYERS_API_URL`: default `https://api.layers.com`; http only for a loopback host. */
  readonly layersApiUrl?: string
  /** `PUBLIC_URL`: where browsers reach the BFF, with the base path, e.g. `https://app.example.com/connect/github`. Required. */
  readonly publicUrl?: string
  /** `ALLOWED_ORIGINS`: exact origins of host pages; default the origin of `publicUrl`. */
  readonly allowedOrigins?: readonly string[]
  /** `DATABASE_URL`: `file:<path>`; default `file:./connect-github.db`. */
  readonly databaseUrl?: string
  /** `DATA_KEYS`: 32 bytes as base64url each, newest first; default: made and kept in a 0600 file beside the database. */
  readonly dataKeys?: readonly string[]
  /** `GITHUB_URL`: which host install URLs may name; default `https://github.com`. */
  readonly githubUrl?: string
  /** `GITHUB_APP_SLUG`: which App install URLs may name; default any. */
  readonly githubAppSlug?: string
  /** `TRUSTED_PROXIES`: addresses or CIDR ranges whose `X-Forwarded-For` is believed; default none. */
  readonly trustedProxies?: readonly string[]
  /** `LOG_LEVEL`: `fatal`, `error`, `warn`, `info` (default), `debug`, `trace` or `silent`. */
  readonly logLevel?: string
  /** `RETENTION_DAYS`: how long ended flows are kept; 1–3650, default 30. */
  readonly retentionDays?: number
}

export interface Config {
  readonly layersApiKey: Secret
  readonly layersApiUrl: URL
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly publicOrigin: string
  /** Path part of `publicUrl`, without a trailing slash; '' at the root. */
  readonly basePath: string
  readonly returnUrl: string
  /** The first is where links back to the host lead when nothing better is known. */
  readonly allowedOrigins: readonly [string, ...string[]]
  readonly databaseFile: string
  /** Empty: kept beside the database. */
  readonly dataKeys: readonly Secret[]
  readonly githubOrigin: string
  readonly githubAppSlug: string | undefined
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
  readonly retentionMs: number
  /** Where `connect-github-bff` listens; unused when mounted. */
  readonly host: string
  readonly port: number
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

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])
const DAY_MS = 86_400_000

const webUrl = (cure: string) =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const isAllowedScheme =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
    if (url === undefined || !isAllowedScheme || url.username || url.password || url.search || url.hash) {
      context.addIssue(`must be ${cure}; http is accepted for a loopback host only`)
      return z.NEVER
    }
    return url
  })

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

const origin = webUrl('an origin such as https://app.example.com').transform((url, context) => {
  if (url.pathname !== '/') {
    context.addIssue('must be an origin: scheme, host and port, without a path')
    return z.NEVER
  }
  return url.origin
})

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,6}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

const address = z.string().refine(isAddressOrRange, 'must list addresses or CIDR ranges such as 10.0.0.0/8')

function isAddressOrRange(text: string): boolean {
  const [host = '', prefix, ...rest] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(host)] ?? -1
  if (bits < 0 || rest.length > 0) return false
  return prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits)
}

const schema = z.object({
  LAYERS_API_KEY: z
    .string('is required: set it to the partner key that Layers gave you (lp_live_… or lp_test_…)')
    .regex(/^[\x21-\x7e]{8,512}$/, 'must be the key alone, without spaces, quotes or line breaks')
    .transform((value) => new Secret(value)),
  LAYERS_API_URL: webUrl('the https URL of the Layers API').default(new URL('https://api.layers.com')),
  PUBLIC_URL: z
    .string(
      'is required: set it to where browsers reach this server, e.g. https://app.example.com/connect/github',
    )
    .pipe(webUrl('the https URL where browsers reach this server, without query or fragment')),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, 'must be file:<path>, e.g. file:./connect-github.db')
    .default('file:./connect-github.db'),
  DATA_KEYS: list
    .pipe(
      z.array(
        z
          .string()
          .regex(
            DATA_KEY_PATTERN,
            'must be 32 bytes as base64url each: make one with `openssl rand -base64 32 | tr +/ -_ | tr -d =`',
          ),
      ),
    )
    .transform((keys) => keys.map((key) => new Secret(key)))
    .default([]),
  GITHUB_URL: origin.default('https://github.com'),
  GITHUB_APP_SLUG: z
    .string()
    .regex(
      /^[a-z0-9-]{1,100}$/,
      'must be the slug in the App’s GitHub URL: lower-case letters, digits, hyphens',
    )
    .optional(),
  TRUSTED_PROXIES: list.pipe(z.array(address)).default([]),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  RETENTION_DAYS: wholeNumber(1, 3650).default(30),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8787),
})

/** Variables that may be given as a file with `_FILE` behind the name. */
const SECRET_VARIABLES = ['LAYERS_API_KEY', 'DATA_KEYS'] as const

export type Environment = Readonly<Record<string, string | undefined>>

/** @throws ConfigError naming every problem and its cure. */
export function readConfig(options: ConfigOptions, env: Environment): Config {
  const problems: string[] = []
  const given = { ...definedOf(env), ...readSecretFiles(env, problems), ...variablesOf(options) }
  checkNothingPublic(env, problems)

  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${String(issue.path[0])} ${issue.message}`)
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)

  const values = parsed.data
  const basePath = values.PUBLIC_URL.pathname.replace(/\/+$/, '')
  const publicUrl = values.PUBLIC_URL.origin + basePath
  const [firstOrigin = values.PUBLIC_URL.origin, ...otherOrigins] = values.ALLOWED_ORIGINS ?? []
  return Object.freeze({
    layersApiKey: values.LAYERS_API_KEY,
    layersApiUrl: values.LAYERS_API_URL,
    publicUrl,
    publicOrigin: values.PUBLIC_URL.origin,
    basePath,
    returnUrl: `${publicUrl}/return`,
    allowedOrigins: [firstOrigin, ...otherOrigins] as const,
    databaseFile: values.DATABASE_URL.slice('file:'.length),
    dataKeys: values.DATA_KEYS,
    githubOrigin: values.GITHUB_URL,
    githubAppSlug: values.GITHUB_APP_SLUG,
    trustedProxies: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
    retentionMs: values.RETENTION_DAYS * DAY_MS,
    host: values.HOST,
    port: values.PORT,
  })
}

/** An empty variable counts as absent: `FOO=` in a compose file means "not set". */
function definedOf(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(entries)
}

function readSecretFiles(env: Environment, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of SECRET_VARIABLES) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    try {
      values[name] = readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read: check the path and its permissions`)
    }
  }
  return values
}

/** Bundlers copy variables with these prefixes into pages: a key in one of them is already public. */
function checkNothingPublic(env: Environment, problems: string[]): void {
  for (const [name, value] of Object.entries(env)) {
    if (/^(VITE_|NEXT_PUBLIC_|REACT_APP_|PUBLIC_)/.test(name) && /\blp_(live|test)_/.test(value ?? '')) {
      problems.push(
        `${name} holds a partner key, and its name makes bundlers publish it: rename it and replace the key`,
      )
    }
  }
}

function variablesOf(options: ConfigOptions): Record<string, string> {
  return definedOf({
    LAYERS_API_KEY: options.layersApiKey,
    LAYERS_API_URL: options.layersApiUrl,
    PUBLIC_URL: options.publicUrl,
    ALLOWED_ORIGINS: options.allowedOrigins?.join(','),
    DATABASE_URL: options.databaseUrl,
    DATA_KEYS: options.dataKeys?.join(','),
    GITHUB_URL: options.githubUrl,
    GITHUB_APP_SLUG: options.githubAppSlug,
    TRUSTED_PROXIES: options.trustedProxies?.join(','),
    LOG_LEVEL: options.logLevel,
    RETENTION_DAYS: options.retentionDays?.toString(),
  })
}
