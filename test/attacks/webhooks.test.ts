// Attacks with webhooks: whoever can make the BFF believe them takes the victim's connection away.
import { createHmac, randomUUID } from 'node:crypto'
import type { TestBrowser } from '../stack/test-browser.ts'
import { testAttacks, type Attack, type Check } from './attack.ts'
import type { Scene } from './scene.ts'

const SECRET = 'the-webhook-secret-of-the-app'
const OLD_SECRET = 'the-webhook-secret-of-last-year'

const SIGNATURE: Check = {
  name: 'the check of the signature',
  edits: [
    {
      file: 'webhooks/receive-webhook.ts',
      from: "  if (!isSignature(signature)) return refuse(deps, address, requestId, 'no signature')\n",
      to: '',
    },
    {
      file: 'webhooks/check-signature.ts',
      from: 'if (await secret.reveal((value) => verify(value, text, signature))) return text',
      to: 'if (secret !== undefined) return text',
    },
  ],
}

const DELIVERED_ONCE: Check = {
  name: 'the note of each delivery',
  edits: [
    {
      file: 'storage/sqlite-installations.ts',
      from: 'ON CONFLICT DO NOTHING',
      to: 'ON CONFLICT DO UPDATE SET received_at = excluded.received_at',
    },
  ],
}

const NEWEST_COUNTS: Check = {
  name: 'the comparison of what is newer',
  edits: [
    {
      file: 'storage/installation-facts.ts',
      from: 'return known === null || changedAt > known.changedAt ||',
      to: 'return known !== undefined || changedAt > known.changedAt ||',
    },
  ],
}

interface Delivery {
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly id?: string
}

const sign = (body: string, secret: string, hash = 'sha256'): string =>
  `${hash}=${createHmac(hash, secret).update(body).digest('hex')}`

async function deliver(browser: TestBrowser, { body, headers, id = randomUUID() }: Delivery): Promise<void> {
  await browser.send('/webhooks/github', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'installation',
      'x-github-delivery': id,
      ...headers,
    },
    body,
  })
}

/** What GitHub says of the victim's installation. */
function describeChange(scene: Scene, action: string, minutesAgo = 0): string {
  const updatedAt = new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const id = scene.installationIdOf('acme-coffee')
  return JSON.stringify({ action, installation: { id, updated_at: updatedAt } })
}

async function connectVictim(scene: Scene): Promise<TestBrowser> {
  const ann = scene.browser('ann')
  const { flowId, returnUrl } = await scene.goToGitHub(ann)
  await ann.navigate(returnUrl)
  await scene.settle('ann', flowId)
  return ann
}

async function describeLoss(victim: TestBrowser): Promise<readonly string[]> {
  const { status, reason } = await victim.getConnection()
  return status === 'connected' ? [] : [`the victim’s connection is ${reason}`]
}

/** @param signatures of a body that says the victim's installation was removed, as the attacker can make them. */
function forge(
  does: string,
  signatures: (body: string, scene: Scene) => Readonly<Record<string, string>>,
): Attack {
  return {
    does,
    scene: { env: { GITHUB_WEBHOOK_SECRET: SECRET } },
    stoppedBy: { session: [SIGNATURE] },
    async play(scene) {
      const victim = await connectVictim(scene)
      const body = describeChange(scene, 'deleted')
      await deliver(scene.browser(null), { body, headers: signatures(body, scene) })
      return describeLoss(victim)
    },
    gains: ['the victim’s connection is uninstalled'],
  }
}

/** GitHub told of a suspension and of its end; somebody who saw the first sends it again. */
function replay(does: string, stoppedBy: readonly Check[], hasNewId: boolean): Attack {
  return {
    does,
    scene: { env: { GITHUB_WEBHOOK_SECRET: SECRET } },
    stoppedBy: { session: stoppedBy },
    async play(scene) {
      const victim = await connectVictim(scene)
      const gitHub = scene.browser(null)
      const suspension = describeChange(scene, 'suspend', 2)
      const seen = {
        body: suspension,
        headers: { 'x-hub-signature-256': sign(suspension, SECRET) },
        id: randomUUID(),
      }
      await deliver(gitHub, seen)
      if ((await describeLoss(victim)).length === 0) throw new Error('GitHub’s own delivery was not believed')
      const end = describeChange(scene, 'unsuspend', 1)
      await deliver(gitHub, { body: end, headers: { 'x-hub-signature-256': sign(end, SECRET) } })
      if ((await describeLoss(victim)).length > 0) throw new Error('GitHub’s own delivery was not believed')
      await deliver(scene.browser(null), { ...seen, ...(hasNewId ? { id: randomUUID() } : {}) })
      return describeLoss(victim)
    },
    gains: ['the victim’s connection is suspended'],
  }
}

testAttacks('Webhooks', [
  forge('sends one without a signature', () => ({})),
  forge('sends one with the older signature alone', (body) => ({
    'x-hub-signature': sign(body, SECRET, 'sha1'),
  })),
  forge('sends one with the signature of another body', (_body, scene) => ({
    'x-hub-signature-256': sign(describeChange(scene, 'created'), SECRET),
  })),
  forge('sends one signed with a secret that was replaced', (body) => ({
    'x-hub-signature-256': sign(body, OLD_SECRET),
  })),
  replay('sends one of GitHub’s again', [DELIVERED_ONCE, NEWEST_COUNTS], false),
  replay('sends one of GitHub’s again under another delivery id, which is not signed', [NEWEST_COUNTS], true),
])
