// Opens the keys a store was sealed with, and says what to restore when they are not there.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Config } from './config.ts'
import { createDataKey, readOrCreateDataKeys } from './data-keys.ts'
import { createFlowSecrets, type FlowSecrets } from './flow-secrets.ts'
import { createSealer, UnsealError, type Sealer } from './seal.ts'
import { Secret } from './secret.ts'
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
  const sealer = createSealer(dataKeysOf(config, stored !== undefined))
  const sealed = stored ?? (await storage.getOrCreateMeta(SERVER_SECRET, await sealFresh(sealer)))
  const secret = await unsealServerSecret(sealer, sealed, config)
  if (!sealer.isNewest(sealed)) {
    await storage.replaceMeta(SERVER_SECRET, sealed, await sealer.seal(SERVER_SECRET, '', secret))
  }
  return { sealer, secrets: createFlowSecrets(Buffer.from(secret, 'base64url')) }
}

function dataKeysOf(config: Config, isSealedAlready: boolean): readonly Secret[] {
  if (config.dataKeys.length > 0) return config.dataKeys
  if (config.databaseFile === ':memory:') return [new Secret(createDataKey())]
  const file = keyFileOf(config)
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
  const where =
    config.dataKeys.length > 0
      ? 'add the key it was sealed with to the end of DATA_KEYS'
      : `restore ${keyFileOf(config)} from the backup`
  return `The database ${config.databaseFile} cannot be read with the keys at hand: ${where}`
}

function keyFileOf({ databaseFile }: Config): string {
  return `${databaseFile}.keys`
}
