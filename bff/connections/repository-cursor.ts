// Layers' cursor on its way through the browser: sealed, so that it can be neither read nor made, and good for one tenant's installation.
import { z } from 'zod'
import { ConnectError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { UnsealError } from '../seal.ts'
import type { Connection } from '../storage/storage.ts'

type CursorDeps = Pick<Runtime, 'sealer' | 'secrets'>

const contents = z.tuple([z.string(), z.string(), z.string()])

/** What is sealed for is named in clear, and a tenant's id is shown to nobody; so the name is a pseudonym, and the id inside. */
export function sealCursor(
  { sealer, secrets }: CursorDeps,
  { tenantId, installation }: Connection,
  cursor: string,
): Promise<string> {
  return sealer.seal(
    'cursor',
    secrets.pseudonymOf(tenantId),
    JSON.stringify([tenantId, installation.index, cursor]),
  )
}

/** @throws ConnectError `invalid_request` for anything that was not sealed for this tenant's present installation. */
export async function openCursor(
  { sealer, secrets }: CursorDeps,
  { tenantId, installation }: Connection,
  sealed: string,
): Promise<string> {
  const text = await unseal(() => sealer.unseal('cursor', secrets.pseudonymOf(tenantId), sealed))
  const [ownTenantId, index, cursor] = contents.parse(JSON.parse(text))
  if (ownTenantId !== tenantId || index !== installation.index) throw refuse()
  return cursor
}

async function unseal(read: () => Promise<string>): Promise<string> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof UnsealError) throw refuse(cause)
    throw cause
  }
}

function refuse(cause?: unknown): ConnectError {
  return new ConnectError('invalid_request', {
    cause,
    detail:
      'cursor is not one that was given to this tenant for what is connected now: ask for the first page',
  })
}
