// Finds the tenant's own connection and makes sure that it works, by Layers' word of a moment ago.
import { ConnectError } from '../errors.ts'
import type { Identity } from '../identify.ts'
import type { Runtime } from '../runtime.ts'
import type { Connection } from '../storage/storage.ts'

/**
 * The connection, confirmed within the last 30 s.
 *
 * @throws ConnectError `not_connected`, or what keeps Layers from confirming it.
 */
export async function getWorkingConnection(runtime: Runtime, identity: Identity): Promise<Connection> {
  const { storage, connectionRefresh } = runtime
  const stored = await getOwnConnection(runtime, identity)
  await connectionRefresh.ensureFresh(stored, await storage.now())
  return readWorking(runtime, identity)
}

/** The connection after asking Layers once more, because something has contradicted what it said. Throws like {@link getWorkingConnection}. */
export async function recheckConnection(
  runtime: Runtime,
  identity: Identity,
  doubted: Connection,
): Promise<Connection> {
  await runtime.connectionRefresh.checkNow(doubted, await runtime.storage.now())
  return readWorking(runtime, identity)
}

async function readWorking(runtime: Runtime, identity: Identity): Promise<Connection> {
  const connection = await getOwnConnection(runtime, identity)
  if (connection.reason !== null) throw new ConnectError('not_connected')
  return connection
}

/** What is bound in an organization that identify() no longer names is of no use to the tenant any more. */
async function getOwnConnection({ storage }: Runtime, identity: Identity): Promise<Connection> {
  const connection = await storage.findConnection(identity.tenantId)
  if (connection === undefined || connection.organization !== (identity.layersOrganization ?? null))
    throw new ConnectError('not_connected')
  return connection
}
