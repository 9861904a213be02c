// Which browser engine the tests run in: Chromium, or with ENGINE=firefox a stock Firefox, driven over WebDriver BiDi.
import type { PlaywrightTestConfig } from '@playwright/test'
import { getChromium } from './find-chromium.ts'
import { getFirefox } from './find-firefox.ts'
import { OTHER_STORES_FILES } from './store.ts'

type Engine = Pick<PlaywrightTestConfig, 'use' | 'projects'>

/** The tags of tests that cannot be driven there, and what they need. */
const NOT_IN_FIREFOX = {
  '@bypass-policy': 'a page without the policy that it was sent with',
  '@devtools': 'the DevTools protocol, which is Chromium’s own',
  '@early-noise':
    'whose page a console message is, which Playwright takes for the one before while the next one loads',
  '@popup-blocker':
    'a browser that blocks popups; Firefox does not while it is driven, whatever it is set to',
  '@layout-shift': 'the performance entries of that name, which Firefox does not make',
}

/** A finger for a pointer, which Playwright cannot pretend there. */
const TOUCH_PREFERENCES = { 'ui.primaryPointerCapabilities': 1, 'ui.allPointerCapabilities': 1 }

/** @throws Error when ENGINE is neither, or the browser cannot be found. */
export function getEngine(): Engine {
  const engine = process.env['ENGINE'] ?? 'chromium'
  if (engine === 'chromium') return { use: { launchOptions: { executablePath: getChromium() } } }
  if (engine === 'firefox') return createFirefox(getFirefox())
  throw new Error(`ENGINE is "${engine}". Set it to chromium or firefox, or leave it out.`)
}

function createFirefox(executablePath: string): Engine {
  return {
    use: {
      browserName: 'firefox',
      // Without the channel Playwright speaks a protocol that only its own build of Firefox knows.
      channel: 'moz-firefox',
    },
    projects: [
      {
        name: 'firefox',
        // It says on the console, as an error, whatever it keeps from other pages: all of this file.
        testIgnore: [...OTHER_STORES_FILES, 'hostile.spec.ts'],
        grepInvert: new RegExp(['@phone', ...Object.keys(NOT_IN_FIREFOX)].join('|')),
        use: { launchOptions: { executablePath } },
      },
      {
        name: 'firefox on a phone',
        grep: /@phone/,
        use: { launchOptions: { executablePath, firefoxUserPrefs: TOUCH_PREFERENCES } },
      },
    ],
  }
}
