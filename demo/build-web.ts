// Builds the web app into demo/dist, unless the build there is newer than everything it is made of.
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Where the built web app lies. */
export const WEB_DIRECTORY = join(ROOT, 'demo', 'dist')

const SOURCES = [
  'demo/web',
  'demo/people.ts',
  'widget',
  'bff/contract.ts',
  'vite.config.ts',
  'package-lock.json',
]

/** Returns true when it built, false when the build was up to date. */
export async function buildWeb(): Promise<boolean> {
  const builtAt = await readModifiedAt(join(WEB_DIRECTORY, 'index.html'))
  const changedAt = Math.max(
    ...(await Promise.all(SOURCES.map((source) => readNewestAt(join(ROOT, source))))),
  )
  if (builtAt > changedAt) return false
  await writeWeb(await runBuild())
  return true
}

type OutputFile = Rolldown.OutputChunk | Rolldown.OutputAsset

async function runBuild(): Promise<readonly OutputFile[]> {
  const nodeEnv = process.env['NODE_ENV']
  // A test runner sets NODE_ENV=test, and React would be built in its development form.
  process.env['NODE_ENV'] = 'production'
  try {
    const result = await build({
      configFile: join(ROOT, 'vite.config.ts'),
      mode: 'demo',
      logLevel: 'warn',
      build: { write: false },
    })
    const [output] = Array.isArray(result) ? result : [result]
    if (output === undefined || !('output' in output)) throw new Error('Vite built nothing for the demo')
    return output.output
  } finally {
    if (nodeEnv === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = nodeEnv
  }
}

// Assets first and the page last, each by renaming, so that two processes that build at the same time, or one that is
// stopped, never leave a page whose assets are missing.
async function writeWeb(files: readonly OutputFile[]): Promise<void> {
  const isPage = (file: OutputFile) => file.fileName.endsWith('.html')
  for (const file of [...files.filter((f) => !isPage(f)), ...files.filter(isPage)]) {
    const path = join(WEB_DIRECTORY, file.fileName)
    const unfinished = `${path}.${process.pid}`
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, file.type === 'chunk' ? file.code : file.source)
    await rename(unfinished, path)
  }
  const current = new Set(files.map((file) => join(WEB_DIRECTORY, file.fileName)))
  for (const path of await listAssets()) if (!current.has(path)) await rm(path, { force: true })
}

async function listAssets(): Promise<string[]> {
  const directory = join(WEB_DIRECTORY, 'assets')
  const names = await readdir(directory)
  return names.filter((name) => /\.(js|css|svg)$/.test(name)).map((name) => join(directory, name))
}

/** When the newest file in a directory was last changed, in epoch milliseconds; built and installed files do not count. */
async function readNewestAt(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return readModifiedAt(path)
  const names = (await readdir(path)).filter((name) => name !== 'dist' && name !== 'node_modules')
  return Math.max(0, ...(await Promise.all(names.map((name) => readNewestAt(join(path, name))))))
}

async function readModifiedAt(path: string): Promise<number> {
  return stat(path).then(
    (stats) => stats.mtimeMs,
    () => 0,
  )
}
