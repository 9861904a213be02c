// The pictures of connected accounts, kept for a while in memory: GitHub is asked once an hour, and no browser asks it.
import type { Log } from '../log.ts'
import { PictureError, type Picture, type PictureSource } from './fetch-picture.ts'

const KEPT_MS = 60 * 60_000
/** What failed may be mended soon, and is not asked for with each page until then. */
const FAILURE_KEPT_MS = 5 * 60_000
/** At 64 KB at most, 16 MB. */
const MAX_KEPT = 256
/** Of pictures that are being fetched. More would wait longer than a page does. */
const MAX_AT_ONCE = 16

export interface Avatars {
  /** Null where there is none; never rejects. */
  find(login: string): Promise<Picture | null>
  close(): Promise<void>
}

interface Kept {
  readonly picture: Promise<Picture | null>
  endsAt: number
}

/** @param now milliseconds of a clock that is not set. */
export function createAvatars(parts: {
  readonly source: PictureSource
  readonly log: Pick<Log, 'info'>
  readonly now: () => number
}): Avatars {
  const { source, log, now } = parts
  /** By login, in the order in which they were asked for. */
  const kept = new Map<string, Kept>()
  let running = 0

  async function load(login: string): Promise<Picture | null> {
    running += 1
    try {
      return await source.fetchPicture(login)
    } catch (error) {
      log.info('avatar_missing', {
        detail: error instanceof PictureError ? error.failure : 'unexpected error',
      })
      return null
    } finally {
      running -= 1
    }
  }

  return {
    async find(login) {
      // As GitHub compares them.
      const key = login.toLowerCase()
      const known = kept.get(key)
      if (known !== undefined && known.endsAt > now()) return known.picture
      if (running >= MAX_AT_ONCE) return null
      const entry: Kept = { picture: load(login), endsAt: now() + KEPT_MS }
      kept.delete(key)
      kept.set(key, entry)
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      const picture = await entry.picture
      if (picture === null) entry.endsAt = now() + FAILURE_KEPT_MS
      return picture
    },
    close: () => source.close(),
  }
}
