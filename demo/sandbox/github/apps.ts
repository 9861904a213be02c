// The two GitHub Apps: what is registered about them, with credentials made up where none were given.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { APP_NAMES, type AppName, type SandboxApp, type SandboxOptions } from '../options.ts'
import type { RandomBytes } from '../random-text.ts'

export interface Apps extends Readonly<Record<AppName, SandboxApp>> {
  /** Changes what is registered, from now on. */
  configure(name: AppName, changes: Partial<SandboxApp>): void
  findByClientId(clientId: string): AppName | undefined
  /** By the issuer of a JWT: the App's number or its client id. */
  findByIssuer(issuer: string): AppName | undefined
}

const DEFAULTS = {
  connector: { appId: 210_417, slug: 'layers-connector', clientId: 'Iv23liConnector00001' },
  partner: { appId: 310_982, slug: 'brightline-app', clientId: 'Iv23liBrightline0001' },
} as const

export function createApps(options: SandboxOptions, randomBytes: RandomBytes): Apps {
  const create = (name: AppName, given: Partial<SandboxApp>) =>
    createApp(
      { ...DEFAULTS[name], clientSecret: Buffer.from(randomBytes(20)).toString('hex') },
      { ...options.apps?.[name], ...given },
    )
  const slug = options.appSlug
  const registered = {
    connector: create('connector', slug === undefined ? {} : { slug }),
    partner: create('partner', {}),
  }
  const find = (isWanted: (app: SandboxApp) => boolean) =>
    APP_NAMES.find((name) => isWanted(registered[name].app))
  return {
    connector: registered.connector.app,
    partner: registered.partner.app,
    configure: (name, changes) => registered[name].configure(changes),
    findByClientId: (clientId) => find((app) => app.clientId === clientId),
    findByIssuer: (issuer) => find((app) => app.clientId === issuer || String(app.appId) === issuer),
  }
}

type Defaults = Pick<SandboxApp, 'appId' | 'slug' | 'clientId' | 'clientSecret'>

/** A live view: it reads the latest configuration, and makes a key pair only when somebody asks for one. */
function createApp(defaults: Defaults, options: Partial<SandboxApp>) {
  let given = options
  let madeKeyPem: string | undefined

  function getPrivateKeyPem(): string {
    if (given.privateKeyPem !== undefined) return given.privateKeyPem
    if (given.publicKeyPem !== undefined) throw new Error('this App was given only its public key')
    madeKeyPem ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs1', format: 'pem' })
      .toString()
    return madeKeyPem
  }

  const app: SandboxApp = {
    get appId() {
      return given.appId ?? defaults.appId
    },
    get slug() {
      return given.slug ?? defaults.slug
    },
    get clientId() {
      return given.clientId ?? defaults.clientId
    },
    get clientSecret() {
      return given.clientSecret ?? defaults.clientSecret
    },
    get privateKeyPem() {
      return getPrivateKeyPem()
    },
    get publicKeyPem() {
      if (given.publicKeyPem !== undefined) return given.publicKeyPem
      const publicKey = createPublicKey(createPrivateKey(getPrivateKeyPem()))
      return publicKey.export({ type: 'spki', format: 'pem' }).toString()
    },
    get callbackUrls() {
      return given.callbackUrls ?? []
    },
    get requestAuthorizationOnInstall() {
      return given.requestAuthorizationOnInstall ?? false
    },
    get webhook() {
      return given.webhook ?? null
    },
  }
  return {
    app,
    configure: (changes: Partial<SandboxApp>) => {
      given = { ...given, ...changes }
    },
  }
}
