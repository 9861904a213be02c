// How webhooks are delivered: recorded, held back, released in any order, sent again, and never twice by themselves.

import { describe, expect, it } from 'vitest'
import { send, START_AT, startTestSandbox } from './sandbox-client.ts'
import { startWithWebhook } from './webhook-receiver.ts'

const suspend = { account: 'acme-coffee' }

async function startHeld() {
  const test = await startWithWebhook()
  test.sandbox.webhooks.hold()
  test.sandbox.scenario('install', { account: 'acme-coffee' })
  test.sandbox.scenario('suspend', suspend)
  test.sandbox.scenario('unsuspend', suspend)
  const ids = test.sandbox.webhookDeliveries.map(({ id }) => id)
  return { ...test, ids }
}

describe('a delivery', () => {
  it('is recorded with its body and what became of it', async () => {
    const { sandbox, received } = await startWithWebhook()
    sandbox.scenario('install', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(sandbox.webhookDeliveries).toEqual([
      {
        id: received[0]?.headers['x-github-delivery'],
        app: 'connector',
        event: 'installation',
        action: 'created',
        at: START_AT,
        body: received[0]?.text,
        status: 202,
        attempts: [{ at: START_AT, status: 202, signature: 'valid' }],
        isHeld: false,
      },
    ])
  })

  it('comes in the order in which things happened, with an id of its own', async () => {
    const { sandbox, received, names } = await startWithWebhook()
    sandbox.scenario('install', { account: 'acme-coffee' })
    sandbox.scenario('suspend', suspend)
    sandbox.scenario('uninstall', suspend)
    await sandbox.webhooks.settled()
    expect(names()).toEqual(['installation.created', 'installation.suspend', 'installation.deleted'])
    expect(new Set(received.map(({ headers }) => headers['x-github-delivery'])).size).toBe(3)
  })

  it.each([[500], [403], [302]] as const)('is not sent again after %i', async (status) => {
    const { sandbox, received } = await startWithWebhook('connector', () => status)
    sandbox.scenario('install', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(sandbox.webhookDeliveries).toMatchObject([{ status, attempts: [{ status }] }])
    expect(received).toHaveLength(1)
  })

  it('has no status when the connection was cut', async () => {
    const { sandbox } = await startWithWebhook('connector', () => 'cut')
    sandbox.scenario('install', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(sandbox.webhookDeliveries).toMatchObject([{ status: null, attempts: [{ status: null }] }])
  })

  it('does not happen for an App without a webhook', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    await sandbox.webhooks.settled()
    expect(sandbox.webhookDeliveries).toEqual([])
    expect(() => sandbox.webhooks.ping('connector')).toThrow('has no webhook')
  })

  it('is signed with the secret of the moment it is sent', async () => {
    const { sandbox, received, ids, url } = await startHeld()
    sandbox.configureApp('connector', { webhook: { url, secret: 'rotated' } })
    await sandbox.webhooks.release(ids.slice(0, 1))
    expect(received.map(({ signature }) => signature)).toEqual(['broken'])
  })

  it('is forgotten by a reset', async () => {
    const { sandbox, received } = await startHeld()
    sandbox.reset()
    await sandbox.webhooks.release()
    expect(sandbox.webhookDeliveries).toEqual([])
    expect(received).toEqual([])
  })
})

describe('a held delivery', () => {
  it('is sent when everything is released, and later ones at once', async () => {
    const { sandbox, names } = await startHeld()
    await sandbox.webhooks.settled()
    expect(names()).toEqual([])
    await sandbox.webhooks.release()
    expect(names()).toEqual(['installation.created', 'installation.suspend', 'installation.unsuspend'])
    sandbox.scenario('uninstall', suspend)
    await sandbox.webhooks.settled()
    expect(names().at(-1)).toBe('installation.deleted')
  })

  it('is sent in the order that was asked for, while others go on waiting', async () => {
    const { sandbox, names, ids } = await startHeld()
    const [created = '', suspended = '', unsuspended = ''] = ids
    await sandbox.webhooks.release([unsuspended, created])
    expect(names()).toEqual(['installation.unsuspend', 'installation.created'])
    expect(sandbox.webhookDeliveries.map(({ isHeld }) => isHeld)).toEqual([false, true, false])
    sandbox.scenario('uninstall', suspend)
    await sandbox.webhooks.release([suspended])
    expect(names()).toHaveLength(3)
    expect(sandbox.webhookDeliveries.at(-1)?.isHeld).toBe(true)
  })

  it('cannot be released twice', async () => {
    const { sandbox, received, ids } = await startHeld()
    const first = sandbox.webhooks.release(ids)
    expect(() => sandbox.webhooks.release(ids)).toThrow('waits')
    await first
    expect(received).toHaveLength(3)
  })
})

describe('sending again', () => {
  it.each(['valid', 'broken', 'missing'] as const)(
    'has the same id and body, and a signature that is %s',
    async (signature) => {
      const { sandbox, received } = await startWithWebhook()
      sandbox.scenario('install', { account: 'acme-coffee' })
      await sandbox.webhooks.settled()
      const id = sandbox.webhookDeliveries[0]?.id ?? ''
      await sandbox.webhooks.redeliver(id, { signature })
      expect(received.map((one) => one.signature)).toEqual(['valid', signature])
      expect(received[1]?.text).toBe(received[0]?.text)
      expect(received[1]?.headers['x-github-delivery']).toBe(id)
      expect(sandbox.webhookDeliveries[0]?.attempts).toMatchObject([{ signature: 'valid' }, { signature }])
    },
  )

  it('is refused for an unknown id', async () => {
    const { sandbox } = await startWithWebhook()
    expect(() => sandbox.webhooks.redeliver('x')).toThrow('no delivery has the id x')
  })
})

describe('over HTTP', () => {
  it('webhooks are held, released, sent again and pinged by scenarios', async () => {
    const { sandbox, control, received, names } = await startWithWebhook()
    const run = async (name: string, params: object = {}) => {
      const { status } = await control('/scenarios', { name, ...params })
      await sandbox.webhooks.settled()
      return status
    }
    expect(await run('hold_webhooks')).toBe(204)
    await run('install', { account: 'acme-coffee' })
    await run('suspend', suspend)
    const { json } = await send(`${sandbox.controlUrl}/state`)
    expect(json?.['webhookDeliveries']).toEqual(sandbox.webhookDeliveries)
    const ids = sandbox.webhookDeliveries.map(({ id }) => id)
    expect(await run('release_webhooks', { deliveries: ids.toReversed() })).toBe(204)
    expect(await run('redeliver_webhook', { delivery: ids[0], signature: 'missing' })).toBe(204)
    expect(await run('release_webhooks')).toBe(204)
    expect(await run('ping_webhook')).toBe(204)
    expect(names()).toEqual(['installation.suspend', 'installation.created', 'installation.created', 'ping'])
    expect(received.map(({ signature }) => signature)).toEqual(['valid', 'valid', 'missing', 'valid'])
  })

  it.each([
    ['release_webhooks', { deliveries: ['x'] }, 'waits'],
    ['redeliver_webhook', { delivery: 'x' }, 'no delivery'],
    ['redeliver_webhook', { delivery: 'x', signature: 'odd' }, 'valid, broken, missing'],
    ['ping_webhook', { app: 'partner' }, 'has no webhook'],
  ])('%s is refused with %j', async (name, params, message) => {
    const { control } = await startWithWebhook()
    const answer = await control('/scenarios', { name, ...params })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(message)
  })
})
