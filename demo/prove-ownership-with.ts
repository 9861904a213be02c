// Gives the BFF the credentials of one of the sandbox's GitHub Apps, so that it can ask who owns an account.
import type { BffOptions } from '../bff/index.ts'
import type { DemoOptions } from './options.ts'
import type { Sandbox } from './sandbox/index.ts'

/** @param returnUrl - registered with the App as its callback URL, like one does on GitHub's own page. */
export function proveOwnershipWith(
  sandbox: Sandbox,
  ownership: DemoOptions['ownership'],
  returnUrl: string,
): Partial<BffOptions> {
  if (ownership === undefined) return {}
  const name = ownership === 'own-app' ? 'connector' : 'partner'
  sandbox.configureApp(name, { callbackUrls: [returnUrl] })
  const app = sandbox.apps[name]
  return {
    ownership,
    githubApiUrl: sandbox.githubApiUrl,
    githubClientId: app.clientId,
    githubClientSecret: app.clientSecret,
    ...(ownership === 'own-app' && { githubAppId: app.appId, githubAppPrivateKey: app.privateKeyPem }),
  }
}
