// Octokit as it is used here: on our bounded fetch, silent, and with the exchange of a code at the right host and with PKCE.
import { Octokit } from '@octokit/core'
import type { GitHubTransport } from './github-fetch.ts'
import { tokenAnswer } from './github-answers.ts'
import { GitHubError } from './github-error.ts'

const EXCHANGE_PATH = '/login/oauth/access_token'

/** Octokit writes deprecations and clock problems to the console, URLs included. */
export const SILENT_LOG = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export interface GitHubHosts {
  /** Of GitHub's pages, OAuth included. */
  readonly githubOrigin: string
  /** Without a trailing slash. */
  readonly githubApiUrl: string
}

/** PKCE's verifier, and who is told the token as soon as it is there. */
interface Exchange {
  readonly codeVerifier: string | null
  readonly onToken: (token: string) => void
}

/** An Octokit class whose every call ends when `signal` aborts. */
export function defineOctokit(options: {
  readonly hosts: GitHubHosts
  readonly transport: GitHubTransport
  readonly signal: AbortSignal
  readonly exchange?: Exchange
}): typeof Octokit {
  const { hosts, transport, signal, exchange } = options
  return Octokit.plugin((octokit: Octokit) => {
    octokit.hook.wrap('request', async (request, call) => {
      if (call.url !== EXCHANGE_PATH) return request(call)
      // Octokit derives this host from the API's, which is wrong for an API behind a host of its own; and it has no option for the
      // verifier. Hooks that ran before this one hold the same object, and no other can be handed to them.
      Object.assign(call, { baseUrl: hosts.githubOrigin })
      if (exchange?.codeVerifier) Object.assign(call, { code_verifier: exchange.codeVerifier })
      const response = await request(call)
      const token = readToken(response.data)
      exchange?.onToken(token)
      // No refresh token and no times: nothing is kept that could be used later, and nothing is left to stumble over.
      return { ...response, data: { access_token: token, token_type: 'bearer', scope: '' } }
    })
    return {}
  }).defaults({
    baseUrl: hosts.githubApiUrl,
    log: SILENT_LOG,
    request: { fetch: transport.fetchUntil(signal), log: SILENT_LOG },
  })
}

function readToken(data: unknown): string {
  const answer = tokenAnswer.safeParse(data)
  if (!answer.success) throw new GitHubError('shape')
  if ('error' in answer.data) throw new GitHubError('oauth', { code: answer.data.error })
  return answer.data.access_token
}
