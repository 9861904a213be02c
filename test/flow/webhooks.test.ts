// What GitHub's webhooks do to a connection, sent by the sandbox's GitHub: at once, in any order, again, and before the binding.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectAnn, startWebhookStack, type WebhookStack } from './webhook-stack.ts'
import { countGets, INSTALLATION_PATH, listEvents } from './what-happened.ts'

const ACCOUNT = 'acme-coffee'
const MINUTE_MS = 60_000

let test: WebhookStack
beforeEach(async () => {
  test = await startWebhookStack()
})
afterEach(() => test.stack.close())

/** What the tenant sees, Layers not having been asked about it. */
async function look() {
  const { status, reason, account, manageUrl } = await test.ann.getConnection()
  return { status, reason, login: account?.login ?? null, manageUrl }
}

async function happen(...changes: readonly (readonly [name: string, more?: Record<string, unknown>])[]) {
  for (const [name, more = {}] of changes) {
    // GitHub counts seconds, and people are slower.
    test.stack.sandbox.advanceClock(1000)
    test.stack.sandbox.scenario(name, { account: ACCOUNT, ...more })
  }
  await test.stack.sandbox.webhooks.settled()
}

describe('without asking Layers, a connection', () => {
  beforeEach(async () => {
    await connectAnn(test)
  })
  afterEach(() => {
    expect(countGets(test.stack.sandbox, INSTALLATION_PATH)).toBe(0)
    for (const { status } of test.stack.sandbox.webhookDeliveries) expect(status).toBe(204)
  })

  it('is uninstalled when the App is', async () => {
    await happen(['uninstall'])
    expect(await look()).toMatchObject({ status: 'reconnect', reason: 'uninstalled', login: ACCOUNT })
    const tenant = expect.stringMatching(/^[0-9a-f]{12}$/)
    expect(listEvents(test.stack, 'installation_removed')).toMatchObject([{ level: 'info', tenant }])
  })

  it('is suspended, and works again', async () => {
    await happen(['suspend'])
    expect(await look()).toMatchObject({ status: 'reconnect', reason: 'suspended' })
    await happen(['unsuspend'])
    expect(await look()).toMatchObject({ status: 'connected', reason: null })
    expect(listEvents(test.stack, 'installation_suspended')).toHaveLength(1)
    expect(listEvents(test.stack, 'installation_unsuspended')).toHaveLength(1)
  })

  it('has the new name of its account, also in the link to GitHub', async () => {
    await happen(['rename_account', { login: 'acme-roasters' }])
    expect(await look()).toMatchObject({
      status: 'connected',
      login: 'acme-roasters',
      manageUrl: `${test.stack.sandbox.githubUrl}/organizations/acme-roasters/settings/installations`,
    })
    expect(test.stack.logLines.join('')).not.toContain('acme-roasters')
  })

  it('of another tenant is left alone', async () => {
    const cora = test.stack.browser('cora')
    const { flow } = await cora.connect({ account: 'nordwind-shop' })
    await cora.waitForEnd(flow.flowId)
    await happen(['uninstall'])
    expect(await cora.getConnection()).toMatchObject({ status: 'connected', reason: null })
  })

  it('is the same for every order in which deliveries come, and when they come twice', async () => {
    const { sandbox } = test.stack
    sandbox.webhooks.hold()
    await happen(
      ['suspend'],
      ['unsuspend'],
      ['rename_account', { login: 'acme-roasters' }],
      ['suspend', { account: 'acme-roasters' }],
      ['unsuspend', { account: 'acme-roasters' }],
    )
    const ids = sandbox.webhookDeliveries.filter(({ isHeld }) => isHeld).map(({ id }) => id)
    expect(ids).toHaveLength(5)
    const order = [3, 0, 4, 2, 1].map((index) => ids[index] ?? '')
    for (const [index, id] of order.entries()) {
      await sandbox.webhooks.release([id])
      // The newest suspension has come, and its end has not.
      const isSuspended = index < 2
      expect(await look()).toMatchObject({ reason: isSuspended ? 'suspended' : null })
    }
    for (const id of ids) await sandbox.webhooks.redeliver(id)
    expect(await look()).toMatchObject({ status: 'connected', login: 'acme-roasters' })
    await sandbox.webhooks.release()
  })

  it('can be told again what the BFF could not be told the first time', async () => {
    const { sandbox } = test.stack
    sandbox.configureApp('connector', { webhook: { url: `${test.stack.baseUrl}/elsewhere`, secret: 'x' } })
    await happen(['uninstall'])
    const missed = sandbox.webhookDeliveries.at(-1)
    expect(missed).toMatchObject({ action: 'deleted', status: 404 })
    expect(await look()).toMatchObject({ status: 'connected' })
    test.connectWebhook()
    for (const signature of ['missing', 'broken'] as const) {
      await sandbox.webhooks.redeliver(missed?.id ?? '', { signature })
      expect(sandbox.webhookDeliveries.at(-1)).toMatchObject({ status: 403 })
      expect(await look()).toMatchObject({ status: 'connected' })
    }
    await sandbox.webhooks.redeliver(missed?.id ?? '')
    expect(await look()).toMatchObject({ reason: 'uninstalled' })
    expect(listEvents(test.stack, 'webhook_refused')).toHaveLength(2)
  })

  it('survives a restart as it was told', async () => {
    await happen(['suspend'])
    await test.stack.restart()
    expect(await look()).toMatchObject({ reason: 'suspended' })
  })
})

it('answers GitHub’s ping', async () => {
  await test.stack.sandbox.webhooks.ping('connector')
  await test.stack.sandbox.webhooks.settled()
  expect(test.stack.sandbox.webhookDeliveries).toMatchObject([{ event: 'ping', status: 204 }])
})

it('never shows an installation as connected that was suspended before its binding was recorded', async () => {
  const { sandbox } = test.stack
  const flow = await test.ann.startFlow()
  const returnUrl = await test.ann.submitOnGitHub(await test.ann.getInstallUrl(flow.flowId), {
    account: ACCOUNT,
  })
  await happen(['suspend'])
  // Layers takes the installation for one that works; what GitHub tells us of that is on its way.
  sandbox.webhooks.hold()
  await happen(['unsuspend'])
  await test.ann.navigate(returnUrl ?? '')
  expect(await test.ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'refused',
    error: 'installation_unusable',
  })
  expect(sandbox.bindings).toMatchObject([{ status: 'active' }])
  expect(await look()).toMatchObject({ status: 'reconnect', reason: 'suspended', login: ACCOUNT })
  await sandbox.webhooks.release()
  expect(await look()).toMatchObject({ status: 'connected', reason: null, login: ACCOUNT })
})

it('believes Layers that a suspension has ended when nobody told so within ten minutes', async () => {
  await connectAnn(test)
  await happen(['suspend'])
  test.stack.sandbox.webhooks.hold()
  await happen(['unsuspend'])
  for (const [minutes, reason] of [
    [9, 'suspended'],
    [2, null],
  ] as const) {
    test.stack.advance(minutes * MINUTE_MS)
    let view = await test.ann.getConnection()
    while (view.refreshing) view = await test.ann.getConnection()
    expect(view).toMatchObject({ reason })
  }
})
