// What members and strangers see of an organization's settings on GitHub, and what they cannot do there.

import { describe, expect, it } from 'vitest'
import { HUBOT, openPage, postForm, startOnSettings } from './github-pages-client.ts'

describe('somebody who is no owner', () => {
  it('sees as a member what is installed, and that only owners can change it', async () => {
    const { sandbox, settingsUrl } = await startOnSettings()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const page = await openPage(settingsUrl, HUBOT)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Only owners of acme-coffee can change what is installed. You are a member.')
    expect(page.text).toContain('Installed on July 2, 2026')
    expect(page.buttons).toEqual([])
  })

  it('sees as a member that the own request waits for an owner', async () => {
    const { settingsUrl, requestAsMember } = await startOnSettings()
    await requestAsMember()
    const page = await openPage(settingsUrl, HUBOT)
    expect(page.text).toContain('An owner has to decide.')
    expect(page.buttons).toEqual([])
  })

  it.each([
    ['hubot', 'nordwind-shop', HUBOT],
    ['mona', 'initech-labs', 'sandbox_person=mona'],
  ])('sees as a stranger (%s on %s) nothing of what is installed', async (_person, account, cookie) => {
    const { sandbox, settingsUrl } = await startOnSettings(account)
    sandbox.scenario('install', { account })
    const page = await openPage(settingsUrl, cookie)
    expect(page.text).toContain(`Only owners of ${account} can change`)
    expect(page.text).not.toContain('Layers Connector')
  })

  it.each(['suspend', 'unsuspend', 'uninstall'])('cannot %s by sending an owner’s form', async (action) => {
    const { sandbox, settingsUrl } = await startOnSettings()
    sandbox.scenario('install', { account: 'acme-coffee' })
    if (action === 'unsuspend') sandbox.scenario('suspend', { account: 'acme-coffee' })
    const before = sandbox.installations
    const page = await postForm(settingsUrl, new URLSearchParams({ action }), HUBOT)
    expect(page.status).toBe(403)
    expect(page.problem).toBe('Nothing was changed.')
    expect(sandbox.installations).toEqual(before)
  })

  it.each(['approve', 'deny'])('cannot %s the own request', async (action) => {
    const { sandbox, settingsUrl, requestAsMember } = await startOnSettings()
    await requestAsMember()
    expect((await postForm(settingsUrl, new URLSearchParams({ action }), HUBOT)).status).toBe(403)
    expect(sandbox.pendingRequests).toHaveLength(1)
    expect(sandbox.installations).toEqual([])
  })
})
