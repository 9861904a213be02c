// A copy of the demo, with the BFF and the widget in it, in which one protection is broken: the control that shows that a test notices.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { startDemo } from '../../demo/start-demo.ts'
import { breakFiles, copySources, ROOT, type Breakage } from '../stack/copied-sources.ts'

const SOURCES = ['bff', 'demo', 'widget', 'package.json', 'vite.config.ts', 'tsconfig.json']

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

/** @throws Error when a text to replace does not occur exactly once. */
export async function copyBrokenDemo(breakages: readonly Breakage[]): Promise<BrokenDemo> {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-broken-demo-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    copySources(SOURCES, directory)
    breakFiles(directory, breakages)
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
