// GitHub's answers, from unknown to types. Octokit's types are what GitHub promises; this is what came. Unknown fields are ignored.
import { z } from 'zod'
import { GITHUB_LOGIN } from '../identify.ts'

const id = z.int().positive()
const login = z.string().regex(GITHUB_LOGIN)

/** Null for what nobody can own here: an enterprise has no login, and some installations have no account at all. */
const accountAnswer = z.union([
  z.object({ id, login, type: z.string().max(64) }),
  z.object({ slug: z.string() }).transform(() => null),
  z.null(),
])
export type AccountAnswer = z.infer<typeof accountAnswer>

export const installationAnswer = z
  .object({ id, app_id: id, app_slug: z.string().max(200), account: accountAnswer })
  .transform((answer) => ({
    installationId: answer.id,
    appId: answer.app_id,
    appSlug: answer.app_slug,
    account: answer.account,
  }))

/** Of `GET /user/installations` and `GET /orgs/{org}/installations`. */
export const installationsAnswer = z
  .object({ installations: z.array(installationAnswer).max(100) })
  .transform((answer) => answer.installations)

export const membershipAnswer = z.object({
  role: z.string().max(64),
  state: z.string().max(64),
  organization: z.object({ id, login }),
})
export type MembershipAnswer = z.infer<typeof membershipAnswer>

export const membershipsAnswer = z.array(membershipAnswer).max(100)

export const userAnswer = z.object({ id, login })

/** GitHub answers a refused code with status 200 and an error (https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors). */
export const tokenAnswer = z.union([
  z.object({ error: z.string().regex(/^[a-z_]{1,64}$/) }),
  z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,1024}$/) }),
])
