// What a connection says after Layers was asked again: only what is the tenant's own, and connected only while it works.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { ORGANIZATIONS, startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { INSTALLATION_PATH, INSTALL_URL_PATH } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

/** What the connection is once Layers has been asked again; and everything that was shown until then. */
async function checkConnection(): Promise<{ view: ConnectionView; seen: readonly ConnectionView[] }> {
  stack.advance(31_000)
  const seen = [await ann.getConnection()]
  expect(seen[0]?.refreshing).toBe(true)
  while (seen.at(-1)?.refreshing === true) seen.push(await ann.getConnection())
  const view = seen.at(-1)
  if (view === undefined) throw new Error('there is at least one view')
  return { view, seen }
}

describe('when another installation is bound to the organization now', () => {
  const OWN = 'acme-coffee'
  const FOREIGN = 'initech-labs'

  /** Somebody detached the tenant's installation at Layers and bound another one, without the BFF. */
  async function bindForeignInstallation(organization: string | null): Promise<void> {
    const { sandbox, key, publicUrl } = stack
    const [own] = sandbox.installations
    sandbox.reset()
    for (const account of [OWN, FOREIGN]) sandbox.scenario('install', { account })
    const foreign = sandbox.installations.find(({ account }) => account.login === FOREIGN)
    if (foreign === undefined) throw new Error('it was installed just now')
    expect(foreign.installationId).not.toBe(own?.installationId)
    const state = 'a-state-of-somebody-else-entirely'
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(organization === null ? {} : { 'x-layers-organization': organization }),
    }
    const query = new URLSearchParams({ returnUrl: `${publicUrl}/return`, state }).toString()
    await fetch(`${sandbox.layersUrl}${INSTALL_URL_PATH}?${query}`, { headers })
    const { status } = await fetch(sandbox.layersUrl + INSTALLATION_PATH, {
      method: 'POST',
      headers,
      body: JSON.stringify({ installationId: foreign.installationId, state }),
    })
    expect(status).toBe(201)
  }

  it.each([
    ['one that tenants share', null],
    ['the tenant’s own', ORGANIZATIONS.northwind.id],
  ])('asks to reconnect the tenant’s own account, and names no other: %s', async (_, organization) => {
    for (const name of ['ann', 'bob']) {
      const layersOrganization = organization ?? undefined
      stack.people.set(name, { tenantId: 'northwind', userId: name, canConnect: true, layersOrganization })
    }
    const { flow } = await ann.connect({ account: OWN })
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    await bindForeignInstallation(organization)
    const { view, seen } = await checkConnection()
    expect(view).toMatchObject({
      status: 'reconnect',
      reason: 'detached',
      account: { login: OWN, type: 'Organization' },
      manageUrl: expect.stringContaining(OWN),
    })
    // What a colleague sees, and what is seen after the next check, is no different.
    const later = await checkConnection()
    const told = JSON.stringify([seen, later.seen, await stack.browser('bob').getConnection()])
    expect(told).not.toContain(FOREIGN)
    expect(later.view).toMatchObject({ status: 'reconnect', reason: 'detached', account: { login: OWN } })
    expect(stack.logLines.join('')).not.toContain(FOREIGN)
  })

  it('does not name it in a shared organization either when the tenant tries to connect again', async () => {
    stack.people.set('ann', { tenantId: 'northwind', userId: 'ann', canConnect: true })
    const { flow: first } = await ann.connect({ account: OWN })
    await ann.waitForEnd(first.flowId)
    await bindForeignInstallation(null)
    const { flow, answer } = await ann.connect({ account: OWN })
    const ended = await ann.waitForEnd(flow.flowId)
    expect(ended).toMatchObject({ status: 'conflict', error: 'already_bound', account: null })
    const page = await ann.navigate(answer.headers.get('location') ?? '')
    expect(page.text + JSON.stringify([ended, await ann.getConnection()])).not.toContain(FOREIGN)
  })
})

describe('an installation that is suspended when Layers records it', () => {
  it.each([
    ['is recorded at once', undefined],
    ['is recorded, but the answer is lost', { route: 'bind', when: 'after' }],
  ])('is never shown as connected when it %s, and works when the suspension is lifted', async (_, cut) => {
    const flow = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flow.flowId), {
      account: 'acme-coffee',
    })
    stack.sandbox.scenario('suspend', { account: 'acme-coffee' })
    if (cut !== undefined) stack.sandbox.scenario('cut_next', cut)
    const seen = [flow]
    const following = (async () => {
      for (let view = flow; ['waiting', 'binding'].includes(view.status); seen.push(view))
        view = await ann.getFlow(flow.flowId, `?after=${view.version}&wait=10`)
    })()
    const returned = await ann.navigate(returnUrl ?? '')
    await following
    const account = { login: 'acme-coffee', type: 'Organization' }
    expect(seen.at(-1)).toMatchObject({ status: 'refused', error: 'installation_unusable', account })
    expect(seen.map(({ status }) => status)).not.toContain('connected')

    const suspended = { status: 'reconnect', reason: 'suspended', account }
    expect(await ann.getConnection()).toMatchObject(suspended)
    const page = await ann.navigate(returned.headers.get('location') ?? '')
    expect(page.text).toContain('suspended or removed on GitHub')
    expect(page.text).not.toContain('GitHub is connected')
    const checked = await checkConnection()
    for (const view of checked.seen) expect(view).toMatchObject(suspended)

    stack.sandbox.scenario('unsuspend', { account: 'acme-coffee' })
    expect((await checkConnection()).view).toMatchObject({ status: 'connected', reason: null, account })
  })
})
