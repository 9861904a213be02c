// Installs what the tests need and a machine lacks: a Debian package when one is root there, or whatever else a command brings.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const TIMEOUT_MS = 5 * 60_000

/** Says what it tries, because it may take minutes. Whether it helped is for the caller to see. */
export function tryInstall(missing: string, command: string, args: readonly string[]): void {
  process.stdout.write(`No ${missing} yet, trying: ${command} ${args.join(' ')}\n`)
  spawnSync(command, args, {
    stdio: 'ignore',
    timeout: TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/** Does nothing where that cannot work: elsewhere than on Debian, or for somebody who is not root. */
export function tryInstallDebianPackage(missing: string, ...names: readonly string[]): void {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return
  tryInstall(missing, 'apt-get', ['update'])
  tryInstall(missing, 'apt-get', ['install', '-y', '--no-install-recommends', ...names])
}
