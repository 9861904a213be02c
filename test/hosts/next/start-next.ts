// Installs a Next.js host in a temporary directory, with the packed widget in it, builds it for production, and starts it.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../../stack/copied-sources.ts'
import { packPackage } from '../../stack/pack-packages.ts'
import { unpackWidget } from '../install-widget.ts'

/** Where the tests find the running server. */
export const NEXT_VARIABLE = 'NEXT_HOST_URL'

const APP = fileURLToPath(new URL('app', import.meta.url))

export default async function startNext(): Promise<() => void> {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-next-'))
  const host = join(directory, 'host')
  cpSync(APP, host, { recursive: true, filter: (source) => !/\/(node_modules|\.next)$/.test(source) })
  cpSync(join(ROOT, '.npmrc'), join(host, '.npmrc'))
  // Not `ci`: its lock would have to list binaries for every system, and not every registry has them all.
  run(host, 'npm', ['install', '--no-package-lock', '--no-progress'])
  unpackWidget(host, packPackage('widget', join(directory, 'package')))
  const next = join(host, 'node_modules/next/dist/bin/next')
  run(host, process.execPath, [next, 'build'])

  const server = spawn(process.execPath, [next, 'start', '--port', '0'], { cwd: host, env: createEnv() })
  process.env[NEXT_VARIABLE] = await readUrl(server.stdout)
  return () => {
    server.kill()
    rmSync(directory, { recursive: true, force: true })
  }
}

const createEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
})

function run(directory: string, command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    env: createEnv(),
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}

/** Next.js says where it listens when it does. */
async function readUrl(stdout: AsyncIterable<Buffer>): Promise<string> {
  let said = ''
  for await (const chunk of stdout) {
    said += String(chunk)
    const url = /Local:\s+(http:\/\/\S+)/.exec(said)?.[1]
    if (url !== undefined && said.includes('Ready')) return url
  }
  throw new Error(`Next.js did not start: ${said}`)
}
