// Builds the gallery into a directory of its own and serves it as a strict host would, once before its tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

/** Where the tests find the address. */
export const GALLERY_VARIABLE = 'GALLERY_URL'

const configFile = fileURLToPath(new URL('../../demo/gallery/vite.config.ts', import.meta.url))

export default async function serveGallery(): Promise<() => Promise<void>> {
  const outDir = mkdtempSync(join(tmpdir(), 'gallery-'))
  // React warns of what is wrong in its development form only.
  process.env['NODE_ENV'] = 'development'
  const common = { configFile, mode: 'development', logLevel: 'warn' as const }
  await build({ ...common, build: { outDir } })
  // Any free port: two runs at the same time are possible.
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0 } })
  process.env[GALLERY_VARIABLE] = new URL(server.resolvedUrls?.local[0] ?? '').origin
  return async () => {
    await server.close()
    rmSync(outDir, { recursive: true, force: true })
  }
}
