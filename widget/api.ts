// The requests of the widget: one function per route, each returning a parsed answer or throwing a ConnectGitHubError.
import { REQUEST_HEADER } from '../bff/contract.ts'
import type { ConnectionView, FlowView, StartFlowRequest } from '../bff/contract.ts'
import { ConnectGitHubError, toError } from './error.ts'
import { parseConnection, parseError, parseFlow } from './parse.ts'
import type { ReadToken } from './token.ts'

/** Longest time an answer may take, beside the time the server was asked to wait. Starting includes two upstream calls. */
const TIMEOUT_MS = 30_000

export interface Api {
  getConnection(): Promise<ConnectionView>
  deleteConnection(): Promise<ConnectionView>
  startFlow(start: StartFlowRequest): Promise<FlowView>
  /** @param waitSeconds how long the server may hold the answer back while nothing changed since version `after`. */
  getFlow(flowId: string, after: number, waitSeconds: number, signal: AbortSignal): Promise<FlowView>
  changeFlow(flowId: string, change: 'cancel' | 'finish'): Promise<FlowView>
}

/** @param baseURL without a slash at the end. */
export function createApi(baseURL: string, readToken: ReadToken): Api {
  async function send(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
    waitMs = 0,
  ): Promise<unknown> {
    // AbortSignal.any() is younger than the browsers we support.
    const abort = new AbortController()
    const stop = () => abort.abort()
    const timer = setTimeout(stop, TIMEOUT_MS + waitMs)
    signal?.addEventListener('abort', stop)
    try {
      let token = readToken()
      for (let first = true; ; first = false) {
        const value = await token.catch(() => {
          throw new ConnectGitHubError('session_required', 'The token function failed.')
        })
        const response = await fetch(baseURL + path, {
          method,
          credentials: 'include',
          cache: 'no-store',
          signal: abort.signal,
          headers: {
            Accept: 'application/json',
            ...(value && { Authorization: `Bearer ${value}` }),
            ...(method !== 'GET' && { [REQUEST_HEADER]: '1', 'Content-Type': 'application/json' }),
          },
          ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
        })
        if (response.status === 401 && first && value) {
          token = readToken(token)
          continue
        }
        // A proxy's HTML page is not an answer of ours; the parsers say so.
        const text = await response.text()
        const answer: unknown = parseJson(text)
        if (!response.ok) throw parseError(answer, response.status)
        return answer
      }
    } catch (thrown) {
      throw toError(thrown)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }

  return {
    getConnection: async () => parseConnection(await send('GET', '/connection')),
    deleteConnection: async () => parseConnection(await send('DELETE', '/connection')),
    startFlow: async (start) => parseFlow(await send('POST', '/flows', start)),
    getFlow: async (flowId, after, waitSeconds, signal) =>
      parseFlow(
        await send(
          'GET',
          `/flows/${flowId}${waitSeconds ? `?after=${after}&wait=${waitSeconds}` : ''}`,
          undefined,
          signal,
          waitSeconds * 1000,
        ),
      ),
    changeFlow: async (flowId, change) => parseFlow(await send('POST', `/flows/${flowId}/${change}`)),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
