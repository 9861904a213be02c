// Returns that no person has opened: fetched ahead by the browser, by a frame or a script of some page, or by a link scanner.
import { testAttacks, type Check } from './attack.ts'
import type { Scene } from './scene.ts'

const NAVIGATION_ONLY: Check = {
  name: 'the demand for a navigation',
  edits: [{ file: 'flows/handle-return.ts', from: '  checkNavigation(arrival.request)\n', to: '' }],
}

const NO_HEAD: Check = {
  name: 'the rule that pages do not answer HEAD',
  edits: [
    {
      file: 'app.ts',
      from: "return route.access === 'public' ? [route.method, 'HEAD'] : [route.method]",
      to: "return [route.method, 'HEAD']",
    },
  ],
}

/** The victim's own browser fetches the victim's own return, with all its cookies. */
async function fetchReturn(
  scene: Scene,
  headers: Readonly<Record<string, string | undefined>>,
  method = 'GET',
): Promise<readonly string[]> {
  const ann = scene.browser('ann')
  const { flowId, returnUrl } = await scene.goToGitHub(ann)
  await ann.send(returnUrl.replace(/^.*(?=\/return)/, ''), { method, headers })
  const status = await scene.settle('ann', flowId)
  return status === 'waiting' ? [] : [`the flow was led on to ${status}`]
}

const NAVIGATION = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
}

const FETCHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'is fetched ahead by the browser': { ...NAVIGATION, 'sec-purpose': 'prefetch' },
  'is rendered ahead by the browser': { ...NAVIGATION, 'sec-purpose': 'prefetch;prerender' },
  'is fetched ahead by an older browser': { purpose: 'prefetch' },
  'is loaded by a frame': { ...NAVIGATION, 'sec-fetch-dest': 'iframe' },
  'is loaded as an image': {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'image',
  },
  'is fetched by a script': {
    'sec-fetch-site': 'same-site',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
  },
}

testAttacks('Returns without a person', [
  ...Object.entries(FETCHES).map(([does, headers], index) => ({
    does,
    // With tokens it is the same code; one of them shows it.
    stoppedBy: { session: [NAVIGATION_ONLY], ...(index === 0 ? { token: [NAVIGATION_ONLY] } : {}) },
    play: (scene: Scene) => fetchReturn(scene, headers),
  })),
  {
    does: 'is looked at by a link scanner with HEAD',
    stoppedBy: { session: [NO_HEAD, NAVIGATION_ONLY] },
    play: (scene) => fetchReturn(scene, {}, 'HEAD'),
  },
])
