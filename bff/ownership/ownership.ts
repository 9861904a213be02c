// The port that proves that a person owns the GitHub account an installation belongs to, before anything is posted for it.

/** Longest a whole proof may take. The lease of a binding job is longer. */
export const PROOF_TIMEOUT_MS = 20_000

/** The reason of a `failed` verdict when GitHub's code is used up, expired, or not of this App. */
export const CODE_NOT_ACCEPTED = 'code not accepted'

/** What is claimed: this person says that the installation is theirs. */
export interface OwnershipClaim {
  readonly installationId: number
  /** GitHub's `code` from the return or from the authorize page, good for one exchange; null when none came. */
  readonly code: string | null
  /** The redirect URL that a code from the authorize page was made for; null for the code of an install. */
  readonly redirectUrl: string | null
  /** PKCE's verifier of a code from the authorize page (RFC 7636); null for the code of an install. */
  readonly codeVerifier: string | null
  readonly tenantId: string
  readonly userId: string
  /** The login the partner expects, in any case; null when it does not know. */
  readonly expectedAccount: string | null
  /** Aborts when the time for the whole proof is up. */
  readonly signal: AbortSignal
}

export type OwnershipVerdict =
  /** `login` is what Layers has to record, in any case; null when the installation itself was proved to be the customer's. */
  | { readonly verdict: 'proved'; readonly login: string | null }
  /** `reason` is for the log: fixed words, no ids and no names. */
  | {
      readonly verdict: 'refused'
      readonly code: 'ownership_not_proved' | 'account_mismatch'
      readonly reason: string
      /** For the operator, when the refusal may be of their making. */
      readonly cure?: string
    }
  | {
      readonly verdict: 'failed'
      readonly code: 'ownership_unavailable' | 'ownership_sign_on' | 'ownership_misconfigured'
      readonly reason: string
      /** For the operator: what to do about it. */
      readonly cure: string
      /** For the log; free of tokens, codes and secrets. */
      readonly cause?: unknown
    }

export interface OwnershipProver {
  /** How the browser gets a `code`; null when none is needed. */
  readonly authorization: {
    /** True when the `code` of an install's return can be used, because the installed App is the one that asks. */
    readonly acceptsReturnCode: boolean
    /** GitHub's authorize page, with PKCE (S256). */
    createUrl(request: {
      readonly state: string
      readonly redirectUrl: string
      readonly codeChallenge: string
    }): string
  } | null
  /** Never rejects: whatever goes wrong is a verdict that lets nothing through. */
  prove(claim: OwnershipClaim): Promise<OwnershipVerdict>
  close(): Promise<void>
}
