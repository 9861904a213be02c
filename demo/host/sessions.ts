// Who is signed in to Brightline: sessions in memory behind a cookie that holds nothing but a random id.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type FindPerson, findPerson as findInDirectory, type Person } from '../people.ts'

/** The cookie's SameSite attribute. With `Strict` a browser leaves the cookie out when it comes back from GitHub. */
export type SessionSameSite = 'Lax' | 'Strict'

export interface SessionOptions {
  readonly sameSite: SessionSameSite
  /** Who works where, asked at each request, so that a role taken away counts at once; default the people of `people.ts`. */
  readonly findPerson?: FindPerson
  /** Current time in epoch milliseconds; default `Date.now`. */
  readonly now?: () => number
}

export interface Sessions {
  /** Signs a person in, ends the session the request had, and returns the `Set-Cookie` header. */
  open(request: IncomingMessage, person: Person): string
  /** Ends the session the request has, and returns the `Set-Cookie` header that clears the cookie. */
  close(request: IncomingMessage): string
  /** The person who is signed in in the browser that sent the request. */
  findPerson(request: IncomingMessage): Person | undefined
}

const COOKIE_NAME = 'brightline_session'
const LIFETIME_MS = 12 * 60 * 60 * 1000
const MOST_SESSIONS = 1000

/**
 * A new session gets a new id at each sign-in, so that an id planted beforehand is worth nothing
 * (https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#renew-the-session-id-after-any-privilege-level-change).
 */
export function createSessions({
  sameSite,
  findPerson = findInDirectory,
  now = Date.now,
}: SessionOptions): Sessions {
  const sessions = new Map<string, { readonly personId: string; readonly expiresAt: number }>()
  const attributes = `Path=/; HttpOnly; SameSite=${sameSite}`

  function end(request: IncomingMessage): void {
    const id = findSessionId(request)
    if (id !== undefined) sessions.delete(id)
  }

  return {
    open(request, person) {
      end(request)
      const [oldest] = sessions.keys()
      if (oldest !== undefined && sessions.size >= MOST_SESSIONS) sessions.delete(oldest)
      const id = randomBytes(24).toString('base64url')
      sessions.set(id, { personId: person.id, expiresAt: now() + LIFETIME_MS })
      return `${COOKIE_NAME}=${id}; ${attributes}; Max-Age=${LIFETIME_MS / 1000}`
    },
    close(request) {
      end(request)
      return `${COOKIE_NAME}=; ${attributes}; Max-Age=0`
    },
    findPerson(request) {
      const session = sessions.get(findSessionId(request) ?? '')
      return session !== undefined && session.expiresAt > now() ? findPerson(session.personId) : undefined
    },
  }
}

function findSessionId(request: IncomingMessage): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === COOKIE_NAME) return value
  }
  return undefined
}
