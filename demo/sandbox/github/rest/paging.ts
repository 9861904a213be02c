// Cuts a list into pages, with GitHub's Link header (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api).

import type { RestCall } from './answers.ts'

const DEFAULT_PER_PAGE = 30
const MOST_PER_PAGE = 100

export interface Page<Item> {
  readonly items: readonly Item[]
  /** `Link`, when there is more than one page. */
  readonly headers: Readonly<Record<string, string>>
}

/** Numbers that make no sense count as not given; GitHub refuses none. */
export function paginate<Item>(call: RestCall, all: readonly Item[]): Page<Item> {
  const perPage = Math.min(readPositive(call.query.get('per_page')) ?? DEFAULT_PER_PAGE, MOST_PER_PAGE)
  const page = readPositive(call.query.get('page')) ?? 1
  const lastPage = Math.max(1, Math.ceil(all.length / perPage))
  const createLink = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(to))
    return `<${call.githubUrl}${call.path}?${query.toString()}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [createLink(Math.min(page - 1, lastPage), 'prev')] : []),
    ...(page < lastPage ? [createLink(page + 1, 'next'), createLink(lastPage, 'last')] : []),
    ...(page > 1 ? [createLink(1, 'first')] : []),
  ]
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  }
}

function readPositive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}
