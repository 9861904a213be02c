// The authorize page of GitHub, for one flow: its URL, and what it brings back, sealed until the proof uses it.
import { z } from 'zod'
import type { Config } from '../config.ts'
import { codeChallengeOf, type FlowSecrets } from '../flow-secrets.ts'
import type { Sealer } from '../seal.ts'
import type { Flow } from '../storage/storage.ts'
import type { OwnershipProver } from './ownership.ts'

const authorizationSchema = z.object({
  code: z.string().min(1).max(256),
  from: z.enum(['install', 'authorize']),
})

/** GitHub's single-use code; one that came from the authorize page is tied to our redirect URL and to PKCE's verifier. */
export type Authorization = z.infer<typeof authorizationSchema>

/** Where the customer confirms on GitHub who they are; undefined when the prover needs no such page. */
export function findAuthorizeUrl(
  parts: {
    readonly ownership: OwnershipProver | null
    readonly secrets: FlowSecrets
    readonly config: Pick<Config, 'returnUrl'>
  },
  flow: Flow,
): string | undefined {
  return parts.ownership?.authorization?.createUrl({
    state: parts.secrets.authorizeStateFor(flow),
    redirectUrl: parts.config.returnUrl,
    codeChallenge: codeChallengeOf(parts.secrets.codeVerifierFor(flow)),
  })
}

/** The code waits for its job in the store, so it is encrypted like the state. */
export function sealAuthorization(sealer: Sealer, flow: Flow, authorization: Authorization): Promise<string> {
  return sealer.seal('authorization', flow.tenantId, JSON.stringify(authorization))
}

/** Null when the flow has none. Throws UnsealError when the data keys at hand cannot read it. */
export async function unsealAuthorization(sealer: Sealer, flow: Flow): Promise<Authorization | null> {
  if (flow.authorizationSealed === null) return null
  const text = await sealer.unseal('authorization', flow.tenantId, flow.authorizationSealed)
  return authorizationSchema.parse(JSON.parse(text))
}
