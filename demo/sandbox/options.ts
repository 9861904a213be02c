// What a sandbox can be started with, and the key and organizations it has when nothing is said.

/** The rate-limit tiers Layers documents, and `unlimited` for load tests. Numbers are in `layers/rate-limits.ts`. */
export type Tier = 'standard' | 'pilot' | 'partner' | 'unlimited'

/** A partner key the sandbox accepts. */
export interface SandboxKey {
  /** The whole bearer token, `lp_<env>_<keyid>_<secret>`. Use an invented one: the sandbox needs no real key. */
  readonly key: string
  /** The organization the key belongs to, `org_<uuid>`; must be among the sandbox's organizations. */
  readonly organizationId: string
  /** E.g. `github:admin`, `org:admin`, `ingest:write`, or `*` for every scope except `org:admin`. */
  readonly scopes: readonly string[]
  /** Host names a return URL may have: compared whole, without port, in any case. */
  readonly allowedReturnDomains: readonly string[]
  /** Default `standard`. */
  readonly tier?: Tier
}

/** A Layers organization: a parent, or a child of one (children have no children of their own). */
export interface SandboxOrganization {
  /** `org_<uuid>` */
  readonly id: string
  readonly name: string
  /** `null` for a parent. */
  readonly parentOrganizationId: string | null
  readonly status: OrganizationStatus
}

/** `connector`: the App that Layers has installed. `partner`: another App of the partner's own, which signs people in. */
export const APP_NAMES = ['connector', 'partner'] as const
export type AppName = (typeof APP_NAMES)[number]

/** A GitHub App as registered on the sandbox's GitHub. */
export interface SandboxApp {
  /** Default 210417 for the connector, 310982 for the partner's. */
  readonly appId: number
  /** Default `layers-connector` (or `appSlug`) and `brightline-app`. */
  readonly slug: string
  /** Default `Iv23liConnector00001` and `Iv23liBrightline0001`. */
  readonly clientId: string
  /** Default 40 random hexadecimal characters. */
  readonly clientSecret: string
  /** PKCS#1 PEM, like the file GitHub gives out. Default a 2048-bit pair, made when first read. */
  readonly privateKeyPem: string
  /** SPKI PEM; default the public half of the private key. */
  readonly publicKeyPem: string
  /** Where an authorization may lead back to, compared whole; the first is used when none is asked for. Default none. */
  readonly callbackUrls: readonly string[]
  /** Whether the return of an installation brings an OAuth `code`. Default false. */
  readonly requestAuthorizationOnInstall: boolean
  /** Where events are sent, with the secret they are signed with; default `null`, nowhere. */
  readonly webhook: SandboxWebhook | null
}

export interface SandboxWebhook {
  readonly url: string
  readonly secret: string
}

export type OrganizationStatus = 'active' | 'suspended' | 'archived'

/** Everything {@link startSandbox} understands; all of it optional. */
export interface SandboxOptions {
  /** Address both origins listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Port of the Layers origin; default 0, any free one. */
  readonly layersPort?: number
  /** Port of the GitHub origin; default 0, any free one. */
  readonly githubPort?: number
  /** Accept `http` return URLs on loopback hosts (localhost, 127.0.0.0/8, [::1]). Layers itself never does. Default false. */
  readonly allowLoopbackHttpReturnUrls?: boolean
  /** Accepted keys. Default: {@link DEFAULT_KEY} in the default parent organization. */
  readonly keys?: readonly SandboxKey[]
  /** Default: {@link DEFAULT_ORGANIZATIONS}. */
  readonly organizations?: readonly SandboxOrganization[]
  /** Logins of further organizations on its GitHub, each owned by mona and with one repository. Default none. */
  readonly accounts?: readonly string[]
  /** How many requests and states are remembered, of each the latest. Default 10 000. */
  readonly capacity?: number
  /** Time in epoch milliseconds; default `Date.now`. The offset set by the control API is added to it. */
  readonly now?: () => number
  /** Source of states, ids of requests and codes; default Node's `crypto.randomBytes`. */
  readonly randomBytes?: (size: number) => Uint8Array
  /** The connector's name in install URLs; default `layers-connector`. */
  readonly appSlug?: string
  /** The two GitHub Apps. What is left out has a default; see {@link SandboxApp}. */
  readonly apps?: { readonly [Name in AppName]?: Partial<SandboxApp> }
  /** Receives one line per answered request, without query, headers or body; default: nobody. */
  readonly log?: (line: string) => void
}

/** The key of a sandbox started without `keys`. Not a secret: it opens nothing but a sandbox. */
export const DEFAULT_KEY = 'lp_test_SANDBOXKEY000001_notASecret-onlyForALocalSandbox-00000000000'

/** The organizations of a sandbox started without `organizations`: one parent, two children. */
export const DEFAULT_ORGANIZATIONS = {
  parent: {
    id: 'org_7b1f0c52-6c1e-4f0a-9d3b-2f5a8e4c1d01',
    name: 'Sandbox Partner',
    parentOrganizationId: null,
    status: 'active',
  },
  northwind: {
    id: 'org_1d9a4be7-03c5-4a77-8a5e-6be0f2c94d02',
    name: 'Northwind',
    parentOrganizationId: 'org_7b1f0c52-6c1e-4f0a-9d3b-2f5a8e4c1d01',
    status: 'active',
  },
  globex: {
    id: 'org_e4c80d36-5f2b-49c1-b7d8-90ab3c6f7e03',
    name: 'Globex',
    parentOrganizationId: 'org_7b1f0c52-6c1e-4f0a-9d3b-2f5a8e4c1d01',
    status: 'active',
  },
} as const satisfies Record<string, SandboxOrganization>

/** The keys of a sandbox started without `keys`: every scope the connect flow can need. */
export const DEFAULT_KEYS: readonly SandboxKey[] = [
  {
    key: DEFAULT_KEY,
    organizationId: DEFAULT_ORGANIZATIONS.parent.id,
    scopes: ['github:admin', 'org:admin', 'ingest:write'],
    allowedReturnDomains: ['localhost', '127.0.0.1', 'app.example.com'],
    tier: 'standard',
  },
]
