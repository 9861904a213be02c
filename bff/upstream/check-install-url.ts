// Decides whether an install URL that Layers gave may be shown to a browser.
import { timingSafeEqual } from 'node:crypto'
import type { InstallUrlAnswer } from './parse-answers.ts'

/** Install URLs about to expire are not worth a trip; also covers clocks that differ a little. */
const MIN_REMAINING_MS = 30_000

/** github.com has `/apps/`, GitHub Enterprise Server `/github-apps/`. */
const INSTALL_PATH =
  /^\/(?:apps|github-apps)\/([a-z0-9-]{1,100})\/installations\/(?:new|new\/permissions|select_target)$/

/**
 * What is wrong with the answer, for the log; undefined when nothing is. An open redirector is what we would be without this
 * (RFC 9700 §4.11).
 */
export function findInstallUrlProblem(
  answer: InstallUrlAnswer,
  expected: {
    readonly state: string
    readonly returnUrl: string
    readonly githubOrigin: string
    readonly githubAppSlug: string | undefined
    readonly now: number
  },
): string | undefined {
  if (!isSame(answer.state, expected.state)) return 'the echoed state is not the one that was sent'
  if (!URL.canParse(answer.authUrl)) return 'authUrl is not a URL'
  const url = new URL(answer.authUrl)
  if (url.origin !== expected.githubOrigin) return 'authUrl is not on GITHUB_URL'
  if (url.username || url.password || url.hash) return 'authUrl carries credentials or a fragment'
  const slug = INSTALL_PATH.exec(url.pathname)?.[1]
  if (slug === undefined) return 'authUrl is not the path of an install page'
  if (expected.githubAppSlug !== undefined && slug !== expected.githubAppSlug)
    return 'authUrl is not for GITHUB_APP_SLUG'
  const states = url.searchParams.getAll('state')
  if (states.length !== 1 || !isSame(states[0] ?? '', expected.state))
    return 'authUrl does not carry our state once'
  const targets = url.searchParams.getAll('redirect_uri')
  if (targets.some((target) => target !== expected.returnUrl)) return 'authUrl leads back to somewhere else'
  if (answer.expiresAt - expected.now < MIN_REMAINING_MS)
    return 'authUrl has expired or is about to: check the clock'
  return undefined
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
