// The packed packages in a node_modules of their own, beside everything that is installed here.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKAGES } from '../leaks/artefact-files.ts'
import { ROOT } from './copied-sources.ts'
import { findTarball, packPackage, type PackageName } from './pack-packages.ts'

/**
 * A new directory whose `node_modules` holds the unpacked packages. The caller removes it. The test command has packed them already;
 * else they are packed here.
 *
 * @throws Error of the build, with its output.
 */
export function installPacked(names: readonly PackageName[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-packed-'))
  const packed = process.env['ARTEFACTS_DIR'] && join(process.env['ARTEFACTS_DIR'], PACKAGES)
  const modules = join(directory, 'node_modules')
  mkdirSync(join(modules, '@connect-github'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@connect-github') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  for (const name of names) {
    const tarball =
      packed && existsSync(packed)
        ? findTarball(packed, name)
        : packPackage(name, join(directory, `packed-${name}`))
    unpack(tarball, join(modules, '@connect-github', name))
  }
  return directory
}

/** @param directory is made for the package's files. */
export function unpack(tarball: string, directory: string): void {
  mkdirSync(directory, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', directory])
}
