// How a call to GitHub can fail, without anything of the request: Octokit's own errors hold headers with the token in them.
import { z } from 'zod'

/**
 * `network` and `timeout`: no answer. `shape`: an answer that is not what GitHub's documentation says. `redirect`: an answer that
 * sends elsewhere; never followed. `status`: GitHub said no. `oauth`: GitHub did not take the code, with status 200.
 * `limit`: GitHub asks for patience. `sign_on`: the organization wants a session of its single sign-on first. `address`: the
 * organization does not let this server's IP address in. `too_many`: a list that is longer than is read here.
 */
type GitHubFailure =
  | 'network'
  | 'timeout'
  | 'shape'
  | 'redirect'
  | 'status'
  | 'oauth'
  | 'limit'
  | 'sign_on'
  | 'address'
  | 'too_many'

/** What was asked for decides what a 401, 403 or 404 means. */
export type GitHubCall =
  | 'exchange'
  | 'revoke'
  | 'installation'
  | 'user'
  | 'user_installations'
  | 'membership'
  | 'memberships'
  | 'organization_installations'

interface GitHubErrorOptions {
  readonly status?: number
  /** An identifier: GitHub's OAuth error, or the system's, such as `ECONNREFUSED`. */
  readonly code?: string | undefined
  readonly call?: GitHubCall
}

/** Has no `cause`, on purpose: whatever it would be has seen the token. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly failure: GitHubFailure
  readonly status: number | undefined
  readonly code: string | undefined
  readonly call: GitHubCall | undefined

  constructor(failure: GitHubFailure, options: GitHubErrorOptions = {}) {
    super(`GitHub: ${[options.call, failure, options.status].filter((part) => part !== undefined).join(' ')}`)
    this.failure = failure
    this.status = options.status
    this.code = options.code
    this.call = options.call
  }
}

/** The part of Octokit's RequestError that is read; the rest is never touched. */
const requestErrorSchema = z.object({
  response: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.unknown()),
    data: z.unknown(),
  }),
})

/** GitHub says in JSON what it refuses; anything else with such a status is not GitHub's API. */
const refusalSchema = z.union([z.object({ message: z.string() }), z.object({ error: z.string() })])

/** GitHub has no code for these two, only words; they are looked for, and not kept. */
const LIMIT_WORDS = /\brate limit\b/i
const ADDRESS_WORDS = /\bIP allow list\b/i

/** Anything that came out of a call, told by what it means and freed of what it carries. */
export function toGitHubError(error: unknown, call: GitHubCall): GitHubError {
  const own = findOwn(error)
  if (own !== undefined) {
    const { status, code } = own
    return new GitHubError(own.failure, { call, code, ...(status === undefined ? {} : { status }) })
  }
  const answered = requestErrorSchema.safeParse(error)
  if (!answered.success) return new GitHubError('shape', { call })
  const { status, headers, data } = answered.data.response
  const refusal = refusalSchema.safeParse(data)
  const isRefusal = status >= 500 || status === 429 || refusal.success
  if (!isRefusal) return new GitHubError('shape', { call, status })
  const words = refusal.success && 'message' in refusal.data ? refusal.data.message : ''
  return new GitHubError(judgeStatus(status, headers, words), { call, status })
}

/** Octokit wraps what its fetch throws. */
function findOwn(error: unknown): GitHubError | undefined {
  if (error instanceof GitHubError) return error
  return error instanceof Error && error.cause instanceof GitHubError ? error.cause : undefined
}

function judgeStatus(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  words: string,
): GitHubFailure {
  if (status === 429) return 'limit'
  if (status !== 403) return 'status'
  // A secondary limit may come with its words alone
  // (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
  const hasLimitHeader = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
  if (hasLimitHeader || LIMIT_WORDS.test(words)) return 'limit'
  // https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#authenticating-with-saml-sso
  if (headers['x-github-sso'] !== undefined) return 'sign_on'
  return ADDRESS_WORDS.test(words) ? 'address' : 'status'
}
