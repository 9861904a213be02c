// OAuth codes and the user access tokens they are exchanged for.

import { createHash } from 'node:crypto'
import { BoundedMap } from '../../bounded-map.ts'
import type { Clock } from '../../clock.ts'
import type { AppName } from '../../options.ts'
import { createCode, createRefreshToken, createUserToken, type RandomBytes } from '../../random-text.ts'
import type { RecordedUserToken } from '../../records.ts'
import type { PersonLogin } from '../catalogue.ts'

const CAPACITY = 10_000
/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app */
const CODE_LIFETIME_MS = 10 * 60_000
/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens */
export const TOKEN_LIFETIME_SECONDS = 8 * 60 * 60
export const REFRESH_LIFETIME_SECONDS = 15_897_600

export interface CodeRequest {
  readonly app: AppName
  readonly person: PersonLogin
  /** Where the code was sent; `null` for the code of an installation. */
  readonly redirectUrl: string | null
  /** PKCE, S256 (https://www.rfc-editor.org/rfc/rfc7636); `null` without. */
  readonly codeChallenge: string | null
}

export interface Exchange {
  readonly app: AppName
  readonly code: string
  readonly redirectUrl: string | null
  readonly codeVerifier: string | null
}

export interface IssuedTokens {
  readonly token: string
  readonly refreshToken: string
}

export type ExchangeOutcome =
  | ({ readonly kind: 'issued' } & IssuedTokens)
  | { readonly kind: 'bad_code' }
  | { readonly kind: 'redirect_mismatch' }

export interface Grants {
  issueCode(request: CodeRequest): string
  /** Uses the code up, whatever comes of it. Unverified for refusals: a client must not count on a second try. */
  exchange(exchange: Exchange): ExchangeOutcome
  /** New tokens for a refresh token, which ends the old ones. Undefined when it is not known, expired or another App's. */
  refresh(app: AppName, refreshToken: string): IssuedTokens | undefined
  /** A token that works now. */
  findToken(token: string): RecordedUserToken | undefined
  /** False when the App has no such working token. */
  revoke(app: AppName, token: string): boolean
  /** Oldest first. */
  listTokens(): RecordedUserToken[]
}

export function createGrants(clock: Clock, randomBytes: RandomBytes): Grants {
  const codes = new BoundedMap<string, CodeRequest & { expiresAt: number }>(CAPACITY)
  const tokens = new BoundedMap<string, RecordedUserToken>(CAPACITY)
  const refreshTokens = new BoundedMap<string, { token: string; expiresAt: number }>(CAPACITY)

  function issueTokens(app: AppName, person: PersonLogin): IssuedTokens {
    const now = clock.now()
    const token = createUserToken(randomBytes)
    const refreshToken = createRefreshToken(randomBytes)
    const expiresAt = now + TOKEN_LIFETIME_SECONDS * 1_000
    tokens.set(token, { token, app, person, issuedAt: now, expiresAt, revokedAt: null })
    refreshTokens.set(refreshToken, { token, expiresAt: now + REFRESH_LIFETIME_SECONDS * 1_000 })
    return { token, refreshToken }
  }
  function findToken(token: string): RecordedUserToken | undefined {
    const found = tokens.get(token)
    return found && found.revokedAt === null && clock.now() < found.expiresAt ? found : undefined
  }
  function end(token: RecordedUserToken): void {
    tokens.set(token.token, { ...token, revokedAt: clock.now() })
    for (const [refreshToken, row] of refreshTokens) {
      if (row.token === token.token) refreshTokens.delete(refreshToken)
    }
  }

  return {
    issueCode(request) {
      const code = createCode(randomBytes)
      codes.set(code, { ...request, expiresAt: clock.now() + CODE_LIFETIME_MS })
      return code
    },
    exchange({ app, code, redirectUrl, codeVerifier }) {
      const found = codes.get(code)
      // Another App's attempt leaves the code alone: it never was that App's to use up.
      if (!found || found.app !== app) return { kind: 'bad_code' }
      codes.delete(code)
      if (clock.now() >= found.expiresAt) return { kind: 'bad_code' }
      // GitHub asks for redirect_uri on neither side, but compares it when it is there.
      if (redirectUrl !== null && found.redirectUrl !== null && redirectUrl !== found.redirectUrl) {
        return { kind: 'redirect_mismatch' }
      }
      if (found.codeChallenge !== null && toChallenge(codeVerifier ?? '') !== found.codeChallenge) {
        return { kind: 'bad_code' }
      }
      return { kind: 'issued', ...issueTokens(app, found.person) }
    },
    refresh(app, refreshToken) {
      const found = refreshTokens.get(refreshToken)
      const old = found && tokens.get(found.token)
      if (!old || old.app !== app || clock.now() >= found.expiresAt) return undefined
      end(old)
      return issueTokens(app, old.person)
    },
    findToken,
    revoke(app, token) {
      const found = findToken(token)
      if (found?.app !== app) return false
      end(found)
      return true
    },
    listTokens: () => [...tokens.values()],
  }
}

function toChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url')
}
