// Reads how proof of ownership is asked for, and where GitHub's API is.
import type { Variables } from './config-schema.ts'
import type { Secret } from './secret.ts'

/**
 * `own-app`: the credentials of the App that is installed. `partner-app`: another App of the partner's, which signs the customer in;
 * it needs no private key, because it never acts by itself.
 */
export type OwnershipConfig =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'own-app'
      readonly appId: number
      readonly privateKey: Secret
      readonly clientId: string
      readonly clientSecret: Secret
    }
  | {
      readonly kind: 'partner-app'
      readonly clientId: string
      readonly clientSecret: Secret
      /** Slug of the App that is installed: the partner's own App sees all Apps of an organization. */
      readonly installedAppSlug: string
    }

const NEEDED = {
  none: [],
  'own-app': ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  'partner-app': ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET', 'GITHUB_APP_SLUG'],
} as const

/** Credentials that do nothing are a check somebody believes in and that does not happen. */
const POINTLESS = {
  none: NEEDED['own-app'],
  'own-app': [],
  'partner-app': ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'],
} as const

/** `none` when something is missing; what is wrong is added to `problems`, each with its cure. */
export function readOwnership(values: Variables, problems: string[]): OwnershipConfig {
  const kind = values.OWNERSHIP
  for (const name of NEEDED[kind]) {
    if (values[name] === undefined) problems.push(`${name} is required with OWNERSHIP=${kind}`)
  }
  for (const name of POINTLESS[kind]) {
    if (values[name] !== undefined)
      problems.push(
        `${name} is set, but OWNERSHIP=${kind} does not use it: set OWNERSHIP to what you meant, or remove it`,
      )
  }
  const { GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY, GITHUB_APP_SLUG, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } =
    values
  if (kind === 'none' || GITHUB_CLIENT_ID === undefined || GITHUB_CLIENT_SECRET === undefined)
    return { kind: 'none' }
  const client = { clientId: GITHUB_CLIENT_ID, clientSecret: GITHUB_CLIENT_SECRET }
  if (kind === 'partner-app') {
    return GITHUB_APP_SLUG === undefined
      ? { kind: 'none' }
      : { kind, ...client, installedAppSlug: GITHUB_APP_SLUG }
  }
  if (GITHUB_APP_ID === undefined || GITHUB_APP_PRIVATE_KEY === undefined) return { kind: 'none' }
  return { kind, ...client, appId: Number(GITHUB_APP_ID), privateKey: GITHUB_APP_PRIVATE_KEY }
}

/**
 * Where GitHub's REST API is when nothing is said: github.com and ghe.com have a host of its own for it, GitHub Enterprise Server a
 * path (https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api).
 */
export function githubApiUrlOf(githubOrigin: string): string {
  const { protocol, host, hostname } = new URL(githubOrigin)
  if (hostname === 'github.com' || hostname.endsWith('.ghe.com')) return `${protocol}//api.${host}`
  return `${githubOrigin}/api/v3`
}
