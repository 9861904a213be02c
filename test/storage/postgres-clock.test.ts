// Whose clock counts on PostgreSQL: the database's, and no process's own.
import { describe, expect, test, vi } from 'vitest'
import { createPostgresOpener } from './postgres-opener.ts'
import { createScenario, LIFETIME_MS } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

describe('the database’s clock', () => {
  test('counts, and a process whose own is wrong cannot lengthen or shorten a flow’s life', async () => {
    const url = await createDatabase()
    const storage = await openStorage({ url })
    const { waiting, starting, accept } = createScenario(storage, { now: Date.now() })
    for (const wrong of [0, 4_000_000_000_000]) {
      const clock = vi.spyOn(Date, 'now').mockReturnValue(wrong)
      const flow = await waiting({ userId: `user-${wrong}` })
      expect(flow.expiresAt - flow.createdAt).toBe(LIFETIME_MS)
      const [row] = await server().query(
        url,
        'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
      )
      expect(Math.abs(flow.createdAt - Number(row?.['now']))).toBeLessThan(60_000)
      expect(await storage.now()).toBeGreaterThanOrEqual(flow.createdAt)

      const over = await starting({ userId: `other-${wrong}`, lifetimeMs: 0 })
      const offer = { installUrlSealed: 'sealed', expiresAt: wrong + LIFETIME_MS }
      expect(await storage.offerInstallUrl(over.tenantId, over.flowId, offer)).toBeUndefined()
      expect((await accept(over)).outcome).toBe('ended')
      expect(await storage.expireFlows()).toBe(1)
      expect((await accept(flow)).outcome).toBe('accepted')
      clock.mockRestore()
    }
  })

  test('says which bindings failed lately', async () => {
    const storage = await openStorage({ url: await createDatabase() })
    const { ended } = createScenario(storage, { now: Date.now() })
    await ended({ status: 'refused', error: 'installation_not_found', account: null })
    const clock = vi.spyOn(Date, 'now').mockReturnValue(0)
    expect(await storage.countFailedBindings('tenant-a', 60_000)).toBe(1)
    expect(await storage.countFailedBindings('tenant-a', -60_000)).toBe(0)
    clock.mockRestore()
  })
})
