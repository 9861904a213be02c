// Reads lists of GitHub page by page, up to an end: nobody's list may keep a proof busy for ever.
import { GitHubError } from './github-error.ts'
import type { AskGitHub, GitHubRequest } from './github-user.ts'

/** GitHub's largest page (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
const PER_PAGE = 100
const MAX_PAGES = 10

/** Longest list that is read to its end. */
export const MAX_ENTRIES = PER_PAGE * MAX_PAGES

/**
 * @throws GitHubError when everything that is read has been taken and is not all: `too_many` when there are more pages, `sign_on`
 * when GitHub left organizations out.
 */
export async function* readPages<Entry>(
  ask: AskGitHub,
  request: GitHubRequest<readonly Entry[]>,
): AsyncGenerator<Entry, void> {
  let isPartial = false
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    // The page's number, not the URL in the answer: that would be somebody else's choice of what is asked next.
    const parameters = { ...request.parameters, per_page: PER_PAGE, page }
    const answer = await ask({ ...request, parameters })
    yield* answer.data
    isPartial ||= answer.isPartial
    if (answer.hasNextPage) continue
    if (isPartial) throw new GitHubError('sign_on', { call: request.call })
    return
  }
  throw new GitHubError('too_many', { call: request.call })
}
