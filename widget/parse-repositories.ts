// The parser for a page of repositories, apart from the others so that only those who list repositories load it.
import type { RepositoriesView, RepositoryView } from '../bff/contract.ts'
import { parseAs, TEXT, TEXT_OR_NULL } from './parse.ts'

const parsePage = parseAs<RepositoriesView>({ items: /^\[/, nextCursor: TEXT_OR_NULL })

const parseRepository = parseAs<RepositoryView>({
  fullName: TEXT,
  isPrivate: /^(true|false)/,
  defaultBranch: TEXT_OR_NULL,
  language: TEXT_OR_NULL,
  // The link is put into an <a href>: no other scheme may get there.
  url: /^"https?:\/\//,
})

/** @throws {ConnectGitHubError} `unexpected_answer` */
export function parseRepositories(body: unknown, httpStatus: number): RepositoriesView {
  const page = parsePage(body, httpStatus)
  for (const item of page.items) parseRepository(item, httpStatus)
  return page
}
