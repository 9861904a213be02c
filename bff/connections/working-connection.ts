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
  const stored = await findOwnConnection(runtime, identity)
  if (stored === undefined) throw new ConnectError('not_connected')
  await runtime.connectionRefresh.ensureFresh(stored, await runtime.storage.now())
  const connection = await findWorking(runtime, identity)
  if (connection === undefined) throw new ConnectError('not_connected')
  return connection
}

/**
 * The connection after asking Layers once more, because something has contradicted what it said; undefined when it no longer works.
 *
 * @throws ConnectError when Layers cannot be asked.
 */
export async function recheckConnection(
  runtime: Runtime,
  identity: Identity,
  doubted: Connection,
): Promise<Connection | undefined> {
  await runtime.connectionRefresh.checkNow(doubted, await runtime.storage.now())
  return findWorking(runtime, identity)
}

async function findWorking(runtime: Runtime, identity: Identity): Promise<Connection | undefined> {
  const connection = await findOwnConnection(runtime, identity)
  return connection?.reason === null ? connection : undefined
}

/** What is bound in an organization that identify() no longer names is of no use to the tenant any more. */
async function findOwnConnection(
  { storage }: Runtime,
  { tenantId, layersOrganization }: Identity,
): Promise<Connection | undefined> {
  const connection = await storage.findConnection(tenantId)
  return connection?.organization === (layersOrganization ?? null) ? connection : undefined
}
