// The controls: builds of the BFF in which one check is taken out do what the tests of webhooks and repositories would notice.
import { afterEach, describe, expect, it } from 'vitest'
import type { RepositoriesView } from '../../bff/contract.ts'
import { BEHIND_PROXY, deliver, deliverForged, dropHeldWebhooks, holdWebhook } from '../bff/webhook-sender.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { copyBroken } from './broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { startStackBetween } from './layers-between.ts'
import { connectAnn, startWebhookStack } from './webhook-stack.ts'
import { countGets, INSTALLATION_PATH } from './what-happened.ts'

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step()
})

/** The copy stands elsewhere, where there is nothing to extend. */
const ALONE: Breakage = { file: 'tsconfig.json', from: '"extends": "../tsconfig.json",', to: '' }

/** The BFF of the source, or of a copy with this broken in it. */
async function buildOf(breakage: Breakage | null): Promise<StackOptions> {
  if (breakage === null) return {}
  const copy = copyBroken([breakage, ALONE])
  // A module of the copy has the types of the original, as far as a control needs them.
  const build: NonNullable<StackOptions['build']> = await import(`${copy}/index.ts`)
  return { build }
}

const WITHOUT_SIGNATURES: Breakage = {
  file: 'webhooks/check-signature.ts',
  from: 'if (await secret.reveal((value) => verify(value, text, signature))) return text',
  to: 'if (await secret.reveal((value) => verify(value, text, signature).then(() => true))) return text',
}
const WITHOUT_SHARES: Breakage = {
  file: 'webhooks/read-raw-body.ts',
  from: "if (ofAddress >= limits.maxAtOncePerAddress) return { problem: 'address_busy' }",
  to: '',
}
const WITHOUT_LOOKING_FIRST: Breakage = {
  file: 'webhooks/receive-webhook.ts',
  from: 'await deps.limits.peekRefusedWebhook(address)',
  to: '',
}
const WITHOUT_OWNERS: Breakage = {
  file: 'connections/list-repositories.ts',
  from: 'return items.every(({ fullName, owner }) =>',
  to: 'return items.some(({ fullName, owner }) =>',
}
const WITHOUT_SINGLE_FLIGHT: Breakage = {
  file: 'connections/connection-refresh.ts',
  from: 'if (running.has(keyOf(connection))) return true',
  to: '',
}

describe.each([
  ['the BFF as it is', null, false],
  ['without the check of signatures', WITHOUT_SIGNATURES, true],
] as const)('%s', (_, breakage, isFooled) => {
  it(`${isFooled ? 'believes' : 'does not believe'} a webhook with a wrong signature`, async () => {
    const test = await startWebhookStack(await buildOf(breakage))
    cleanUp.push(() => test.stack.close())
    const { sandbox } = test.stack
    await connectAnn(test)
    sandbox.webhooks.hold()
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    const held = sandbox.webhookDeliveries.at(-1)
    await sandbox.webhooks.redeliver(held?.id ?? '', { signature: 'broken' })
    const expected = isFooled ? { reason: 'suspended' } : { status: 'connected', reason: null }
    expect(await test.ann.getConnection()).toMatchObject(expected)
  })
})

async function startBehindProxy(breakage: Breakage | null, limits = {}): Promise<Stack> {
  const stack = await startStack({ ...(await buildOf(breakage)), bff: { ...BEHIND_PROXY, limits } })
  cleanUp.push(async () => {
    dropHeldWebhooks()
    await stack.close()
  })
  return stack
}

describe.each([
  ['the BFF as it is', null, false],
  ['without a share for each address', WITHOUT_SHARES, true],
] as const)('%s', (_, breakage, isFooled) => {
  it(`${isFooled ? 'lets' : 'does not let'} one address keep GitHub’s webhooks out`, async () => {
    const stack = await startBehindProxy(breakage)
    for (let count = 0; count < 8; count += 1) await holdWebhook(stack, '203.0.113.66')
    expect((await deliver(stack, { address: '192.30.252.1' })).status).toBe(isFooled ? 429 : 204)
  })
})

describe.each([
  ['the BFF as it is', null, false],
  ['without looking at the limit first', WITHOUT_LOOKING_FIRST, true],
] as const)('%s', (_, breakage, isFooled) => {
  it(`${isFooled ? 'reads' : 'does not read'} what comes from an address that was refused too often`, async () => {
    const stack = await startBehindProxy(breakage, { refusedWebhooksPerAddress: 1 })
    await deliverForged(stack, '203.0.113.66')
    expect((await deliver(stack, { address: '203.0.113.66' })).status).toBe(isFooled ? 204 : 429)
  })
})

describe.each([
  ['the BFF as it is', null, false],
  ['without the check of every owner', WITHOUT_OWNERS, true],
] as const)('%s', (_, breakage, isFooled) => {
  it(`${isFooled ? 'shows' : 'does not show'} a repository of another account`, async () => {
    const between = await startStackBetween(await buildOf(breakage))
    cleanUp.push(() => between.close())
    const ann = between.stack.browser('ann')
    const { flow } = await ann.connect()
    await ann.waitForEnd(flow.flowId)
    between.change = ({ items }) => void Object.assign(items[3] ?? {}, { fullName: 'initech-labs/flair' })
    const { status, body } = await ann.fetchJson<RepositoriesView>('GET', '/repositories')
    expect(status).toBe(isFooled ? 200 : 409)
    expect(JSON.stringify(body).includes('initech-labs')).toBe(isFooled)
  })
})

describe.each([
  ['the BFF as it is', null, false],
  ['without one check at a time', WITHOUT_SINGLE_FLIGHT, true],
] as const)('%s', (_, breakage, isFooled) => {
  it(`asks Layers ${isFooled ? 'more than once' : 'once'} for many views at once`, async () => {
    const test = await startWebhookStack(await buildOf(breakage))
    cleanUp.push(() => test.stack.close())
    await connectAnn(test)
    test.stack.advance(31_000)
    await Promise.all(Array.from({ length: 20 }, () => test.ann.getConnection()))
    let view = await test.ann.getConnection()
    while (view.refreshing) view = await test.ann.getConnection()
    const count = countGets(test.stack.sandbox, INSTALLATION_PATH)
    if (isFooled) expect(count).toBeGreaterThan(1)
    else expect(count).toBe(1)
  })
})
