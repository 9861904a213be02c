// Builds the widget as it is published, in a copy of its sources, and packs it: what a host installs is what these tests import.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** All that the build of the widget reads. */
const SOURCES = ['widget', 'bff/contract.ts', 'package.json', 'vite.config.ts', 'tsconfig.json', 'LICENSE']

export interface Breakage {
  /** Below the repository, e.g. `widget/hints.ts`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * Returns the path of the tarball.
 *
 * @param directory gets the copy and the tarball; must be empty or not exist.
 * @param breakages texts to replace in the copy, for a control; its types are then not checked.
 * @throws Error when a text to replace does not occur exactly once: then the source has changed and the control proves nothing.
 */
export function packWidget(directory: string, breakages: readonly Breakage[] = []): string {
  const copy = join(directory, 'sources')
  mkdirSync(join(copy, 'bff'), { recursive: true })
  for (const name of SOURCES) {
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (source) => !/\/(dist|node_modules)$/.test(source),
    })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const breakage of breakages) breakFile(copy, breakage)
  if (breakages.length > 0) leaveTypesUnchecked(copy)

  const widget = join(copy, 'widget')
  run(widget, ['run', 'build', '--silent'])
  run(widget, ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory])
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm packed nothing')
  return join(directory, tarball)
}

function breakFile(copy: string, { file, from, to }: Breakage): void {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once: ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

/** A mistake may leave an import unused; it is to be noticed by the test, not by the compiler. */
function leaveTypesUnchecked(copy: string): void {
  const path = join(copy, 'widget/tsconfig.build.json')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('"compilerOptions": {', '"compilerOptions": { "noCheck": true,'),
  )
}

function run(directory: string, args: readonly string[]): void {
  try {
    execFileSync('npm', args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: 'pipe',
      // A test runner sets NODE_ENV=test, which would be built in.
      env: { ...process.env, NODE_ENV: 'production' },
    })
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    throw new Error(`npm ${args.join(' ')} failed: ${output}`, { cause: error })
  }
}
