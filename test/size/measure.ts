// Bundles a few lines as a host's bundler would, and says how many bytes a browser has to load for them.
import { execFileSync } from 'node:child_process'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'

export interface Bundle {
  /** What a host would write: imports, and a use of what they bring. */
  readonly code: string
  /** Directory whose `node_modules` is asked. */
  readonly directory: string
  /** Packages that the host has already; React always. Subpaths included. */
  readonly external?: readonly string[]
}

/** Bytes of all files together, each compressed by itself as a server sends it. */
export interface Size {
  readonly raw: number
  readonly gzip: number
  readonly brotli: number
}

/** Everybody is measured with the same target and externals; in it, `process.env.NODE_ENV` says `production`. */
export async function measure({ code, directory, external = [] }: Bundle): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: directory, sourcefile: 'entry.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['react', 'react-dom', ...external].flatMap((name) => [name, `${name}/*`]),
    legalComments: 'none',
    outdir: directory,
    write: false,
    logLevel: 'error',
  })
  const files = outputFiles.filter(({ contents }) => contents.length > 0)
  if (files.length === 0) throw new Error('The bundle is empty.')
  return files
    .map(({ contents }) => ({ raw: contents.length, gzip: gzip(contents), brotli: brotli(contents) }))
    .reduce((sum, size) => ({
      raw: sum.raw + size.raw,
      gzip: sum.gzip + size.gzip,
      brotli: sum.brotli + size.brotli,
    }))
}

/** By gzip itself: Node's zlib is another one, whose figures differ by half a percent. */
function gzip(contents: Uint8Array): number {
  return execFileSync('gzip', ['-9', '-n', '-c'], { input: contents, maxBuffer: Infinity }).length
}

function brotli(contents: Uint8Array): number {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
  }
  return brotliCompressSync(contents, { params }).length
}
