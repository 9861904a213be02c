// Installs the peers into a temporary directory, in the versions of peers/package.json.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const MANIFEST = fileURLToPath(new URL('peers/package.json', import.meta.url))
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) })

/** The directory, which the caller removes. Asks the registry, so it takes a while and can fail. */
export function installPeers(): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-peers-'))
  copyFileSync(MANIFEST, join(directory, 'package.json'))
  // Some of them refuse React 19 in writing, and run with it; their scripts are not needed to be measured.
  const args = ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--silent']
  execFileSync('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] })
  return directory
}

/** A title with the version that is pinned, e.g. `react-plaid-link 5.0.0`. */
export function nameWithVersion(title: string): string {
  const { dependencies } = manifestSchema.parse(JSON.parse(readFileSync(MANIFEST, 'utf8')))
  return title.replace(/^[@\w/-]+/, (name) => `${name} ${dependencies[name] ?? ''}`.trim())
}
