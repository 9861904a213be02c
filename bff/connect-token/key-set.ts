// The signing backend's JSON Web Key Set: when it is asked for, and for how long an answer counts.
import { createRemoteJWKSet, customFetch, errors, type CryptoKey } from 'jose'
import { ConnectError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { TokenHeader } from './claims.ts'
import { fetchKeySet } from './fetch-key-set.ts'

/** After this the set is asked for again. A key that was taken out of it counts no longer than that. */
const FRESH_MS = 600_000
/** While the server is down, the last good set stays in use for so long: an outage there must not sign everybody out here. */
const MAX_STALE_MS = 3_600_000
/** Between two requests for the set, whatever tokens name and however the last one ended. */
const COOLDOWN_MS = 30_000
/** Below what `identify` may take as a whole. */
const TIMEOUT_MS = 3_000

export interface KeySetOptions {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Told when an old set stays in use. */
  readonly log?: Pick<Log, 'warn'> | undefined
  /** Longest one request for the set may take, answer included, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined
}

type FindKeys = (header: TokenHeader) => Promise<readonly CryptoKey[]>

/** Finds keys by algorithm, `kid`, `use` and `key_ops`; a `kid` that is not in the set makes us ask for it again. */
export function createKeySet(url: URL, { now, log, timeoutMs = TIMEOUT_MS }: KeySetOptions): FindKeys {
  let loadedAt: number | undefined
  let failed: { readonly at: number; readonly error: unknown } | undefined

  /** jose rests after good answers only; here a server in trouble is left alone as well. */
  async function fetchUnlessResting(signal: AbortSignal): Promise<Response> {
    if (failed !== undefined && now() < failed.at + COOLDOWN_MS) throw failed.error
    try {
      const keySet = await fetchKeySet(url, signal)
      loadedAt = now()
      failed = undefined
      return Response.json(keySet)
    } catch (error) {
      failed = { at: now(), error }
      throw error
    }
  }

  const keys = createRemoteJWKSet(url, {
    cacheMaxAge: MAX_STALE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: timeoutMs,
    [customFetch]: (_url, { signal }) => fetchUnlessResting(signal),
  })

  async function refresh(): Promise<void> {
    const failedBefore = failed
    try {
      await keys.reload()
    } catch (error) {
      if (failed === failedBefore) return
      const detail = error instanceof ConnectError ? error.detail : undefined
      log?.warn('token_keys_outdated', { detail, error })
    }
  }

  return async (header) => {
    if (loadedAt !== undefined && now() >= loadedAt + FRESH_MS) await refresh()
    try {
      return [await keys(header)]
    } catch (error) {
      if (error instanceof ConnectError) throw error
      if (error instanceof errors.JWKSMultipleMatchingKeys) return collect(error)
      // No key fits, or the one that does cannot be imported: the token cannot be checked either way.
      return []
    }
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
