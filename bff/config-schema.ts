// The rule for each configuration variable: what is accepted, what it means, and the cure when it is wrong.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { z } from 'zod'
import { findKeyAlgorithm } from './connect-token/key-algorithm.ts'
import { MAX_AUDIENCE_LENGTH, MAX_ISSUER_LENGTH, SHARED_SECRET } from './connect-token/token-format.ts'
import { DATA_KEY_PATTERN } from './data-keys.ts'
import { Secret } from './secret.ts'

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

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
  if (url.pathname !== '/' || url.host.includes('*')) {
    context.addIssue('must be an origin: scheme, host and port, without a path or wildcards')
    return z.NEVER
  }
  return url.origin
})

/** What mount.ts takes for a path: percent-encoding and empty segments would never be matched. */
const BASE_PATH = /^(?:\/[A-Za-z0-9._~-]+)*\/*$/

const DATA_KEYS_CURE =
  'must be 32 bytes as base64url each: make one with `openssl rand -base64 32 | tr +/ -_ | tr -d =`'

const DATABASE_URL_CURE =
  'must be file:<path>, e.g. file:./connect-github.db, or postgres://<user>:<password>@<host>/<database>, with user and password percent-encoded'

function isDatabaseUrl(text: string): boolean {
  if (/^file:.+/.test(text)) return true
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return false
  const { password, pathname } = new URL(text)
  // What stands behind a password's bare slash would be taken for the database's name.
  return isPercentEncoded(password) && /^\/?[^/@]*$/.test(pathname)
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

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

const secretText = (cure: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{8,512}$/, cure)
    .transform((value) => new Secret(value))

const SHARED_SECRET_CURE =
  'must be 32 random characters or more, without commas: make one with `openssl rand -base64 48`; at most two while one replaces the other, the newer first'

const WEBHOOK_SECRET_CURE =
  'must be 16 characters or more, without commas, the same as in the App’s webhook settings; at most two while one replaces the other'

const PUBLIC_KEY_CURE =
  'must be a PEM public key (BEGIN PUBLIC KEY) and nothing else: RSA (2048 bits or more), EC on P-256, or Ed25519; at most two while one replaces the other'

/** Environment files often hold a PEM on one line, with `\n` for its line breaks. */
const pemText = z.string().transform((text) => text.replaceAll('\\n', '\n'))

const PUBLIC_KEY_BLOCK = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g

const publicKeys = pemText.transform((text, context) => {
  const keys = (text.match(PUBLIC_KEY_BLOCK) ?? []).map(findPublicKey)
  // What is left over would be a key that was cut off, or one that does not belong here.
  const isAllKeys = text.replace(PUBLIC_KEY_BLOCK, '').trim() === ''
  if (!isAllKeys || keys.length === 0 || keys.length > 2 || keys.some((key) => key === undefined)) {
    context.addIssue(PUBLIC_KEY_CURE)
    return z.NEVER
  }
  return keys.filter((key) => key !== undefined)
})

function findPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return findKeyAlgorithm(key) === undefined ? undefined : key
  } catch {
    return undefined
  }
}

/** GitHub hands the key out as PKCS#1; the libraries that sign with it want PKCS#8. */
const privateKey = pemText.transform((text, context) => {
  try {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyType === 'rsa')
      return new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString())
  } catch {
    // Said below, without a word of what was given.
  }
  context.addIssue('must be the RSA private key that GitHub made for the App, as PEM')
  return z.NEVER
})

const KEY_CURE = 'must be the key alone, without spaces, quotes or line breaks'

/** Each message follows the variable's name, and never holds a value. */
export const variablesSchema = z.object({
  LAYERS_API_KEY: z
    .string('is required: set it to the partner key that Layers gave you (lp_live_… or lp_test_…)')
    .pipe(secretText(KEY_CURE)),
  LAYERS_API_KEY_PREVIOUS: secretText(KEY_CURE).optional(),
  LAYERS_API_URL: webUrl('the https URL of the Layers API').default(new URL('https://api.layers.com')),
  PUBLIC_URL: z
    .string(
      'is required: set it to where browsers reach this server, e.g. https://app.example.com/connect/github',
    )
    .pipe(webUrl('the https URL where browsers reach this server, without query or fragment'))
    .refine(
      (url) => BASE_PATH.test(url.pathname),
      'must have a path of letters, digits and . _ ~ - only, such as /connect/github',
    ),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).optional(),
  DATABASE_URL: z.string().refine(isDatabaseUrl, DATABASE_URL_CURE).default('file:./connect-github.db'),
  DATA_KEYS: list
    .pipe(z.array(z.string().regex(DATA_KEY_PATTERN, DATA_KEYS_CURE)).min(1, DATA_KEYS_CURE))
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
  CONNECT_TOKEN_SECRET: list
    .pipe(
      z
        .array(z.string().regex(SHARED_SECRET, SHARED_SECRET_CURE))
        .min(1, SHARED_SECRET_CURE)
        .max(2, SHARED_SECRET_CURE),
    )
    .transform((secrets) => secrets.map((secret) => new Secret(secret)))
    .optional(),
  CONNECT_TOKEN_JWKS_URL: z
    .string()
    .pipe(webUrl('the https URL of a JSON Web Key Set, without query or fragment'))
    .optional(),
  CONNECT_TOKEN_PUBLIC_KEY: publicKeys.optional(),
  CONNECT_TOKEN_ISSUER: z
    .string()
    .max(MAX_ISSUER_LENGTH, `must be the \`iss\` of your tokens, at most ${MAX_ISSUER_LENGTH} characters`)
    .optional(),
  CONNECT_TOKEN_AUDIENCE: z
    .string()
    .max(MAX_AUDIENCE_LENGTH, `must be the \`aud\` of your tokens, at most ${MAX_AUDIENCE_LENGTH} characters`)
    .optional(),
  OWNERSHIP: z
    .enum(['none', 'own-app', 'partner-app'], 'must be none, own-app or partner-app')
    .default('none'),
  GITHUB_API_URL: webUrl('the https URL of GitHub’s REST API, e.g. https://api.github.com').optional(),
  GITHUB_APP_ID: z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/, 'must be the App’s number, as its settings page shows it')
    .optional(),
  GITHUB_APP_PRIVATE_KEY: privateKey.optional(),
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{5,100}$/, 'must be the App’s client id, as its settings page shows it')
    .optional(),
  GITHUB_CLIENT_SECRET: secretText(
    'must be the App’s client secret alone, without spaces or quotes',
  ).optional(),
  GITHUB_WEBHOOK_SECRET: list
    .pipe(
      z
        .array(z.string().regex(/^[\x21-\x7e]{16,512}$/, WEBHOOK_SECRET_CURE))
        .min(1)
        .max(2, WEBHOOK_SECRET_CURE),
    )
    .transform((secrets) => secrets.map((secret) => new Secret(secret)))
    .default([]),
  AVATARS: z.enum(['on', 'off'], 'must be on or off').optional(),
  TRUSTED_PROXIES: list.pipe(z.array(address)).default([]),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  RETENTION_DAYS: wholeNumber(1, 3650).default(30),
  DRAIN_SECONDS: wholeNumber(0, 60).default(5),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8787),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
})

export type Variables = z.infer<typeof variablesSchema>
