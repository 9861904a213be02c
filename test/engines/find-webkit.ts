// Finds WebKitGTK's driver, its browser and a display for them, or installs Debian's.
import { existsSync, readdirSync } from 'node:fs'
import { tryInstallDebianPackage } from '../stack/install-package.ts'

/** Paths of executables. */
export interface WebKit {
  readonly driver: string
  readonly browser: string
  /** An X server that shows nothing: without a display the driver hangs. */
  readonly display: string
}

const LIBRARIES = '/usr/lib'
const PACKAGES = ['webkit2gtk-driver', 'xvfb']

const NO_WEBKIT = `No WebKitGTK was found, and none could be installed. These tests drive it on Linux only. What helps:
  - on Debian and Ubuntu: apt-get install ${PACKAGES.join(' ')}
  - elsewhere: the packages with WebKitWebDriver, WebKitGTK's MiniBrowser, and Xvfb`

/** @throws Error that says what to do when there is none. */
export function getWebKit(): WebKit {
  const found = findWebKit() ?? installDebians()
  if (found === undefined) throw new Error(NO_WEBKIT)
  return found
}

function findWebKit(): WebKit | undefined {
  const driver = findFile(['/usr/bin/WebKitWebDriver'])
  const browser = findFile(listBrowserPaths())
  const display = findFile(['/usr/bin/Xvfb'])
  return driver && browser && display ? { driver, browser, display } : undefined
}

const findFile = (paths: readonly string[]) => paths.find((path) => existsSync(path))

/** Debian keeps it among the libraries of the processor's kind, others beside them. */
function listBrowserPaths(): readonly string[] {
  const kinds = existsSync(LIBRARIES)
    ? readdirSync(LIBRARIES).filter((name) => name.includes('-linux-gnu'))
    : []
  const folders = [...kinds.map((kind) => `${LIBRARIES}/${kind}`), LIBRARIES, '/usr/libexec', '/usr/lib64']
  return folders.flatMap((folder) =>
    ['webkit2gtk-4.1', 'webkitgtk-6.0'].map((version) => `${folder}/${version}/MiniBrowser`),
  )
}

function installDebians(): WebKit | undefined {
  tryInstallDebianPackage('WebKitGTK', ...PACKAGES)
  return findWebKit()
}
