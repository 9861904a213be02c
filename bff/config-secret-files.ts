// Reads the variables that may be given as a file with `_FILE` behind the name, as containers hand secrets over.
import { readFileSync } from 'node:fs'
import type { Environment } from './config.ts'

const SECRET_VARIABLES = [
  'LAYERS_API_KEY',
  'LAYERS_API_KEY_PREVIOUS',
  'DATABASE_URL',
  'DATA_KEYS',
  'CONNECT_TOKEN_SECRET',
  'CONNECT_TOKEN_PUBLIC_KEY',
  'GITHUB_APP_PRIVATE_KEY',
  'GITHUB_CLIENT_SECRET',
  'GITHUB_WEBHOOK_SECRET',
] as const

/** The files that hold secrets. */
export function listSecretFiles(env: Environment): readonly string[] {
  return SECRET_VARIABLES.flatMap((name) => env[`${name}_FILE`] ?? []).filter(Boolean)
}

/** @param problems gets the names of files that cannot be read, with the cure. */
export function readSecretFiles(env: Environment, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of SECRET_VARIABLES) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (env[name]) problems.push(`${name} and ${name}_FILE are both set: keep one of them`)
    const value = readSecretFile(file)
    if (value) values[name] = value
    else
      problems.push(`${name}_FILE names a file that is empty or cannot be read: check path and permissions`)
  }
  return values
}

function readSecretFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
