// Attacks with installation ids, which are small numbers in a row: taking somebody else's into one's own honest flow, and guessing.
import type { Attack, Check } from './attack.ts'
import { testAttacks } from './attack.ts'
import { OTHER_TENANTS_CLAIM, PROOF_OF_OWNERSHIP } from './checks.ts'
import { changeReturn, type Scene } from './scene.ts'
import type { SandboxPerson } from '../stack/test-browser.ts'

const OWNER_NOT_MEMBER: Check = {
  name: 'the question whether the member is an owner',
  edits: [{ file: 'ownership/own-app.ts', from: 'if (!owns) return', to: 'if (owns === null) return' }],
}

const LIMIT_AT_RETURN: Check = {
  name: 'the limit of failed bindings on the return',
  edits: [
    {
      file: 'storage/sqlite-returns.ts',
      from: 'if (failures.isLimitReached(flow.tenantId, next.failureLimit))',
      to: 'if (next === undefined)',
    },
  ],
}

const LIMIT_AT_START: Check = {
  name: 'the limit of failed bindings at the start',
  edits: [
    {
      file: 'flows/start-flow.ts',
      from: '  await checkFailedBindings(runtime, identity, request.requestId)\n',
      to: '',
    },
  ],
}

/** The attacker installs on an account of his own, comes back with the victim's id, and says on GitHub who he is, when asked. */
async function swapId(
  scene: Scene,
  attackerOnGitHub: SandboxPerson,
  ownAccount: string,
): Promise<readonly string[]> {
  const victimsId = scene.installationIdOf('acme-coffee')
  const cora = scene.browser('cora')
  const { flowId, returnUrl } = await scene.goToGitHub(cora, ownAccount, attackerOnGitHub)
  await cora.navigate(changeReturn(returnUrl, { installation_id: victimsId }))
  if ((await cora.getFlow(flowId)).status === 'authorizing') {
    const authorizeUrl = await cora.getInstallUrl(flowId)
    await cora.navigate(await cora.authorizeOnGitHub(authorizeUrl, 'authorize', attackerOnGitHub))
  }
  await scene.settle('cora', flowId)
  return scene
    .listPosts()
    .filter(({ installationId }) => installationId === victimsId)
    .map(() => 'the victim’s installation was posted for the attacker')
}

testAttacks('Another’s installation id', [
  {
    does: 'takes the victim’s id into an honest flow',
    scene: { ownership: 'own-app' },
    stoppedBy: { session: [PROOF_OF_OWNERSHIP], token: [PROOF_OF_OWNERSHIP] },
    play: (scene) => swapId(scene, 'trent', 'trent'),
  },
  {
    does: 'takes the victim’s id into the return that brings the attacker’s code along',
    scene: { ownership: 'own-app' },
    stoppedBy: { session: [PROOF_OF_OWNERSHIP] },
    play(scene) {
      scene.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
      return swapId(scene, 'trent', 'trent')
    },
  },
  {
    does: 'takes the victim’s id into an honest flow of a partner with an App of its own',
    scene: { ownership: 'partner-app' },
    stoppedBy: { session: [PROOF_OF_OWNERSHIP], token: [PROOF_OF_OWNERSHIP] },
    play: (scene) => swapId(scene, 'trent', 'trent'),
  },
  {
    does: 'connects, as a plain member, what only an owner may',
    scene: { ownership: 'own-app' },
    stoppedBy: { session: [OWNER_NOT_MEMBER] },
    async play(scene) {
      const id = scene.installationIdOf('acme-coffee')
      const cora = scene.browser('cora')
      // The return of somebody else's install is the attacker's to write: it is a URL.
      const { flowId, returnUrl } = await scene.goToGitHub(cora, 'trent', 'trent')
      await cora.navigate(changeReturn(returnUrl, { installation_id: id }))
      await cora.navigate(
        await cora.authorizeOnGitHub(await cora.getInstallUrl(flowId), 'authorize', 'hubot'),
      )
      await scene.settle('cora', flowId)
      return scene.listBoundAccounts('cora')
    },
    gains: ['acme-coffee'],
  },
  {
    does: 'takes an id that another tenant has connected, where nobody asks for proof',
    stoppedBy: { session: [OTHER_TENANTS_CLAIM], token: [OTHER_TENANTS_CLAIM] },
    async play(scene) {
      const ann = scene.browser('ann')
      const connected = await scene.goToGitHub(ann)
      await ann.navigate(connected.returnUrl)
      await scene.settle('ann', connected.flowId)
      await swapId(scene, 'trent', 'trent')
      return scene.listBoundAccounts('cora')
    },
    gains: ['acme-coffee'],
  },
])

const GUESSES = 100
const ALLOWED = 5

interface Guess {
  readonly name: string
  readonly flowId: string
  open(): Promise<unknown>
}

/** A flow of one more user of the attacker's tenant, and a return with a made-up id; undefined when the BFF starts none. */
async function prepareGuess(scene: Scene, index: number): Promise<Guess | undefined> {
  const name = `guesser${String.fromCodePoint(97 + (index % 26), 97 + Math.floor(index / 26))}`
  const browser = scene.browser(name)
  const flow = await browser.startFlow().catch(() => undefined)
  const state = scene.sandbox.states.at(-1)?.state
  if (flow === undefined || state === undefined) return undefined
  const query = new URLSearchParams({ state, setup_action: 'install', installation_id: String(1000 + index) })
  return { name, flowId: flow.flowId, open: () => browser.navigate(`/return?${query.toString()}`) }
}

const countGuesses = (scene: Scene): readonly string[] => {
  const { length } = scene.listPosts()
  return length > ALLOWED ? [`${length} guesses reached Layers`] : []
}

const enumeration: readonly Attack[] = [
  {
    does: 'has a hundred people start flows and come back with guessed ids all at once',
    stoppedBy: { session: [LIMIT_AT_RETURN], token: [LIMIT_AT_RETURN] },
    async play(scene) {
      const guesses: Guess[] = []
      for (let index = 0; index < GUESSES; index += 1) {
        const guess = await prepareGuess(scene, index)
        if (guess !== undefined) guesses.push(guess)
      }
      await Promise.all(guesses.map((guess) => guess.open()))
      await Promise.all(guesses.map(({ name, flowId }) => scene.settle(name, flowId)))
      return countGuesses(scene)
    },
  },
  {
    does: 'has a hundred people guess one after the other',
    stoppedBy: { session: [LIMIT_AT_START, LIMIT_AT_RETURN] },
    async play(scene) {
      for (let index = 0; index < GUESSES; index += 1) {
        const guess = await prepareGuess(scene, index)
        await guess?.open()
        if (guess !== undefined) await scene.settle(guess.name, guess.flowId)
      }
      return countGuesses(scene)
    },
  },
]

testAttacks('Guessing installation ids', enumeration)
