// strace: shows what a process asks of the kernel, and lets it fail (https://strace.io). Not every machine has it, or allows it.
import { spawnSync } from 'node:child_process'
import { tryInstallDebianPackage } from '../stack/install-package.ts'
import type { NeededTool } from './fault.ts'

export const STRACE: NeededTool = {
  findObstacle() {
    if (process.platform !== 'linux') return 'strace is for Linux only'
    const { error, status, stderr } = spawnSync(
      'strace',
      ['-f', '-o', '/dev/null', '-e', 'trace=fsync', 'true'],
      {
        encoding: 'utf8',
      },
    )
    if (error !== undefined) return 'there is no strace: install the package "strace"'
    if (status === 0) return undefined
    const [reason = ''] = stderr.split('\n')
    return `strace may not trace here (${reason}): in a container, add the capability SYS_PTRACE`
  },
  install: () => tryInstallDebianPackage('strace', 'strace'),
}
