// The version of this package, from its own package.json.
import { createRequire } from 'node:module'
import { z } from 'zod'

const packageSchema = z.object({ version: z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/) })

/** `unknown` where a host has bundled the BFF without its package.json. */
export function findPackageVersion(): string {
  try {
    // By the package's own name, because source and build are not equally deep in it.
    return packageSchema.parse(createRequire(import.meta.url)('@connect-github/bff/package.json')).version
  } catch {
    return 'unknown'
  }
}
