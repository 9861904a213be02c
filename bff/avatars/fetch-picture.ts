// The only way to accounts' pictures: two fixed origins, no credentials, one redirect at most, limits on time and size.
import { errors, Pool } from 'undici'
import { findPictureType, type PictureType } from './picture-type.ts'

/** For a whole picture, redirect included. */
const PICTURE_TIMEOUT_MS = 5_000
export const MAX_PICTURE_BYTES = 64 * 1024
const CONNECT_TIMEOUT_MS = 2_000
const MAX_CONNECTIONS = 4
/** Twice what the widget shows, for dense screens. */
const PICTURE_SIZE = 80

/** What GitHub lets be a login. Others, and what is no login at all, are asked nobody about. */
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/

export interface Picture {
  readonly type: PictureType
  readonly bytes: Buffer
}

/** Why there is none. In the log; no word of it comes from outside. */
export type PictureFailure =
  | 'not a login'
  | 'an answer with another status'
  | 'a redirect to elsewhere'
  | 'no picture'
  | 'too large'
  | 'too slow'
  | 'not reachable'

export class PictureError extends Error {
  override readonly name = 'PictureError'
  readonly failure: PictureFailure

  constructor(failure: PictureFailure) {
    super(failure)
    this.failure = failure
  }
}

export interface PictureSource {
  /** @throws PictureError and nothing else. */
  fetchPicture(login: string): Promise<Picture>
  close(): Promise<void>
}

/** Where pictures are: on github.com on a host of their own, on other servers of GitHub's on the server itself. */
export function pictureOriginOf(githubOrigin: string): string {
  return githubOrigin === 'https://github.com' ? 'https://avatars.githubusercontent.com' : githubOrigin
}

export function createPictureSource(options: {
  readonly githubOrigin: string
  readonly pictureOrigin: string
  readonly timeoutMs?: number
}): PictureSource {
  const { githubOrigin, pictureOrigin, timeoutMs = PICTURE_TIMEOUT_MS } = options
  const pools = new Map(
    [...new Set([githubOrigin, pictureOrigin])].map((origin) => [
      origin,
      new Pool(origin, {
        connections: MAX_CONNECTIONS,
        connect: { timeout: CONNECT_TIMEOUT_MS },
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        maxResponseSize: MAX_PICTURE_BYTES,
      }),
    ]),
  )

  /** @param isLast when a redirect would be one too many. */
  async function load(url: URL, signal: AbortSignal, isLast: boolean): Promise<Picture> {
    const pool = pools.get(url.origin)
    if (pool === undefined || url.username !== '' || url.password !== '')
      throw new PictureError('a redirect to elsewhere')
    const { statusCode, headers, body } = await pool.request({
      method: 'GET',
      path: url.pathname + url.search,
      // Compressed answers could unpack to any size; pictures gain nothing by it.
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'connect-github-bff' },
      signal,
    })
    // Also where nothing of it is used: what is left unread would keep its connection.
    const bytes = Buffer.from(await body.arrayBuffer())
    const { location } = headers
    if (statusCode === 301 || statusCode === 302) {
      const next =
        typeof location === 'string' && URL.canParse(location, url.href) ? new URL(location, url) : null
      if (isLast || next?.origin !== pictureOrigin) throw new PictureError('a redirect to elsewhere')
      return load(next, signal, true)
    }
    if (statusCode !== 200) throw new PictureError('an answer with another status')
    const type = findPictureType(bytes)
    if (type === undefined) throw new PictureError('no picture')
    return { type, bytes }
  }

  return {
    async fetchPicture(login) {
      if (!LOGIN.test(login)) throw new PictureError('not a login')
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        return await load(new URL(`/${login}.png?size=${PICTURE_SIZE}`, githubOrigin), signal, false)
      } catch (error) {
        throw new PictureError(judge(error, signal))
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function judge(error: unknown, { aborted }: AbortSignal): PictureFailure {
  if (error instanceof PictureError) return error.failure
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'too large'
  const isSlow = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
  return aborted || isSlow ? 'too slow' : 'not reachable'
}
