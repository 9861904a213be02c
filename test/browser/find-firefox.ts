// Finds a Firefox for the browser tests, or installs Debian's: a stock one, driven over WebDriver BiDi.
import { existsSync } from 'node:fs'
import { tryInstallDebianPackage } from '../stack/install-package.ts'

const SYSTEM_PATHS = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

const NO_BROWSER = `No Firefox was found, and none could be installed. One of these helps:
  - install Firefox with your system's package manager
  - set FIREFOX_PATH to the browser's executable`

/** Path of an executable that exists. Throws with what to do when there is none. */
export function getFirefox(): string {
  const path = findFirefox() ?? installDebians()
  if (path === undefined) throw new Error(NO_BROWSER)
  return path
}

function findFirefox(): string | undefined {
  const configured = process.env['FIREFOX_PATH']
  if (configured !== undefined && configured !== '') {
    if (!existsSync(configured)) throw new Error(`FIREFOX_PATH names ${configured}, which does not exist`)
    return configured
  }
  return SYSTEM_PATHS.find((path) => existsSync(path))
}

function installDebians(): string | undefined {
  tryInstallDebianPackage('Firefox', 'firefox-esr')
  return findFirefox()
}
