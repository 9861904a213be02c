// GET {base}/repositories: what the tenant's installation can see, a page at a time.
import { listRepositories, type RepositoriesRequest } from '../connections/list-repositories.ts'
import { DEFAULT_REPOSITORIES, MAX_REPOSITORIES, MAX_SEARCH_LENGTH } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import type { Route } from './route.ts'

/** What is sealed is far shorter; a longer one was not given out by us. */
const MAX_CURSOR_LENGTH = 4096

/** Also for people who may only look: they see what the tenant has connected. */
export const showRepositories: Route = {
  method: 'GET',
  path: '/repositories',
  access: 'person',
  async handle(runtime, ctx, identity) {
    const request = readRequest(new URLSearchParams(ctx.querystring))
    await runtime.limits.checkRepositories(identity.tenantId, identity.userId)
    ctx.body = await listRepositories(runtime, identity, request, ctx.state.requestId)
  },
}

function readRequest(query: URLSearchParams): RepositoriesRequest {
  const cursor = readOnce(query, 'cursor')
  const search = readOnce(query, 'search') ?? ''
  if (cursor !== undefined && (cursor === '' || cursor.length > MAX_CURSOR_LENGTH))
    throw refuse('cursor must be one that was given out with a page')
  if (search.length > MAX_SEARCH_LENGTH)
    throw refuse(`search must be at most ${MAX_SEARCH_LENGTH} characters`)
  return { cursor, search, limit: readLimit(readOnce(query, 'limit')) }
}

function readOnce(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  if (values.length > 1) throw refuse(`${name} must be given once`)
  return values[0]
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_REPOSITORIES
  const limit = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_REPOSITORIES)
    throw refuse(`limit must be one whole number from 1 to ${MAX_REPOSITORIES}`)
  return limit
}

function refuse(detail: string): ConnectError {
  return new ConnectError('invalid_request', { detail })
}
