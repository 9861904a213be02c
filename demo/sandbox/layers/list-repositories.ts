// GET /v1/github/repos (https://developers.layers.com/docs/api/reference/github/list-repos).

import type { Repository } from '../github/catalogue.ts'
import type { Answer, Call } from './answer.ts'
import { getBindingStatus } from './bindings.ts'
import { createValidationError, LayersError } from './errors.ts'
import { parseStrictQuery } from './strict-query.ts'

const DEFAULT_LIMIT = 30
const HIGHEST_LIMIT = 200

export function listRepositories(call: Call): Answer {
  const { world, organization } = call
  const readQuery = parseStrictQuery(call.query, ['cursor', 'limit', 'search'])
  const limit = parseLimit(readQuery('limit'))
  const search = (readQuery('search') ?? '').toLowerCase()

  const binding = world.bindings.get(organization.id)
  if (!binding) throw new LayersError('NOT_FOUND', 'No GitHub installation is bound to this organization.')
  // Documented for `uninstalled`; the same for `suspended` is unverified, but no token can be made for it either.
  const status = getBindingStatus(binding, world.installations)
  if (status !== 'active') {
    throw new LayersError('VALIDATION', `The GitHub installation is ${status}.`)
  }

  const found = world.installations
    .listRepositories(binding.installationId)
    .filter((repository) => repository.fullName.toLowerCase().includes(search))
  const offset = parseCursor(readQuery('cursor'), search, found.length)
  const next = offset + limit
  return {
    status: 200,
    headers: {},
    body: {
      items: found.slice(offset, next).map(toWireRepository),
      nextCursor: next < found.length ? createCursor(next, search) : null,
    },
  }
}

function parseLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > HIGHEST_LIMIT) {
    throw refuse('limit', `limit must be an integer from 1 to ${HIGHEST_LIMIT}.`)
  }
  return limit
}

/** Opaque to the caller; holds the search too, so that a cursor cannot be carried over to another list. */
function createCursor(offset: number, search: string): string {
  return Buffer.from(JSON.stringify([offset, search])).toString('base64url')
}

function parseCursor(cursor: string | null, search: string, count: number): number {
  if (cursor === null) return 0
  const offset = Number(/^\[(\d{1,6}),/.exec(Buffer.from(cursor, 'base64url').toString())?.[1])
  if (!(offset > 0 && offset < count) || createCursor(offset, search) !== cursor) {
    throw refuse('cursor', 'cursor is not one that this list gave out.')
  }
  return offset
}

function toWireRepository(repository: Repository): Record<string, unknown> {
  return {
    repoId: repository.repoId,
    fullName: repository.fullName,
    owner: repository.fullName.split('/')[0],
    private: repository.isPrivate,
    defaultBranch: repository.defaultBranch,
    // The legacy twin of primaryLanguage.
    language: repository.primaryLanguage,
    primaryLanguage: repository.primaryLanguage,
    htmlUrl: `https://github.com/${repository.fullName}`,
  }
}

function refuse(name: string, message: string): LayersError {
  return createValidationError(message, [{ path: [name], code: 'invalid_value', message }])
}
