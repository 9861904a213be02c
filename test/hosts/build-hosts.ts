// Packs the widget and builds the host pages once, before the tests: for React 18 and 19, and for React 19 as it is shipped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTarball, packPackage } from '../stack/pack-packages.ts'
import { buildPages, type BuildMode, outputOf } from './build-pages.ts'
import { installWidget, type ReactVersion } from './install-widget.ts'

/** Where the tests find the directory of what was built. */
const VARIABLE = 'HOSTS_DIRECTORY'

const BUILDS: readonly (readonly [ReactVersion, BuildMode])[] = [
  [18, 'development'],
  [19, 'development'],
  [19, 'production'],
]

export default async function buildHosts(): Promise<() => void> {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-hosts-'))
  process.env[VARIABLE] = directory
  const tarball = packPackage('widget', join(directory, 'package'))
  for (const react of [18, 19] as const) installWidget(hostDirectory(react), tarball, react)
  for (const [react, mode] of BUILDS) await buildPages(hostDirectory(react), mode)
  return () => rmSync(directory, { recursive: true, force: true })
}

/** The widget's package, as `npm pack` made it. */
export const packedWidget = (): string => findTarball(join(builtDirectory(), 'package'), 'widget')

/** What `npm install` would leave in a host: `node_modules` with the widget in it, and what was built there. */
export const hostDirectory = (react: ReactVersion): string => join(builtDirectory(), `react-${react}`)

/** Holds everything that is built, and is removed after the tests. */
export function builtDirectory(): string {
  const directory = process.env[VARIABLE]
  if (directory === undefined) throw new Error('The hosts are built before the first test')
  return directory
}

/** The pages built for this React; those of React 18 exist in development only. */
export const builtPages = (react: ReactVersion, mode: BuildMode) => outputOf(hostDirectory(react), mode)
