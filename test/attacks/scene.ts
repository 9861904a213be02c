// Where an attack is played: a sandbox, a BFF in a process of its own on a database file of its own, and the browsers of the people in it.
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { FlowStatus } from '../../bff/contract.ts'
import type { Identity } from '../../bff/index.ts'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { createBffProcesses, PUBLIC_URL } from '../flow/bff-process.ts'
import type { SandboxPerson, TestBrowser } from '../stack/test-browser.ts'
import { forgeToken, ISSUER, nowSeconds, type TokenChange, type TokenKey } from './forge-token.ts'
import { findPerson } from './people.ts'

const IDENTIFY = fileURLToPath(new URL('identify-people.ts', import.meta.url))

// One for all scenes of a file: making a pair takes longer than starting a BFF.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** How the BFF learns who is asking. */
export type IdentityKind = 'session' | 'token'

export interface SceneOptions {
  readonly ownership?: 'own-app' | 'partner-app'
  /** What connect tokens are verified with. Default: a shared secret. */
  readonly tokenKey?: 'secret' | 'public-key'
  readonly env?: Readonly<Record<string, string>>
}

/** A flow that was taken to GitHub and installed there; nobody has opened the return yet. */
export interface Trip {
  readonly flowId: string
  readonly returnUrl: string
}

/** A binding that was posted to Layers. */
export interface Post {
  readonly organization: string | undefined
  readonly installationId: unknown
}

export interface Scene {
  readonly identity: IdentityKind
  readonly sandbox: Sandbox
  /** What the partner's backend signs connect tokens with. */
  readonly tokenKey: {
    readonly secret: string
    readonly privateKey: KeyObject
    readonly publicKeyPem: string
  }
  /** A new browser in which this person is signed in to the host page. */
  browser(person: string | null): TestBrowser
  /** Signs somebody else in, as an account switch does; flow cookies stay. Null signs out. */
  signIn(browser: TestBrowser, person: string | null, change?: TokenChange): void
  /** From the click to GitHub's redirect. Default: mona installs on acme-coffee. */
  goToGitHub(browser: TestBrowser, account?: string, as?: SandboxPerson): Promise<Trip>
  /** The id of the installation on this account, which is installed when it is not yet. */
  installationIdOf(account: string): number
  /** The status of a flow once nothing is being posted for it any more. */
  settle(person: string, flowId: string): Promise<FlowStatus>
  listPosts(): readonly Post[]
  /** The accounts that Layers holds bound for this person's organization. */
  listBoundAccounts(person: string): readonly string[]
  close(): Promise<void>
}

/** @param directory the BFF's source; the original when undefined. */
export async function createScene(
  identity: IdentityKind,
  options: SceneOptions = {},
  directory?: string,
): Promise<Scene> {
  const processes = await createBffProcesses()
  const { sandbox, artefacts } = processes
  const tokenKey = { secret: randomBytes(32).toString('base64url'), privateKey, publicKeyPem }
  artefacts.addCanary('token', tokenKey.secret)
  const usesPublicKey = options.tokenKey === 'public-key'
  const bff = await processes
    .start({
      ...(directory === undefined ? {} : { directory }),
      identify: identity === 'session' ? IDENTIFY : null,
      env: {
        ...(identity === 'token' ? tokenEnvironment() : {}),
        ...ownershipEnvironment(sandbox, options.ownership),
        ...options.env,
      },
    })
    .catch(async (error: unknown) => {
      await processes.close()
      throw error
    })

  function tokenEnvironment(): Readonly<Record<string, string>> {
    return {
      CONNECT_TOKEN_ISSUER: ISSUER,
      ...(usesPublicKey
        ? { CONNECT_TOKEN_PUBLIC_KEY: publicKeyPem }
        : { CONNECT_TOKEN_SECRET: tokenKey.secret }),
    }
  }

  const scene: Scene = {
    identity,
    sandbox,
    tokenKey,
    browser(person) {
      const browser = bff.browser(null)
      scene.signIn(browser, person)
      return browser
    },
    signIn(browser, person, change) {
      browser.cookies.delete('session')
      browser.token = undefined
      if (person === null) return
      if (identity === 'session') {
        browser.cookies.set('session', person)
        return
      }
      const key: TokenKey = usesPublicKey ? { privateKey } : { secret: tokenKey.secret }
      const header = usesPublicKey ? { alg: 'RS256' } : {}
      browser.token = forgeToken(getPerson(person), key, { header, ...change })
      artefacts.addCanary('token', browser.token)
    },
    async goToGitHub(browser, account = 'acme-coffee', as = 'mona') {
      const { flowId } = await browser.startFlow()
      const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), { account }, as)
      if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
      return { flowId, returnUrl }
    },
    installationIdOf(account) {
      const find = () => sandbox.installations.find((one) => one.account.login === account)
      if (find() === undefined) sandbox.scenario('install', { account })
      const { installationId = 0 } = find() ?? {}
      return installationId
    },
    async settle(person, flowId) {
      // A browser of its own, so that its cookies and requests say nothing about the one in the attack.
      const witness = scene.browser(person)
      const { status } = await witness.getFlow(flowId)
      return status === 'binding' ? (await witness.waitForEnd(flowId)).status : status
    },
    listPosts: () =>
      sandbox.requests
        .filter(({ method }) => method === 'POST')
        .map(({ headers, body }) => ({
          organization: headers['x-layers-organization'],
          installationId: readInstallationId(body),
        })),
    listBoundAccounts: (person) =>
      sandbox.bindings
        .filter(({ organizationId }) => organizationId === getPerson(person).layersOrganization)
        .map(({ account }) => account.login),
    close: () => processes.close(),
  }
  return scene
}

/** A token that is accepted for some seconds still, but that vouches for nothing any more: the flow's return needs a newer one. */
export function createStaleToken(): TokenChange {
  return { expiresAt: nowSeconds() }
}

/** The same return URL with other parameters. */
export function changeReturn(
  returnUrl: string,
  parameters: Readonly<Record<string, string | number>>,
): string {
  const url = new URL(returnUrl)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
  return url.href
}

function getPerson(name: string): Identity {
  const person = findPerson(name)
  if (person === null) throw new Error(`nobody is called ${name}`)
  return person
}

function readInstallationId(body: string): unknown {
  const parsed: unknown = JSON.parse(body)
  return typeof parsed === 'object' && parsed !== null && 'installationId' in parsed
    ? parsed.installationId
    : undefined
}

function ownershipEnvironment(
  sandbox: Sandbox,
  ownership: SceneOptions['ownership'],
): Readonly<Record<string, string>> {
  if (ownership === undefined) return {}
  const { connector, partner } = sandbox.apps
  const isOwnApp = ownership === 'own-app'
  const app = isOwnApp ? connector : partner
  sandbox.configureApp(isOwnApp ? 'connector' : 'partner', { callbackUrls: [`${PUBLIC_URL}/return`] })
  return {
    OWNERSHIP: ownership,
    GITHUB_API_URL: sandbox.githubApiUrl,
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    GITHUB_APP_SLUG: connector.slug,
    ...(isOwnApp ? { GITHUB_APP_ID: String(app.appId), GITHUB_APP_PRIVATE_KEY: app.privateKeyPem } : {}),
  }
}
