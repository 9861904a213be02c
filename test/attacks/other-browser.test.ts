// Attacks that carry a flow from one browser into another: login CSRF on the return, and fixation of the flow in the victim's browser.
import { testAttacks, type Attack, type Check } from './attack.ts'
import { FLOW_COOKIE_ON_RETURN, LAUNCH_COOKIE, LAUNCH_OWNER, SAME_PERSON_ON_RETURN } from './checks.ts'
import { changeReturn, type Scene } from './scene.ts'

/** With connect tokens the return shows no person, so that the cookie stands alone. */
const ON_RETURN = { session: [FLOW_COOKIE_ON_RETURN, SAME_PERSON_ON_RETURN], token: [FLOW_COOKIE_ON_RETURN] }
const ON_LAUNCH = { session: [LAUNCH_OWNER, LAUNCH_COOKIE], token: [LAUNCH_COOKIE] }

const STATE_ON_RETURN: Check = {
  name: 'the state on the return',
  edits: [
    {
      file: 'flows/handle-return.ts',
      from: `parameters.state === undefined
      ? undefined`,
      to: `parameters.state === undefined
      ? await runtime.storage.findFlowById(/__Host-connect-github-([^=]+)/.exec(arrival.request.headers.cookie ?? '')?.[1] ?? '')`,
    },
  ],
}

const EXACT_COOKIE_NAME: Check = {
  name: 'the exact name of the flow cookie',
  edits: [
    {
      file: 'flows/flow-cookie.ts',
      from: "const name = pair.slice(0, separator).replace(/^[ \\t]+/, '')",
      to: 'const name = pair.slice(0, separator).trim()',
    },
  ],
}

const CODE_VERIFIER: Check = {
  name: 'a code verifier of its own for every flow (PKCE)',
  edits: [
    {
      file: 'flow-secrets.ts',
      from: "codeVerifierFor: (owner) => deriveForFlow('code-verifier', owner),",
      to: "codeVerifierFor: () => derive('code-verifier').toString('base64url'),",
    },
  ],
}

/** The attacker has finished on GitHub; the victim is made to open where that leads. */
async function openAttackersReturn(scene: Scene, victimName: string): Promise<readonly string[]> {
  const cora = scene.browser('cora')
  const { flowId, returnUrl } = await scene.goToGitHub(cora, 'trent', 'trent')
  const victim = scene.browser(victimName)
  await victim.navigate(returnUrl)
  await victim.getConnection()
  const status = await scene.settle('cora', flowId)
  return status === 'waiting' ? [] : [`the victim’s browser led the flow on to ${status}`]
}

testAttacks('Login CSRF on the return', [
  {
    does: 'has a victim of another tenant open the attacker’s return',
    stoppedBy: ON_RETURN,
    play: (scene) => openAttackersReturn(scene, 'ann'),
  },
  {
    does: 'has a colleague open the attacker’s return',
    stoppedBy: ON_RETURN,
    async play(scene) {
      const bob = scene.browser('bob')
      const { flowId, returnUrl } = await scene.goToGitHub(bob, 'trent', 'trent')
      await scene.browser('ann').navigate(returnUrl)
      const status = await scene.settle('bob', flowId)
      return status === 'waiting' ? [] : [`the victim’s browser led the flow on to ${status}`]
    },
  },
  {
    does: 'has a victim who is on the way to GitHub open a return without a state, with the attacker’s installation',
    stoppedBy: { session: [STATE_ON_RETURN], token: [STATE_ON_RETURN] },
    async play(scene) {
      const installation_id = scene.installationIdOf('trent')
      const ann = scene.browser('ann')
      const { flowId } = await ann.startFlow()
      await ann.navigate(`/return?setup_action=install&installation_id=${installation_id}`)
      await scene.settle('ann', flowId)
      return scene.listBoundAccounts('ann')
    },
    gains: ['trent'],
  },
])

/** The victim, who owns acme-coffee, installs on it from GitHub's page of the attacker's flow. */
async function installInVictimsBrowser(
  scene: Scene,
  victimName: string,
  plant: (flowId: string, cookie: string) => readonly (readonly [name: string, value: string])[] = () => [],
): Promise<readonly string[]> {
  const cora = scene.browser('cora')
  const { flowId } = await cora.startFlow()
  const victim = scene.browser(victimName)
  const planted = plant(flowId, cora.cookies.get(`__Host-connect-github-${flowId}`) ?? '')
  for (const [name, value] of planted) victim.cookies.set(name, value)
  const installUrl = await cora.getInstallUrl(flowId)
  const returnUrl = await victim.submitOnGitHub(installUrl, { account: 'acme-coffee' }, 'mona')
  await victim.navigate(returnUrl ?? '')
  await victim.getConnection()
  await victim.fetchJson('POST', `/flows/${flowId}/finish`)
  await scene.settle('cora', flowId)
  return scene.listBoundAccounts('cora')
}

/** What a page of a sibling subdomain can set for the whole site: any name that browsers do not take for a `__Host-` one. */
const lookAlikes = (flowId: string, value: string) =>
  [
    // A no-break space as one byte, as a browser may hand it on: white space for JavaScript's trim(), and for no cookie's name.
    `\u00A0__Host-connect-github-${flowId}`,
    `__host-connect-github-${flowId}`,
    `__Secure-connect-github-${flowId}`,
    `connect-github-${flowId}`,
  ].map((name) => [name, value] as const)

/** The attacker's flow stands at GitHub's question who the customer is, with the victim's installation. */
async function waitAtAuthorizePage(scene: Scene) {
  const cora = scene.browser('cora')
  const { flowId, returnUrl } = await scene.goToGitHub(cora, 'trent', 'trent')
  await cora.navigate(changeReturn(returnUrl, { installation_id: scene.installationIdOf('acme-coffee') }))
  return { cora, flowId, authorizeUrl: await cora.getInstallUrl(flowId) }
}

const fixation: readonly Attack[] = [
  {
    does: 'sends GitHub’s install page of the attacker’s flow to the victim, who installs',
    stoppedBy: ON_RETURN,
    play: (scene) => installInVictimsBrowser(scene, 'ann'),
    gains: ['acme-coffee'],
  },
  {
    does: 'also plants the flow cookie from a sibling subdomain, under names that look like ours',
    stoppedBy: {
      session: [EXACT_COOKIE_NAME, SAME_PERSON_ON_RETURN],
      token: [EXACT_COOKIE_NAME],
    },
    play: (scene) => installInVictimsBrowser(scene, 'ann', lookAlikes),
    gains: ['acme-coffee'],
  },
  {
    does: 'sends the launch page of the attacker’s flow to the victim',
    stoppedBy: ON_LAUNCH,
    async play(scene) {
      const { flowId } = await scene.browser('cora').startFlow()
      const victim = scene.browser('ann')
      const page = await victim.navigate(`/flows/${flowId}/launch`)
      const gains = page.headers.getSetCookie().map(() => 'the page set a cookie')
      // As the script of that page does, which no connect token reaches.
      victim.token = undefined
      const answer = await victim.fetchJson<{ status?: string }>('POST', `/flows/${flowId}/launch`)
      return answer.body.status === 'ready' ? [...gains, 'the victim is led on to GitHub'] : gains
    },
    gains: ['the victim is led on to GitHub'],
  },
  {
    does: 'sends GitHub’s question who the customer is to the victim, who answers it for the attacker’s flow',
    scene: { ownership: 'own-app' },
    stoppedBy: ON_RETURN,
    async play(scene) {
      const { flowId, authorizeUrl } = await waitAtAuthorizePage(scene)
      const victim = scene.browser('ann')
      await victim.navigate(await victim.authorizeOnGitHub(authorizeUrl, 'authorize', 'mona'))
      await scene.settle('cora', flowId)
      return scene.listBoundAccounts('cora')
    },
    gains: ['acme-coffee'],
  },
  {
    does: 'brings a code into the attacker’s flow that GitHub gave the victim for another one',
    scene: { ownership: 'own-app' },
    stoppedBy: { session: [CODE_VERIFIER], token: [CODE_VERIFIER] },
    async play(scene) {
      const { cora, flowId, authorizeUrl } = await waitAtAuthorizePage(scene)
      const ann = scene.browser('ann')
      const trip = await scene.goToGitHub(ann)
      await ann.navigate(trip.returnUrl)
      // Leaked on its way to the BFF, which therefore never saw it.
      const leaked = await ann.authorizeOnGitHub(await ann.getInstallUrl(trip.flowId), 'authorize', 'mona')
      const own = await cora.authorizeOnGitHub(authorizeUrl, 'authorize', 'trent')
      const code = new URL(leaked).searchParams.get('code') ?? ''
      await cora.navigate(changeReturn(own, { code }))
      await scene.settle('cora', flowId)
      return scene.listBoundAccounts('cora')
    },
    gains: ['acme-coffee'],
  },
  {
    does: 'sends GitHub’s install page to the victim, whose return brings the victim’s own code along',
    scene: { ownership: 'own-app' },
    stoppedBy: ON_RETURN,
    async play(scene) {
      scene.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
      return installInVictimsBrowser(scene, 'ann')
    },
    gains: ['acme-coffee'],
  },
]

testAttacks('Session fixation', fixation)
