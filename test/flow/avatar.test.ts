// The connected account's picture: whose it is, who gets it, and that only the BFF asks GitHub for it.
import { afterEach, describe, expect, it } from 'vitest'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'

let stack: Stack
afterEach(() => stack.close())

async function connect(options: StackOptions = { bff: { avatars: true } }) {
  stack = await startStack(options)
  const ann = stack.browser('ann')
  if (options.identity === 'token') ann.token = await stack.signToken('ann')
  const { flow } = await ann.connect({ account: 'acme-coffee' })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  return ann
}

const pathOf = (avatarUrl: string | null): string => (avatarUrl ?? '').replace(stack.publicUrl, '')

describe('a connected tenant', () => {
  it('gets the picture from the BFF, as a picture that can do nothing, kept by its own browser only', async () => {
    const ann = await connect()
    const { avatarUrl } = await ann.getConnection()
    expect(avatarUrl).toMatch(/^http:\/\/localhost:9999\/connect\/github\/avatar\?v=[0-9a-f]{12}$/)
    const { status, headers, text } = await ann.send(pathOf(avatarUrl))
    expect(status).toBe(200)
    expect(text).toContain('PNG')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  it('gets its own, whatever the address says', async () => {
    const ann = await connect()
    const own = await ann.send('/avatar')
    const cora = stack.browser('cora')
    const { flow } = await cora.connect({ account: 'nordwind-shop' })
    await cora.waitForEnd(flow.flowId)
    const others = await cora.send('/avatar')
    expect(others.text).not.toBe(own.text)
    for (const query of ['?login=nordwind-shop', '?v=x&url=https://evil.example', '?v=a&v=b'])
      expect((await ann.send(`/avatar${query}`)).text).toBe(own.text)
  })

  it('has another address for another account, without a name in it', async () => {
    const ann = await connect()
    const cora = stack.browser('cora')
    const { flow } = await cora.connect({ account: 'nordwind-shop' })
    await cora.waitForEnd(flow.flowId)
    const urls = [(await ann.getConnection()).avatarUrl, (await cora.getConnection()).avatarUrl]
    expect(new Set(urls).size).toBe(2)
    expect(urls.join()).not.toMatch(/acme|nordwind/)
  })

  it('has it also for those who may only look, and when it has to reconnect', async () => {
    const ann = await connect()
    expect((await stack.browser('vera').send('/avatar')).status).toBe(200)
    stack.sandbox.scenario('uninstall', { account: 'acme-coffee' })
    expect((await ann.send('/avatar')).status).toBe(200)
  })

  it('has none that another origin’s page can read', async () => {
    const ann = await connect()
    const { status } = await ann.send('/avatar', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(status).toBe(403)
  })

  it('has none any more once it has disconnected', async () => {
    const ann = await connect()
    await ann.fetchJson('DELETE', '/connection')
    expect((await ann.getConnection()).avatarUrl).toBeNull()
    expect((await ann.send('/avatar')).status).toBe(404)
  })

  it('sees none where GitHub gives none, and nobody is told of an error', async () => {
    const ann = await connect()
    stack.sandbox.scenario('rename_account', { account: 'acme-coffee', login: 'acme-roasters' })
    expect((await ann.send('/avatar')).status).toBe(404)
    expect(stack.logLines.join('')).toContain('avatar_missing')
  })
})

describe('there is none', () => {
  it('for nobody', async () => {
    await connect()
    expect((await stack.browser(null).send('/avatar')).status).toBe(401)
  })

  it('for a tenant without a connection', async () => {
    await connect()
    const cora = stack.browser('cora')
    expect((await cora.getConnection()).avatarUrl).toBeNull()
    expect((await cora.send('/avatar')).status).toBe(404)
  })

  it.each<[string, StackOptions]>([
    ['where nothing else needs GitHub', {}],
    ['with connect tokens, which no picture can carry', { identity: 'token', bff: { avatars: true } }],
  ])('%s', async (_, options) => {
    const ann = await connect(options)
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', avatarUrl: null })
    expect((await ann.fetchJson('GET', '/avatar')).status).toBe(404)
  })
})
