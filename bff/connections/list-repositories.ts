// Lists what the tenant's own installation can see: only while the connection works, and never another account's repositories.
import type { RepositoriesView, RepositoryView } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import type { Identity } from '../identify.ts'
import type { Runtime } from '../runtime.ts'
import type { Connection } from '../storage/storage.ts'
import type { RepositoriesAnswer } from '../upstream/parse-answers.ts'
import { judgeUpstreamError } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { openCursor, sealCursor } from './repository-cursor.ts'
import { getWorkingConnection, recheckConnection } from './working-connection.ts'

export interface RepositoriesRequest {
  /** As it was given out with the page before. */
  readonly cursor: string | undefined
  /** Part of a full name; empty for all. */
  readonly search: string
  readonly limit: number
}

/** @throws ConnectError `not_connected`, `invalid_request` for a cursor or search that is refused, or Layers' failure. */
export async function listRepositories(
  runtime: Runtime,
  identity: Identity,
  request: RepositoriesRequest,
  requestId: string,
): Promise<RepositoriesView> {
  const connection = await getWorkingConnection(runtime, identity)
  const cursor =
    request.cursor === undefined ? undefined : await openCursor(runtime, connection, request.cursor)
  const page = await fetchPage(runtime, identity, connection, { ...request, cursor }, requestId)
  await checkOwners(runtime, identity, connection, page, requestId)
  return {
    items: page.items.map((item) => toView(item, runtime.config.githubOrigin)),
    nextCursor: page.nextCursor === null ? null : await sealCursor(runtime, connection, page.nextCursor),
  }
}

async function fetchPage(
  runtime: Runtime,
  identity: Identity,
  connection: Connection,
  request: RepositoriesRequest,
  requestId: string,
): Promise<RepositoriesAnswer> {
  try {
    return await runtime.layers.listRepositories({ organization: connection.organization, ...request })
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    // Nothing bound, or an installation that cannot be used, looks like this; so does a cursor that has run out.
    const isDoubtful = error.code === 'VALIDATION' || error.code === 'NOT_FOUND'
    if (isDoubtful && (await recheckConnection(runtime, identity, connection)) === undefined)
      throw new ConnectError('not_connected', { cause: error })
    const { code, cure } = judgeUpstreamError(error, 'list_repositories')
    runtime.log.warn('repositories_failed', {
      requestId,
      tenant: runtime.secrets.pseudonymOf(identity.tenantId),
      upstreamRequestId: error.requestId,
      code: error.code ?? code,
      ...(error.status === undefined ? {} : { httpStatus: error.status }),
      detail: cure,
      error,
    })
    throw new ConnectError(code, {
      cause: error,
      ...(error.retryAfterMs === undefined
        ? {}
        : { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) }),
    })
  }
}

/**
 * An installation sees its own account's repositories and no others, so another owner means that something else is bound now; or
 * that the account was renamed since Layers was asked, which asking again brings out.
 */
async function checkOwners(
  runtime: Runtime,
  identity: Identity,
  connection: Connection,
  page: RepositoriesAnswer,
  requestId: string,
): Promise<void> {
  if (isOfAccount(page, connection)) return
  const rechecked = await recheckConnection(runtime, identity, connection)
  const isSame = rechecked?.installation.index === connection.installation.index
  if (isSame && isOfAccount(page, rechecked)) return
  runtime.log.security('repositories_of_other_account', {
    requestId,
    tenant: runtime.secrets.pseudonymOf(identity.tenantId),
    code: 'not_connected',
    detail: 'Layers listed repositories of an account other than the connected one; nothing was shown',
  })
  throw new ConnectError('not_connected')
}

/**
 * By the name that is shown, or the one that Layers gave this same installation: after a rename Layers may never learn of the new one.
 * GitHub's names are the same in any case.
 */
function isOfAccount({ items }: RepositoriesAnswer, { account, loginAtLayers }: Connection): boolean {
  const logins = new Set([account.login.toLowerCase(), loginAtLayers.toLowerCase()])
  return items.every(({ fullName, owner }) =>
    [fullName.split('/')[0], owner].every((name) => name == null || logins.has(name.toLowerCase())),
  )
}

/** The page's address is made, not taken over: what Layers says about it could lead anywhere. */
function toView(item: RepositoriesAnswer['items'][number], githubOrigin: string): RepositoryView {
  return {
    fullName: item.fullName,
    isPrivate: item.private,
    defaultBranch: item.defaultBranch ?? null,
    language: item.primaryLanguage ?? item.language ?? null,
    url: `${githubOrigin}/${item.fullName}`,
  }
}
