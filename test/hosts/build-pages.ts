// Builds the host page for one React: a script and styles for browsers, and a module that renders it on a server.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig } from 'vite'
import { ROOT } from '../stack/copied-sources.ts'

/** React warns of hydration mismatches, and mounts twice in StrictMode, in its development build only. */
export type BuildMode = 'development' | 'production'

export const APP = join(ROOT, 'test/hosts/app')

/** Where {@link buildPages} writes, below a host's directory. */
export const outputOf = (directory: string, mode: BuildMode) => ({
  browser: join(directory, mode),
  server: join(directory, `${mode}-server`),
})

/** @param directory of a host, made by `installWidget`. Gets the sources, so that their imports find its packages. */
export async function buildPages(directory: string, mode: BuildMode): Promise<void> {
  const app = join(directory, 'app')
  cpSync(APP, app, { recursive: true })
  const { browser, server } = outputOf(directory, mode)
  const nodeEnv = process.env['NODE_ENV']
  // Vite takes which React to bundle from here rather than from the mode.
  process.env['NODE_ENV'] = mode
  try {
    const shared: InlineConfig = { root: app, configFile: false, mode, plugins: [react()], logLevel: 'error' }
    const common = { emptyOutDir: true, target: 'es2022', minify: false, reportCompressedSize: false }
    await build({
      ...shared,
      build: {
        ...common,
        outDir: browser,
        assetsInlineLimit: 0,
        modulePreload: false,
        rolldownOptions: {
          input: join(app, 'main.tsx'),
          output: { entryFileNames: 'main.js', assetFileNames: 'main[extname]' },
        },
      },
    })
    await build({
      ...shared,
      ssr: { external: true },
      build: { ...common, ssr: join(app, 'server.tsx'), outDir: server },
    })
  } finally {
    if (nodeEnv === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = nodeEnv
  }
}
