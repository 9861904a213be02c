// A copy of the demo, with the BFF and the widget in it, in which one protection is broken: the control that shows that a test notices.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { startDemo } from '../../demo/start-demo.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ROOMS = ['bff', 'demo', 'widget']
const FILES = ['package.json', 'vite.config.ts', 'tsconfig.json']

export interface Breakage {
  /** Below the repository, e.g. `widget/hints.ts`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface BrokenDemo {
  /** Of the copy's BFF. */
  readonly bffDirectory: string
  readonly startDemo: typeof startDemo
  remove(): void
}

/** What the copy exports has the type of the original, of which it is a copy. */
const moduleSchema = z.object({
  startDemo: z.custom<typeof startDemo>((value) => typeof value === 'function'),
})

/** @throws Error when a text to replace does not occur exactly once: then the source has changed and the control proves nothing. */
export async function copyBrokenDemo(breakages: readonly Breakage[]): Promise<BrokenDemo> {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-broken-demo-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    copySources(directory)
    for (const breakage of breakages) breakFile(directory, breakage)
    if (breakages.some(({ file }) => file.startsWith('widget/'))) buildWeb(directory)
    else cpSync(join(ROOT, 'demo/dist'), join(directory, 'demo/dist'), { recursive: true })
    const loaded: unknown = await import(pathToFileURL(join(directory, 'demo/start-demo.ts')).href)
    return {
      bffDirectory: join(directory, 'bff'),
      startDemo: moduleSchema.parse(loaded).startDemo,
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

function copySources(directory: string): void {
  for (const name of [...ROOMS, ...FILES]) {
    cpSync(join(ROOT, name), join(directory, name), {
      recursive: true,
      filter: (source) => !/\/(dist|node_modules)$/.test(source),
    })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
}

function breakFile(directory: string, { file, from, to }: Breakage): void {
  const path = join(directory, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once: ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

/** In a process of its own, because the root of Vite's configuration is relative to the working directory. */
function buildWeb(directory: string): void {
  const vite = dirname(createRequire(import.meta.url).resolve('vite/package.json'))
  execFileSync(
    process.execPath,
    [join(vite, 'bin/vite.js'), 'build', '--mode', 'demo', '--logLevel', 'warn'],
    {
      cwd: directory,
      env: { ...process.env, NODE_ENV: 'production' },
    },
  )
}
