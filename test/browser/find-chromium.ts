// Finds a Chromium for the browser tests, or installs one: the system's, else Playwright's own, else Debian's package.
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { tryInstall, tryInstallDebianPackage } from '../stack/install-package.ts'

/** The binary before the wrapper script: the wrapper costs half a second a start. */
const SYSTEM_PATHS = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const NO_BROWSER = `No Chromium was found, and none could be installed. One of these helps:
  - install Chromium or Google Chrome with your system's package manager
  - on a machine with internet access: npx playwright install chromium
  - set CHROMIUM_PATH to the browser's executable`

/** Path of an executable that exists; undefined when the machine has none yet. */
function findChromium(): string | undefined {
  const configured = process.env['CHROMIUM_PATH']
  if (configured !== undefined && configured !== '') {
    if (!existsSync(configured)) throw new Error(`CHROMIUM_PATH names ${configured}, which does not exist`)
    return configured
  }
  return [...SYSTEM_PATHS, chromium.executablePath()].find((path) => existsSync(path))
}

/** Like {@link findChromium}, but installs one when there is none. Throws with what to do when that fails. */
export function getChromium(): string {
  const path = findChromium() ?? installPlaywrights() ?? installDebians()
  if (path === undefined) throw new Error(NO_BROWSER)
  return path
}

function installPlaywrights(): string | undefined {
  tryInstall('Chromium', 'npx', ['playwright', 'install', 'chromium'])
  return findChromium()
}

function installDebians(): string | undefined {
  tryInstallDebianPackage('Chromium', 'chromium')
  return findChromium()
}
