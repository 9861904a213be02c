// Attacks in one browser: somebody else signs in, or the role is taken away, before the flow is finished.
import { testAttacks, type Attack, type Check } from './attack.ts'
import { FLOW_OWNER, SAME_PERSON_IN_BROWSER, SAME_PERSON_ON_RETURN } from './checks.ts'
import { createStaleToken, type Scene } from './scene.ts'

const SAME_PERSON_ON_FINISH: Check = {
  name: 'the comparison of the person on finishing',
  edits: [
    {
      file: 'flows/finish-flow.ts',
      from: 'const problem = findPersonProblem(flow, identity)',
      to: 'const problem = undefined',
    },
  ],
}

const describePosts = (scene: Scene): readonly string[] => scene.listPosts().map(() => 'something was posted')

/** Ann is on GitHub; somebody else signs in, whose page asks what is connected, and the return is opened. */
async function switchBeforeReturn(scene: Scene, other: string): Promise<readonly string[]> {
  const browser = scene.browser('ann')
  const { flowId, returnUrl } = await scene.goToGitHub(browser)
  scene.signIn(browser, other)
  await browser.getConnection()
  await browser.navigate(returnUrl)
  await scene.settle('ann', flowId)
  return describePosts(scene)
}

/** Ann's return came without her session; somebody else signs in and finishes it. */
async function switchBeforeFinish(scene: Scene, other: string): Promise<readonly string[]> {
  const browser = scene.browser(null)
  scene.signIn(browser, 'ann', createStaleToken())
  const { flowId, returnUrl } = await scene.goToGitHub(browser)
  scene.signIn(browser, null)
  await browser.navigate(returnUrl)
  scene.signIn(browser, other)
  await browser.fetchJson('POST', `/flows/${flowId}/finish`)
  await scene.settle('ann', flowId)
  return describePosts(scene)
}

const ON_RETURN = { session: [SAME_PERSON_ON_RETURN], token: [SAME_PERSON_IN_BROWSER] }
const BY_OTHERS = [FLOW_OWNER, SAME_PERSON_ON_FINISH]

const attacks: readonly Attack[] = [
  {
    does: 'comes back from GitHub signed in as somebody of another tenant',
    stoppedBy: ON_RETURN,
    play: (scene) => switchBeforeReturn(scene, 'cora'),
  },
  {
    does: 'comes back from GitHub signed in as a colleague',
    stoppedBy: ON_RETURN,
    play: (scene) => switchBeforeReturn(scene, 'bob'),
  },
  {
    does: 'comes back from GitHub without the role any more',
    stoppedBy: ON_RETURN,
    play: (scene) => switchBeforeReturn(scene, 'annwithoutrole'),
  },
  {
    does: 'finishes as somebody of another tenant what came back without a session',
    stoppedBy: { session: BY_OTHERS, token: [SAME_PERSON_IN_BROWSER, ...BY_OTHERS] },
    play: (scene) => switchBeforeFinish(scene, 'cora'),
  },
  {
    does: 'finishes as a colleague what came back without a session',
    stoppedBy: { session: BY_OTHERS, token: [SAME_PERSON_IN_BROWSER, ...BY_OTHERS] },
    play: (scene) => switchBeforeFinish(scene, 'bob'),
  },
  {
    does: 'finishes without the role any more what came back without a session',
    stoppedBy: {
      session: [SAME_PERSON_ON_FINISH],
      token: [SAME_PERSON_IN_BROWSER, SAME_PERSON_ON_FINISH],
    },
    play: (scene) => switchBeforeFinish(scene, 'annwithoutrole'),
  },
]

testAttacks('Account switch', attacks)
