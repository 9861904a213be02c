// Packs packages as they would be published: what a partner gets, not the source tree.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { breakFiles, copySources, type Breakage } from './copied-sources.ts'

export type PackageName = 'widget' | 'bff'

/** All that the build of a package reads. The widget's types include those of the contract, which is the BFF's. */
const SOURCES = ['widget', 'bff', 'package.json', 'vite.config.ts', 'tsconfig.json', 'LICENSE']

/**
 * Builds a copy of the sources, so that nobody's `dist` is touched. Returns the path of the tarball.
 *
 * @param directory gets the copy and the tarball; must be empty or not exist.
 * @param breakages texts to replace in the copy, for a control; types are then not checked.
 * @throws Error of the build, with its output, and when a text to replace does not occur exactly once.
 */
export function packPackage(
  name: PackageName,
  directory: string,
  breakages: readonly Breakage[] = [],
): string {
  const copy = join(directory, 'sources')
  mkdirSync(copy, { recursive: true })
  copySources(SOURCES, copy)
  breakFiles(copy, breakages)
  if (breakages.length > 0) leaveTypesUnchecked(join(copy, name))
  runNpm(join(copy, name), ['run', 'build', '--silent'])
  runNpm(join(copy, name), ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory])
  return findTarball(directory, name)
}

/** @throws Error when the directory holds none. */
export function findTarball(directory: string, name: PackageName): string {
  const tarball = readdirSync(directory).find((file) => file.startsWith(`connect-github-${name}-`))
  if (tarball === undefined) throw new Error(`${directory} holds no tarball of ${name}`)
  return join(directory, tarball)
}

/** A mistake may leave an import unused; it is to be noticed by the test, not by the compiler. */
function leaveTypesUnchecked(directory: string): void {
  const path = join(directory, 'tsconfig.build.json')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('"compilerOptions": {', '"compilerOptions": { "noCheck": true,'),
  )
}

function runNpm(cwd: string, args: readonly string[]): void {
  // Under a test runner NODE_ENV says `test`, and a build would take React's development runtime.
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`)
}
