// What the sandbox's GitHub tells an App by webhook, and with which headers. The receiver checks each body's shape.

import { describe, expect, it } from 'vitest'
import { HUBOT, openPage, pressButton } from './github-pages-client.ts'
import { submitInstallPage } from './sandbox-client.ts'
import { startWithWebhook } from './webhook-receiver.ts'

const SETTINGS = '/organizations/acme-coffee/settings/installations'

async function startInstalled() {
  const test = await startWithWebhook()
  test.sandbox.scenario('install', { account: 'acme-coffee' })
  await test.sandbox.webhooks.settled()
  test.received.length = 0
  return test
}

describe('a webhook', () => {
  it('has GitHub’s headers and a valid signature over the bytes sent', async () => {
    const { sandbox, received } = await startWithWebhook()
    sandbox.scenario('install', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(received).toMatchObject([
      {
        signature: 'valid',
        headers: {
          'content-type': 'application/json',
          'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
          'x-github-delivery': expect.stringMatching(
            /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
          ),
          'x-github-event': 'installation',
          'x-github-hook-id': '480112301',
          'x-github-hook-installation-target-id': '210417',
          'x-github-hook-installation-target-type': 'integration',
          'x-hub-signature': expect.stringMatching(/^sha1=[\da-f]{40}$/),
        },
      },
    ])
  })

  it('created: tells what was installed, where, by whom, and what it can see', async () => {
    const { sandbox, received, getInstallUrl } = await startWithWebhook()
    const repositories = ['acme-coffee/menu-web']
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', repositories })
    await sandbox.webhooks.settled()
    expect(received.map(({ body }) => body)).toMatchObject([
      {
        action: 'created',
        installation: {
          id: 61_200_417,
          app_slug: 'layers-connector',
          account: { login: 'acme-coffee', id: 91_000_101 },
          repository_selection: 'selected',
        },
        repositories: [{ full_name: 'acme-coffee/menu-web', name: 'menu-web', private: false }],
        organization: { login: 'acme-coffee' },
        requester: null,
        sender: { login: 'mona' },
      },
    ])
  })

  it('created: names the member whose request an owner approved', async () => {
    const { sandbox, received, getInstallUrl } = await startWithWebhook()
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', cookie: HUBOT })
    await pressButton(await openPage(`${sandbox.githubUrl}${SETTINGS}`), 'Approve')
    await sandbox.webhooks.settled()
    expect(received.map(({ body }) => body)).toMatchObject([
      { action: 'created', requester: { login: 'hubot' }, sender: { login: 'mona' } },
    ])
  })

  it('created: has no organization on a personal account', async () => {
    const { sandbox, received } = await startWithWebhook()
    sandbox.scenario('install', { account: 'trent' })
    await sandbox.webhooks.settled()
    expect(received[0]?.body).toMatchObject({
      sender: { login: 'trent' },
      installation: { target_type: 'User' },
    })
    expect(received[0]?.body).not.toHaveProperty('organization')
  })

  it('suspend, unsuspend, deleted: tells what the buttons of the settings page did', async () => {
    const { sandbox, received, names, pass } = await startInstalled()
    for (const button of ['Suspend', 'Unsuspend', 'Uninstall']) {
      pass(60_000)
      await pressButton(await openPage(`${sandbox.githubUrl}${SETTINGS}`), button)
    }
    await sandbox.webhooks.settled()
    expect(names()).toEqual(['installation.suspend', 'installation.unsuspend', 'installation.deleted'])
    expect(received.map(({ body }) => body['installation'])).toMatchObject([
      {
        suspended_at: '2026-07-02T10:31:00Z',
        updated_at: '2026-07-02T10:31:00Z',
        suspended_by: { login: 'mona' },
      },
      { suspended_at: null, updated_at: '2026-07-02T10:32:00Z' },
      { id: 61_200_417 },
    ])
  })

  it('suspend: is sent once, however often it is asked for', async () => {
    const { sandbox, names } = await startInstalled()
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(names()).toEqual(['installation.suspend'])
  })

  it('renamed: tells the old and the new login', async () => {
    const { sandbox, received, pass } = await startInstalled()
    pass(60_000)
    sandbox.scenario('rename_account', { account: 'acme-coffee', login: 'acme-roasters' })
    await sandbox.webhooks.settled()
    expect(received).toMatchObject([
      {
        name: 'installation_target.renamed',
        body: {
          account: { login: 'acme-roasters', id: 91_000_101, updated_at: '2026-07-02T10:31:00Z' },
          changes: { login: { from: 'acme-coffee' } },
          installation: { id: 61_200_417 },
          target_type: 'Organization',
        },
      },
    ])
  })

  it('renamed: is not sent where the App is not installed', async () => {
    const { sandbox, received } = await startInstalled()
    sandbox.scenario('rename_account', { account: 'nordwind-shop', login: 'northwind' })
    await sandbox.webhooks.settled()
    expect(received).toEqual([])
  })

  it('ping: tells about the hook, without its secret', async () => {
    const { sandbox, received } = await startWithWebhook()
    await sandbox.webhooks.ping('connector')
    expect(received).toMatchObject([
      { name: 'ping', signature: 'valid', body: { hook: { app_id: 210_417 } } },
    ])
    expect(received[0]?.text).not.toContain('secret to everybody')
  })

  it('is sent for its own App only', async () => {
    const { sandbox, received } = await startWithWebhook('partner')
    sandbox.scenario('install', { account: 'acme-coffee' })
    sandbox.scenario('install', { account: 'acme-coffee', app: 'partner' })
    await sandbox.webhooks.settled()
    expect(received).toMatchObject([
      {
        headers: { 'x-github-hook-installation-target-id': '310982' },
        body: { installation: { app_slug: 'brightline-app' } },
      },
    ])
  })
})

describe('a changed selection', () => {
  const menu = 'acme-coffee/menu-web'
  const beans = 'acme-coffee/beans-api'

  async function select(...selections: (readonly string[] | 'all')[]) {
    const test = await startWithWebhook()
    for (const selection of selections) {
      const body = new URLSearchParams({
        account: 'acme-coffee',
        repository_selection: selection === 'all' ? 'all' : 'selected',
      })
      for (const name of selection === 'all' ? [] : selection) body.append('repository', name)
      const url = `${test.sandbox.githubUrl}/apps/layers-connector/installations/new`
      await fetch(url, { method: 'POST', body })
    }
    await test.sandbox.webhooks.settled()
    return test.received
      .slice(1)
      .map(({ name, body }) => [
        name,
        body['repository_selection'],
        readNames(body['repositories_added']),
        readNames(body['repositories_removed']),
      ])
  }

  function readNames(list: unknown): string[] {
    if (!Array.isArray(list)) throw new Error('no list of repositories')
    return list.map((one: { full_name: string }) => one.full_name)
  }

  it('tells what was added', async () => {
    expect(await select([menu], [menu, beans])).toEqual([
      ['installation_repositories.added', 'selected', [beans], []],
    ])
  })

  it('tells what was removed', async () => {
    expect(await select([menu, beans], [menu])).toEqual([
      ['installation_repositories.removed', 'selected', [], [beans]],
    ])
  })

  it('tells both in two events', async () => {
    expect(await select([menu], [beans])).toEqual([
      ['installation_repositories.added', 'selected', [beans], []],
      ['installation_repositories.removed', 'selected', [], [menu]],
    ])
  })

  it('tells that all became some, without naming the others', async () => {
    expect(await select('all', [menu])).toEqual([['installation_repositories.removed', 'selected', [], []]])
  })

  it('tells that some became all', async () => {
    const [event] = await select([menu], 'all')
    expect(event?.slice(0, 2)).toEqual(['installation_repositories.added', 'all'])
  })

  it('tells nothing when it was saved as it was', async () => {
    expect(await select([menu], [menu])).toEqual([])
  })
})
