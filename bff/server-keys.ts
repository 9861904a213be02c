// Opens the keys a store was sealed with, and says what to restore when they are not there.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Config } from './config.ts'
import { createDataKey, readOrCreateDataKeys } from './data-keys.ts'
import { createFlowSecrets, type FlowSecrets } from './flow-secrets.ts'
import { createSealer, UnsealError, type Sealer } from './seal.ts'
import { Secret } from './secret.ts'
import { describeDatabase } from './storage/open-storage.ts'
import type { Storage } from './storage/storage.ts'

/** Name under which the server secret is stored. */
const SERVER_SECRET = 'server-secret'

export interface ServerKeys {
  readonly sealer: Sealer
  readonly secrets: FlowSecrets
}

/**
 * The sealer, and what is derived from the server secret. That secret outlives data keys, so it is stored, sealed with the newest of
 * them: a key can be taken out of DATA_KEYS once nothing else is sealed with it.
 *
 * @throws Error naming the file or variable to restore, when the store was sealed with keys that are not at hand.
 */
export async function openServerKeys(storage: Storage, config: Config): Promise<ServerKeys> {
  const stored = await storage.findMeta(SERVER_SECRET)
  const sealer = createSealer(readDataKeys(config, stored !== undefined))
  const sealed = stored ?? (await storage.getOrCreateMeta(SERVER_SECRET, await sealFresh(sealer)))
  const secret = await unsealServerSecret(sealer, sealed, config)
  if (!sealer.isNewest(sealed)) {
    await storage.replaceMeta(SERVER_SECRET, sealed, await sealer.seal(SERVER_SECRET, '', secret))
  }
  return { sealer, secrets: createFlowSecrets(Buffer.from(secret, 'base64url')) }
}

function readDataKeys(config: Config, isSealedAlready: boolean): readonly Secret[] {
  if (config.dataKeys.length > 0) return config.dataKeys
  const file = findKeyFile(config)
  if (file === undefined) return [new Secret(createDataKey())]
  // A new key would not open what is there, and would stand in the way of the right one.
  if (isSealedAlready && !existsSync(file)) throw new Error(restoreAdvice(config))
  return readOrCreateDataKeys(file)
}

function sealFresh(sealer: Sealer): Promise<string> {
  return sealer.seal(SERVER_SECRET, '', randomBytes(32).toString('base64url'))
}

async function unsealServerSecret(sealer: Sealer, sealed: string, config: Config): Promise<string> {
  try {
    return await sealer.unseal(SERVER_SECRET, '', sealed)
  } catch (cause) {
    if (cause instanceof UnsealError) throw new Error(restoreAdvice(config), { cause })
    throw cause
  }
}

function restoreAdvice(config: Config): string {
  const file = findKeyFile(config)
  const where =
    config.dataKeys.length > 0 || file === undefined
      ? 'add the key it was sealed with to the end of DATA_KEYS'
      : `restore ${file} from the backup`
  return `The database ${describeDatabase(config.database)} cannot be read with the keys at hand: ${where}`
}

/** Undefined: nothing is kept beside a database in memory, nor beside one on a server, with which DATA_KEYS is required. */
function findKeyFile({ database }: Config): string | undefined {
  return database.kind === 'postgres' || database.file === ':memory:' ? undefined : `${database.file}.keys`
}
