// Oddities of GitHub’s redirect and events on GitHub, as scenarios.

import { describe, expect, it } from 'vitest'
import { getReturnParameters, send, startTestSandbox, submitInstallPage } from './sandbox-client.ts'

const returnAfter = async (name: string) => {
  const test = await startTestSandbox()
  test.sandbox.scenario(name)
  const { authUrl, state } = await test.getInstallUrl()
  const first = await submitInstallPage(authUrl, { account: 'acme-coffee' })
  const second = await submitInstallPage(authUrl, { account: 'acme-coffee' })
  expect(getReturnParameters(second)).toEqual({
    installation_id: '61200417',
    setup_action: 'update',
    state,
  })
  return { first, state, sandbox: test.sandbox }
}

describe('a scenario for the redirect', () => {
  it('foreign_id_next: the id of an account the person has nothing to do with, which Layers would bind', async () => {
    const { first, state, sandbox } = await returnAfter('foreign_id_next')
    expect(getReturnParameters(first)).toEqual({
      installation_id: '61200418',
      setup_action: 'install',
      state,
    })
    expect(sandbox.installations[1]).toMatchObject({
      installationId: 61_200_418,
      account: { login: 'initech-labs' },
    })
  })

  it('no_state_next: everything but the state', async () => {
    const { first } = await returnAfter('no_state_next')
    expect(getReturnParameters(first)).toEqual({ installation_id: '61200417', setup_action: 'install' })
  })

  it('other_state_next: a state nobody issued', async () => {
    const { first, state, sandbox } = await returnAfter('other_state_next')
    const other = getReturnParameters(first)['state']
    expect(other).toMatch(/^[\w-]{32}$/)
    expect(other).not.toBe(state)
    expect(sandbox.states.map((issued) => issued.state)).toEqual([state])
  })

  it('no_return_next: installed, but GitHub stays on its own page', async () => {
    const { first, sandbox } = await returnAfter('no_return_next')
    expect(first.status).toBe(200)
    expect(sandbox.installations).toHaveLength(1)
  })

  it('with_code_next: a code beside the rest', async () => {
    const { first, state } = await returnAfter('with_code_next')
    expect(getReturnParameters(first)).toEqual({
      code: expect.stringMatching(/^[0-9a-f]{20}$/),
      installation_id: '61200417',
      setup_action: 'install',
      state,
    })
  })

  it('return_twice_next: the page submits to a new tab and asks for the same redirect itself', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('return_twice_next')
    const { authUrl } = await getInstallUrl()
    const page = await send(authUrl)
    const ticket = /data-ticket="([\w-]+)"/.exec(page.text)?.[1] ?? ''
    expect(page.text).toContain(`target="_blank"`)
    // The second tab may well ask first; it then waits.
    const again = send(`${sandbox.githubUrl}/return-again?ticket=${ticket}`)
    const body = new URLSearchParams({ account: 'acme-coffee', ticket })
    const first = await send(authUrl, { method: 'POST', body })
    expect(first.status).toBe(302)
    expect((await again).headers.get('location')).toBe(first.headers.get('location'))
    expect((await send(authUrl)).text).not.toContain('data-ticket')
  })

  it('return_twice_next: does not keep a waiting tab when the sandbox closes', async () => {
    const { sandbox } = await startTestSandbox()
    const again = send(`${sandbox.githubUrl}/return-again?ticket=never`).catch(() => 'cut')
    // Answered only after the waiting request arrived, as both go to the same server.
    await send(sandbox.githubUrl)
    await sandbox.close()
    expect(await again).toBe('cut')
  })

  it('redirect_on_update off: Save stays on GitHub’s own page, Install still leads back', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('redirect_on_update', { on: false })
    const { authUrl } = await getInstallUrl()
    expect((await submitInstallPage(authUrl, { account: 'mona' })).status).toBe(302)
    const saved = await submitInstallPage(authUrl, { account: 'mona', button: 'Save' })
    expect(saved.status).toBe(200)
    expect(saved.text).toContain('<h1>Settings saved</h1>')
    sandbox.scenario('redirect_on_update', { on: true })
    expect((await submitInstallPage(authUrl, { account: 'mona' })).status).toBe(302)
  })

  it.each(['same-origin', 'same-origin-allow-popups', 'unsafe-none'])('coop: %s', async (value) => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('coop', { value })
    const { headers } = await send((await getInstallUrl()).authUrl)
    expect(headers.get('cross-origin-opener-policy')).toBe(value)
  })
})

describe('a scenario on GitHub', () => {
  it('approve_request: installs what the member asked for, with the member’s name on it', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const repositories = ['acme-coffee/menu-web']
    const choice = { account: 'acme-coffee', repositories, cookie: 'sandbox_person=hubot' }
    await submitInstallPage((await getInstallUrl()).authUrl, choice)
    sandbox.scenario('approve_request', { account: 'acme-coffee' })
    expect(sandbox.pendingRequests).toEqual([])
    expect(sandbox.installations).toMatchObject([
      { installationId: 61_200_417, requestedBy: 'hubot', repositories },
    ])
  })

  it.each(['uninstall', 'suspend', 'unsuspend', 'approve_request'])(
    '%s: is refused when there is nothing to do it to',
    async (name) => {
      const { control } = await startTestSandbox()
      const answer = await control('/scenarios', { name, account: 'mona' })
      expect(answer.status).toBe(422)
    },
  )
})
