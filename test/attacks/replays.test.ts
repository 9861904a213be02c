// Attacks that use something a second time: the state with another installation, GitHub's answer with another code.
import { testAttacks, type Check } from './attack.ts'
import { changeReturn, createStaleToken, type Scene } from './scene.ts'

const STATE_USED_ONCE: Check = {
  name: 'the rule that a state is good for one installation',
  edits: [
    { file: 'storage/sqlite-returns.ts', from: 'if (usedIndex !== null) {', to: "if (usedIndex === '') {" },
    {
      file: 'storage/sqlite-returns.ts',
      from: "const accepting = flow.status === 'waiting' || flow.status === 'awaiting_approval'",
      to: "const accepting = flow.status !== 'binding'",
    },
  ],
}

const AUTHORIZED_ONCE: Check = {
  name: 'the rule that a flow takes one code from the authorize page',
  edits: [
    {
      file: 'flows/accept-authorization.ts',
      from: "  if (flow.status !== 'authorizing') return flow\n",
      to: '',
    },
    {
      file: 'storage/sqlite-returns.ts',
      from: 'status = @from AND',
      to: "status IN (@from, 'returned') AND",
    },
  ],
}

/** A browser whose returns wait for somebody to confirm them, so that there is time to send another. */
function browserWithoutSession(scene: Scene) {
  const browser = scene.browser(null)
  scene.signIn(browser, 'cora', createStaleToken())
  return browser
}

testAttacks('Replay', [
  {
    does: 'comes back with one state twice, the second time with the victim’s id',
    stoppedBy: { session: [STATE_USED_ONCE], token: [STATE_USED_ONCE] },
    async play(scene) {
      const victimsId = scene.installationIdOf('acme-coffee')
      const cora = browserWithoutSession(scene)
      const { flowId, returnUrl } = await scene.goToGitHub(cora, 'trent', 'trent')
      scene.signIn(cora, null)
      const replay = changeReturn(returnUrl, { installation_id: victimsId })
      await cora.navigate(returnUrl)
      await cora.navigate(replay)
      scene.signIn(cora, 'cora')
      await cora.navigate(replay)
      await cora.fetchJson('POST', `/flows/${flowId}/finish`)
      await scene.settle('cora', flowId)
      await cora.navigate(replay)
      await scene.settle('cora', flowId)
      return scene.listBoundAccounts('cora').filter((account) => account === 'acme-coffee')
    },
    gains: ['acme-coffee'],
  },
  {
    does: 'answers GitHub’s question who the customer is twice, the second time with another code',
    scene: { ownership: 'own-app' },
    stoppedBy: { session: [AUTHORIZED_ONCE], token: [AUTHORIZED_ONCE] },
    async play(scene) {
      const cora = browserWithoutSession(scene)
      const { flowId, returnUrl } = await scene.goToGitHub(cora, 'trent', 'trent')
      await cora.navigate(returnUrl)
      scene.signIn(cora, 'cora', createStaleToken())
      await cora.fetchJson('POST', `/flows/${flowId}/finish`)
      const authorizeUrl = await cora.getInstallUrl(flowId)
      scene.signIn(cora, null)
      await cora.navigate(await cora.authorizeOnGitHub(authorizeUrl, 'authorize', 'trent'))
      const replay = await cora.authorizeOnGitHub(authorizeUrl, 'authorize', 'hubot')
      const code = new URL(replay).searchParams.get('code') ?? ''
      await cora.navigate(replay)
      scene.signIn(cora, 'cora')
      await cora.fetchJson('POST', `/flows/${flowId}/finish`)
      await cora.navigate(replay)
      await scene.settle('cora', flowId)
      return scene.sandbox.githubRequests
        .filter(({ body }) => body.includes(code))
        .map(() => 'GitHub was asked about the second code')
    },
  },
])
