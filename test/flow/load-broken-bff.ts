// Loads a BFF with one thing broken in it into this process, for a control that runs the very test it is the control of.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import type { createBff, startServer } from '../../bff/index.ts'
import { copyBroken } from './broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'

/** What the copy exports has the types of the original, of which it is a copy. */
const buildSchema = z.object({
  createBff: z.custom<typeof createBff>((value) => typeof value === 'function'),
  startServer: z.custom<typeof startServer>((value) => typeof value === 'function'),
})

export type Build = z.infer<typeof buildSchema>

/** Loaded by Node itself: the copy lies outside of what the test runner transforms. */
const require = createRequire(import.meta.url)

/** For `startStack`. Gone from the disk when the test has ended. Throws like {@link copyBroken}. */
export function loadBroken(breakages: readonly Breakage[]): Build {
  const copy: unknown = require(join(copyBroken(breakages), 'index.ts'))
  return buildSchema.parse(copy)
}
