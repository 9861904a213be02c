// Packs packages as they would be published and unpacks them into a node_modules of its own: what a partner gets, not the source tree.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PACKAGES } from '../leaks/artefact-files.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SHARED_FILES = ['package.json', 'vite.config.ts', 'tsconfig.json']

export type PackageName = 'widget' | 'bff'

/**
 * A new directory whose `node_modules` holds the unpacked packages beside everything that is installed here. The caller removes it.
 *
 * The test command has packed them already; else a copy of the sources is built, so that nobody's `dist` is touched.
 *
 * @throws Error of the build, with its output.
 */
export function installPacked(names: readonly PackageName[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-packed-'))
  const packed = process.env['ARTEFACTS_DIR'] && join(process.env['ARTEFACTS_DIR'], PACKAGES)
  const tarballs = packed && existsSync(packed) ? packed : pack(join(directory, 'built'), names)
  const modules = join(directory, 'node_modules')
  mkdirSync(join(modules, '@connect-github'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@connect-github') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  for (const name of names) {
    const tarball = readdirSync(tarballs).find((file) => file.startsWith(`connect-github-${name}-`))
    if (tarball === undefined) throw new Error(`${tarballs} holds no tarball of ${name}`)
    const target = join(modules, '@connect-github', name)
    mkdirSync(target)
    execFileSync('tar', ['-xzf', join(tarballs, tarball), '--strip-components=1', '-C', target])
  }
  return directory
}

function pack(directory: string, names: readonly PackageName[]): string {
  mkdirSync(directory)
  // The widget's types include those of the contract, which is the BFF's.
  for (const name of [...SHARED_FILES, 'widget', 'bff']) {
    cpSync(join(ROOT, name), join(directory, name), {
      recursive: true,
      filter: (source) => !/\/(dist|node_modules)$/.test(source),
    })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  for (const name of names) {
    const cwd = join(directory, name)
    runNpm(cwd, ['run', 'build', '--silent'])
    runNpm(cwd, ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory])
  }
  return directory
}

function runNpm(cwd: string, args: readonly string[]): void {
  // Under a test runner NODE_ENV says `test`, and a build would take React's development runtime.
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`)
}
