// The parser for a page of repositories, apart from the others so that only those who list repositories load it.
import type { RepositoriesView, RepositoryView } from '../bff/contract.ts'
import { isBoolean, isString, isWebUrl, orNull, parseAs, shape } from './parse.ts'

const isRepository = shape<RepositoryView>({
  fullName: isString,
  isPrivate: isBoolean,
  defaultBranch: orNull(isString),
  language: orNull(isString),
  url: isWebUrl,
})

const isRepositories = (value: unknown): value is readonly RepositoryView[] =>
  Array.isArray(value) && value.every(isRepository)

/** @throws {ConnectGitHubError} `unexpected_answer` */
export const parseRepositories = parseAs(
  shape<RepositoriesView>({ items: isRepositories, nextCursor: orNull(isString) }),
)
