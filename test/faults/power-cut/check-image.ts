// Starts the store on what a power cut left, as the next start of the BFF does, and compares it with what was promised before.
import Database from 'better-sqlite3'
import { readConfig } from '../../../bff/config.ts'
import { openServerKeys } from '../../../bff/server-keys.ts'
import { openSqliteStorage } from '../../../bff/storage/sqlite.ts'
import type { Storage } from '../../../bff/storage/storage.ts'
import type { StorePromise } from './promises.ts'

export interface ImageReport {
  /** How many promises are not kept. */
  readonly lost: number
  /** What is wrong with the file itself; empty when nothing is. */
  readonly damage: readonly string[]
}

export async function checkImage(file: string, promises: readonly StorePromise[]): Promise<ImageReport> {
  try {
    const storage = await openSqliteStorage({ file })
    let lost = 0
    try {
      for (const promise of promises) if (!(await isKept(storage, file, promise))) lost += 1
    } finally {
      await storage.close()
    }
    return { lost, damage: findDamage(file) }
  } catch (error) {
    return { lost: promises.length, damage: [error instanceof Error ? error.message : 'cannot be opened'] }
  }
}

async function isKept(storage: Storage, file: string, promise: StorePromise): Promise<boolean> {
  switch (promise.promised) {
    case 'keys':
      return canRead(storage, file)
    case 'connected':
      return isConnected(storage, promise.tenantId, promise.index)
    case 'accepted': {
      const { tenantId, stateHash, index } = promise
      const flow = await storage.findFlowByState(stateHash)
      if (flow?.status === 'binding') return flow.installation?.index === index
      // The binding may have been settled, and the flow deleted, without anybody having heard of it.
      return (flow === undefined || flow.status === 'connected') && isConnected(storage, tenantId, index)
    }
  }
}

async function isConnected(storage: Storage, tenantId: string, index: string): Promise<boolean> {
  return (await storage.findConnection(tenantId))?.installation.index === index
}

/** Whether the BFF would start: the key file has to be there when something in the database was sealed with it. */
async function canRead(storage: Storage, file: string): Promise<boolean> {
  const config = readConfig(
    {
      layersApiKey: 'lp_test_none',
      publicUrl: 'https://app.example.com/connect/github',
      databaseUrl: `file:${file}`,
    },
    {},
  )
  const isMade = (await storage.findMeta('server-secret')) !== undefined
  return (
    isMade &&
    openServerKeys(storage, config).then(
      () => true,
      () => false,
    )
  )
}

/** A flow is `binding` exactly when it has a job. */
const HALVES = `
  SELECT count(*) FROM flows LEFT JOIN binding_jobs USING (flow_id)
  WHERE (status = 'binding') <> (binding_jobs.flow_id IS NOT NULL)`

function findDamage(file: string): readonly string[] {
  const db = new Database(file)
  try {
    const integrity = db.pragma('integrity_check', { simple: true })
    const foreign = db.pragma('foreign_key_check')
    const halves = Number(db.prepare(HALVES).pluck().get())
    return [
      ...(integrity === 'ok' ? [] : [`integrity_check says ${String(integrity)}`]),
      ...(Array.isArray(foreign) && foreign.length === 0 ? [] : ['foreign keys point nowhere']),
      ...(halves === 0 ? [] : [`${halves} flows have half of what belongs together`]),
    ]
  } finally {
    db.close()
  }
}
