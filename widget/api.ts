// Sends the requests of the widget. Each returns a parsed answer or throws.
import { REQUEST_HEADER } from '../bff/contract.ts'
import { ConnectGitHubError } from './error.ts'
import { parseError } from './parse.ts'
import { createTokenReader } from './token.ts'
import type { TokenSource } from './token.ts'

/** Longest time an answer may take: more than the longest wait for a change, and than the two upstream calls of a start. */
const TIMEOUT_MS = 40_000

/** Without a method it is a GET. @throws {ConnectGitHubError} what the server said; anything else thrown came from the network. */
export type Send = <T>(
  parse: (body: unknown, httpStatus: number) => T,
  path: string,
  signal?: AbortSignal,
  method?: 'POST' | 'DELETE',
  body?: object,
) => Promise<T>

/** @param baseURL without a slash at the end. @param getSource the latest `token` prop. */
export function createSend(baseURL: string, getSource: () => TokenSource | undefined): Send {
  const readToken = createTokenReader(getSource)

  return async (parse, path, signal, method, body = {}) => {
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
    const text = await response.text()
    let answer: unknown
    try {
      answer = JSON.parse(text)
    } catch {
      // A proxy's HTML page is not an answer of ours; the parsers say so.
    }
    if (response.ok) return parse(answer, response.status)
    const { code, message, requestId } = parseError(answer, response.status).error
    throw new ConnectGitHubError(code, message, requestId)
  }
}
