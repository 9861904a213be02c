// Makes and compares the values that hold a flow together: state, flow cookie, and the index of an installation id.
import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'

/** 192 random bits as 32 url-safe characters; RFC 9700 §2.1 wants it one-time and unguessable. */
export function createState(random: (size: number) => Uint8Array = randomBytes): string {
  return Buffer.from(random(24)).toString('base64url')
}

/** A state is looked up by its hash, so that a read of the database gives nobody a state to use. */
export function hashState(state: string): string {
  return createHash('sha256').update(state).digest('base64url')
}

interface FlowOwner {
  readonly flowId: string
  readonly tenantId: string
  readonly userId: string
}

/** What PKCE sends along with the browser (RFC 7636 §4.2, method S256). */
export function codeChallengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

/** Keyed derivations from one server secret, each for one purpose. */
export interface FlowSecrets {
  /**
   * The value of a flow's cookie. Derived, not stored: a repeated `POST /flows` hands out the same value, so that no order of
   * two answers can leave the browser with a stale one.
   */
  cookieFor(owner: FlowOwner): string
  isCookieOf(owner: FlowOwner, presented: string | undefined): boolean
  /**
   * The state that GitHub's authorize page brings back for this flow. Derived, so that the page can be opened again; it is used up
   * with the flow's status.
   */
  authorizeStateFor(owner: FlowOwner): string
  /** PKCE's verifier for that page: 43 characters (RFC 7636 §4.1). Never leaves the server before the code is exchanged. */
  codeVerifierFor(owner: FlowOwner): string
  /** Equal for equal installation ids; the ids are small numbers, so an unkeyed hash would hide nothing. */
  indexOf(installationId: number): string
  /** Tells partner keys apart, in 8 hex digits: a part of a key itself would be found by scanners, and rightly. */
  fingerprintOf(key: string): string
  /** A short name for the logs: follows one flow or tenant without naming it. */
  pseudonymOf(value: string): string
  /** What stands in for an id that is erased: 64 hex digits, of which the first are its pseudonym, so that the log still leads to it. */
  hashOf(value: string): string
  /** Under what a limit counts whoever `values` name. Equal in all processes of a database, and no two limits share one. */
  limitKeyOf(limit: string, ...values: readonly string[]): string
}

/** @param key 32 random bytes, kept sealed in the store. */
export function createFlowSecrets(key: Uint8Array): FlowSecrets {
  // Made once: from bytes, a new key object is made for each call, which takes five times as long as the call.
  const secret = createSecretKey(key)
  const derive = (purpose: string, ...parts: readonly string[]): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify([purpose, ...parts]))
      .digest()
  const deriveForFlow = (purpose: string, { flowId, tenantId, userId }: FlowOwner): string =>
    derive(purpose, flowId, tenantId, userId).toString('base64url')
  const cookieFor = (owner: FlowOwner): string => deriveForFlow('flow-cookie', owner)
  const hashOf = (value: string): string => derive('log', value).toString('hex')

  return {
    cookieFor,
    isCookieOf(owner, presented) {
      if (presented === undefined) return false
      const expected = Buffer.from(cookieFor(owner))
      const actual = Buffer.from(presented)
      return expected.length === actual.length && timingSafeEqual(expected, actual)
    },
    authorizeStateFor: (owner) => deriveForFlow('authorize-state', owner),
    codeVerifierFor: (owner) => deriveForFlow('code-verifier', owner),
    indexOf: (installationId) => derive('installation', String(installationId)).toString('base64url'),
    fingerprintOf: (partnerKey) => derive('partner-key', partnerKey).toString('hex').slice(0, 8),
    pseudonymOf: (value) => hashOf(value).slice(0, 12),
    hashOf,
    limitKeyOf: (limit, ...values) => derive('limit', limit, ...values).toString('base64url'),
  }
}
