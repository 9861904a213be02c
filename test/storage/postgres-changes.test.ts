// News of changes from one PostgreSQL store to another, also after the connection or the whole server was away.
import { describe, expect, test, vi } from 'vitest'
import type { Storage } from '../../bff/storage/storage.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { createScenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

/** Ends the connections of all stores that listen; each of them has one. */
const END_LISTENERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'`

async function openTwo() {
  const url = await createDatabase()
  const [here, there] = [await openStorage({ url }), await openStorage({ url })]
  return { url, here, there, scenario: createScenario(here, { now: Date.now() }) }
}

/** What a store tells its listeners from now on, in order; each can be waited for. */
function listen(storage: Storage) {
  const heard: string[] = []
  let wake = (): void => undefined
  const note = (what: string): void => {
    heard.push(what)
    wake()
  }
  storage.onFlowChanged(note)
  storage.onChangesMissed(() => note('missed'))
  return {
    heard,
    async until(what: string): Promise<void> {
      while (!heard.includes(what)) await new Promise<void>((resolve) => (wake = resolve))
    },
  }
}

describe('a change', () => {
  test('is heard by the other store, once, and once by the one that made it', async () => {
    const { here, there, scenario } = await openTwo()
    const [own, other] = [listen(here), listen(there)]
    const first = await scenario.starting()
    expect(own.heard).toEqual([first.flowId])
    const second = await scenario.starting({ userId: 'user-b' })
    await other.until(second.flowId)
    expect(other.heard).toEqual([first.flowId, second.flowId])
    // What comes back to its maker would have come by now: the server tells all listeners in one order.
    const last = await createScenario(there, { now: Date.now() }).starting({
      userId: 'user-c',
      flowId: 'last',
      stateHash: 'last',
    })
    await own.until(last.flowId)
    expect(own.heard).toEqual([first.flowId, second.flowId, last.flowId])
  })

  test('is told with everything that it superseded or ended', async () => {
    const { there, here, scenario } = await openTwo()
    const other = listen(there)
    const older = await scenario.starting()
    const newer = await scenario.starting()
    await other.until(newer.flowId)
    expect(other.heard).toEqual([older.flowId, older.flowId, newer.flowId])
    const many = []
    for (let n = 0; n < 30; n += 1) many.push(await scenario.starting({ userId: `user-${n}`, lifetimeMs: 0 }))
    other.heard.splice(0)
    expect(await here.expireFlows()).toBe(30)
    for (const { flowId } of many) await other.until(flowId)
  })

  test('that did not come about is not told', async () => {
    const { there, scenario, here } = await openTwo()
    const other = listen(there)
    const flow = await scenario.starting()
    await expect(here.createFlow(scenario.newFlow({ stateHash: flow.stateHash }))).rejects.toThrow(/unique/)
    const last = await scenario.starting({ userId: 'user-b' })
    await other.until(last.flowId)
    expect(other.heard).toEqual([flow.flowId, last.flowId])
  })
})

describe('a connection that listens', () => {
  test('comes back when it was ended, says that it may have missed something, and hears again', async () => {
    const { url, there, scenario } = await openTwo()
    const other = listen(there)
    await server().query(url, END_LISTENERS)
    await other.until('missed')
    const flow = await scenario.starting()
    await other.until(flow.flowId)
    expect(other.heard).toEqual(['missed', flow.flowId])
  })

  test('comes back when the server was restarted, and everything works again', async () => {
    const { here, there, scenario } = await openTwo()
    const flow = await scenario.starting()
    const [own, other] = [listen(here), listen(there)]
    await server().restart()
    await Promise.all([own.until('missed'), other.until('missed')])
    expect(await there.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
    const next = await scenario.starting({ userId: 'user-b' })
    await other.until(next.flowId)
    await expect(here.check()).resolves.toBeUndefined()
  })

  test('is not disturbed by what others send on its channel', async () => {
    const { url, there, scenario } = await openTwo()
    const other = listen(there)
    await server().query(url, `NOTIFY connect_github_flows; NOTIFY connect_github_flows, 'nonsense'`)
    const flow = await scenario.starting()
    await other.until(flow.flowId)
    expect(other.heard).toEqual([flow.flowId])
  })

  test('is gone with its store, also when it was just coming back', async () => {
    const { url, here, there } = await openTwo()
    await server().query(url, END_LISTENERS)
    await Promise.all([here.close(), there.close()])
    const other = listen(await openStorage({ url }))
    expect(other.heard).toEqual([])
  })
})
