// Starts a BFF server and the sandbox as they run in production: real HTTP, a real database file, a key of its own.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import { createBff, startServer, type BffOptions, type Identity } from '../../bff/index.ts'
import { DEFAULT_ORGANIZATIONS, type Sandbox, type SandboxOptions } from '../../demo/sandbox/index.ts'
import type { Artefacts } from './artefacts.ts'
import { closeCanarySandbox, startCanarySandbox } from './canary-sandbox.ts'
import { createTestBrowser, type TestBrowser } from './test-browser.ts'

export interface StackOptions {
  readonly bff?: Partial<BffOptions>
  readonly sandbox?: Partial<SandboxOptions>
  /** How ownership is proved, with the credentials of the sandbox's Apps. Default: not at all. */
  readonly ownership?: 'own-app' | 'partner-app'
  /** What says who is asking. Default: a session cookie. */
  readonly identity?: 'session' | 'token'
  /** Another build of the BFF, for a control. Default: the source. */
  readonly build?: { readonly createBff: typeof createBff; readonly startServer: typeof startServer }
}

export interface Stack {
  readonly sandbox: Sandbox
  readonly key: string
  /** The BFF's address with its base path. */
  readonly baseUrl: string
  /** The origin browsers think the BFF has. */
  readonly publicOrigin: string
  /** PUBLIC_URL: `publicOrigin` with the base path. */
  readonly publicUrl: string
  /** Who is signed in, by session name; change it in mid-test to sign out, switch accounts or take a role away. */
  readonly people: Map<string, Identity | null>
  readonly logLines: readonly string[]
  /** What `bff.metrics()` says now. */
  metrics(): Promise<string>
  /** Resolves with the first log line that `isWanted` accepts, of those written already or later. */
  waitForLog(isWanted: (line: string) => boolean): Promise<string>
  readonly databaseFile: string
  readonly artefacts: Artefacts
  /** Adds to the BFF's clock. */
  advance(ms: number): void
  /** A browser signed in as one of `people`; `null` is signed in as nobody. With connect tokens, set its `token`. */
  browser(person?: string | null): TestBrowser
  /** A connect token for one of `people`, as the partner's backend would sign it now. */
  signToken(person: string, change?: { readonly lifetimeSeconds?: number }): Promise<string>
  /** Stops the BFF and starts another on the same database. */
  restart(): Promise<void>
  close(): Promise<void>
}

export const ORGANIZATIONS = DEFAULT_ORGANIZATIONS

/** Two tenants with Layers organizations of their own; ann and bob are colleagues, cora is from the other tenant. */
function createPeople(): Map<string, Identity | null> {
  const northwind = { tenantId: 'northwind', layersOrganization: DEFAULT_ORGANIZATIONS.northwind.id }
  const globex = { tenantId: 'globex', layersOrganization: DEFAULT_ORGANIZATIONS.globex.id }
  return new Map<string, Identity | null>([
    ['ann', { ...northwind, userId: 'ann', canConnect: true }],
    ['bob', { ...northwind, userId: 'bob', canConnect: true }],
    ['vera', { ...northwind, userId: 'vera', canConnect: false }],
    ['cora', { ...globex, userId: 'cora', canConnect: true }],
  ])
}

/** A test asks more in a moment, as one person from one address, than people do; what it is about has its real limits. */
const CROWD_LIMITS = { readsPerUser: 1e6, changesPerUser: 1e6, refusalsPerAddress: 1e6 }

const ISSUER = 'https://app.example.com'

function readSession({ headers }: IncomingMessage): string {
  return /(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1] ?? ''
}

/** The credentials of the sandbox's Apps, which from now on come back to this return URL. */
function ownershipOptionsOf(
  sandbox: Sandbox,
  ownership: StackOptions['ownership'],
  returnUrl: string,
): Partial<BffOptions> {
  if (ownership === undefined) return {}
  const { connector, partner } = sandbox.apps
  const app = ownership === 'own-app' ? connector : partner
  sandbox.configureApp(ownership === 'own-app' ? 'connector' : 'partner', { callbackUrls: [returnUrl] })
  return {
    ownership,
    githubApiUrl: sandbox.githubApiUrl,
    githubClientId: app.clientId,
    githubClientSecret: app.clientSecret,
    githubAppSlug: connector.slug,
    ...(ownership === 'own-app' ? { githubAppId: app.appId, githubAppPrivateKey: app.privateKeyPem } : {}),
  }
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const canary = await startCanarySandbox(options.sandbox)
  const { sandbox, key, artefacts } = canary
  const people = createPeople()
  const logLines: string[] = []
  const logListeners = new Set<(line: string) => void>()
  const databaseFile = join(artefacts.directory, 'databases', 'connect-github.db')
  const publicOrigin = 'http://localhost:9999'
  const publicUrl = `${publicOrigin}/connect/github`
  let offsetMs = 0
  const now = (): number => Date.now() + offsetMs
  const secret = randomBytes(32).toString('base64url')
  artefacts.addCanary('token', secret)
  const usesTokens = options.identity === 'token'

  async function signToken(person: string, { lifetimeSeconds = 300 } = {}): Promise<string> {
    const identity = people.get(person)
    if (identity === null || identity === undefined) throw new Error(`nobody is called ${person}`)
    const signer = createTokenSigner({ secret, issuer: ISSUER, audience: publicUrl, lifetimeSeconds, now })
    const token = await signer.sign(identity)
    artefacts.addCanary('token', token)
    return token
  }

  const build = options.build ?? { createBff, startServer }
  const start = async () => {
    const bff = build.createBff({
      ...(usesTokens
        ? { connectTokenSecret: [secret], connectTokenIssuer: ISSUER }
        : { identify: (request) => people.get(readSession(request)) ?? null }),
      ...ownershipOptionsOf(sandbox, options.ownership, `${publicUrl}/return`),
      layersApiKey: key,
      layersApiUrl: sandbox.layersUrl,
      githubUrl: sandbox.githubUrl,
      publicUrl,
      databaseUrl: `file:${databaseFile}`,
      logLevel: 'trace',
      logStream: {
        write: (line) => {
          logLines.push(line)
          artefacts.record('logs', line)
          for (const listener of logListeners) listener(line)
        },
      },
      // Quick, and always the longest step of the jitter, so that tests wait for nothing but know the order.
      retryPolicy: { baseMs: 20, capMs: 80, random: () => 0.999 },
      now,
      env: {},
      ...options.bff,
      limits: { ...CROWD_LIMITS, ...options.bff?.limits },
    })
    const running = await build.startServer(bff, { host: '127.0.0.1', port: 0 })
    return {
      port: running.port,
      metrics: () => bff.metrics(),
      async stop() {
        artefacts.record('metrics', await bff.metrics())
        await running.stop()
      },
    }
  }

  let server = await start()
  const stack: Stack = {
    sandbox,
    key,
    get baseUrl() {
      return `http://127.0.0.1:${server.port}/connect/github`
    },
    publicOrigin,
    publicUrl,
    people,
    logLines,
    metrics: () => server.metrics(),
    waitForLog(isWanted) {
      const written = logLines.find(isWanted)
      if (written !== undefined) return Promise.resolve(written)
      return new Promise((resolve) => {
        const listener = (line: string): void => {
          if (!isWanted(line)) return
          logListeners.delete(listener)
          resolve(line)
        }
        logListeners.add(listener)
      })
    },
    databaseFile,
    artefacts,
    advance(ms) {
      offsetMs += ms
    },
    browser: (person = 'ann') => createTestBrowser({ stack, person: usesTokens ? null : person }),
    signToken,
    async restart() {
      await server.stop()
      server = await start()
    },
    async close() {
      await server.stop()
      await closeCanarySandbox(canary)
    },
  }
  return stack
}
