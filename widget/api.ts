// Sends the requests of the widget. Each returns a parsed answer or throws.
import { REQUEST_HEADER } from '../bff/contract.ts'
import { parseError } from './parse.ts'
import { createTokenReader } from './token.ts'
import type { TokenSource } from './token.ts'

/** Longest time an answer may take: more than the longest wait for a change, and than the two upstream calls of a start. */
const TIMEOUT_MS = 40_000

interface Sending {
  /** Default GET. */
  readonly method?: 'POST' | 'DELETE'
  readonly body?: object
  readonly signal?: AbortSignal
}

/** @throws {ConnectGitHubError} what the server said; anything else thrown came from the network. */
export type Send = <T>(parse: (body: unknown) => T, path: string, sending?: Sending) => Promise<T>

/** @param baseURL without a slash at the end. @param getSource the latest `token` prop. */
export function createSend(baseURL: string, getSource: () => TokenSource | undefined): Send {
  const readToken = createTokenReader(getSource)

  return async (parse, path, { method, body = {}, signal } = {}) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const request = (token: string | undefined) =>
      fetch(baseURL + path, {
        credentials: 'include',
        // Not `cache: 'no-store'`: every answer says so itself, and with it Chromium keeps no preflight, which would double
        // each request to another origin.
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(method && { [REQUEST_HEADER]: '1', 'Content-Type': 'application/json' }),
        },
        ...(method && { method, body: JSON.stringify(body) }),
      })
    const asked = readToken()
    const token = await asked
    let response = await request(token)
    if (response.status === 401 && token) {
      const newer = await readToken(asked)
      // The same one again would be refused again.
      if (newer !== token) response = await request(newer)
    }
    const answer = parseJson(await response.text())
    if (!response.ok) throw parseError(answer, response.status)
    return parse(answer)
  }
}

/** A proxy's HTML page is not an answer of ours; the parsers say so. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
