// Sealing anew what an older data key has sealed: what is told, and what is left alone.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { createLog } from '../../bff/log.ts'
import { createResealer } from '../../bff/resealer.ts'
import { createSealer, type Sealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { StorageError, type Storage } from '../../bff/storage/storage.ts'
import { createScenario, type Scenario } from '../storage/scenario.ts'

const [older, newer, lost] = [createDataKey(), createDataKey(), createDataKey()]
const sealerOf = (...keys: readonly string[]): Sealer => createSealer(keys.map((key) => new Secret(key)))

let storage: Storage
let scenario: Scenario
let lines: string[]
let fatal: unknown[]
beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' })
  scenario = createScenario(storage, { now: Date.now() })
  lines = []
  fatal = []
})
afterEach(() => storage.close())

const events = (): unknown[] =>
  lines.map((line) => {
    const { event, count }: { event?: unknown; count?: unknown } = JSON.parse(line)
    return count === undefined ? event : [event, count]
  })

/** Runs until everything was looked at once. */
async function runOnce(
  sealer: Sealer,
  store: Parameters<typeof createResealer>[0]['storage'] = storage,
): Promise<void> {
  const finished = Promise.withResolvers<void>()
  const log = createLog({
    level: 'info',
    secrets: [],
    stream: {
      write(line) {
        lines.push(line)
        if (/data_keys_replaced|values_unreadable|reseal_failed/.test(line)) finished.resolve()
      },
    },
  })
  const onFatal = (error: unknown): void => {
    fatal.push(error)
    finished.resolve()
  }
  const resealer = createResealer({ storage: store, sealer, log, onFatal })
  await finished.promise
  await resealer.stop()
}

/** A flow that waits, with a state that this sealer sealed. */
async function waitingWith(sealer: Sealer, userId: string) {
  return scenario.starting({
    userId,
    stateSealed: await sealer.seal('state', 'tenant-a', `state of ${userId}`),
  })
}

it('seals anew what an older key has sealed, and says when nothing is left', async () => {
  const [old, both] = [sealerOf(older), sealerOf(newer, older)]
  const flows = []
  for (let user = 0; user < 250; user += 1)
    flows.push(await waitingWith(user % 2 === 0 ? old : both, `user-${user}`))
  await runOnce(both)
  expect(events()).toEqual([['values_resealed', 125], 'data_keys_replaced'])
  for (const [user, flow] of flows.entries()) {
    const { stateSealed } = await scenario.read(flow)
    expect(await sealerOf(newer).unseal('state', 'tenant-a', stateSealed ?? '')).toBe(`state of user-${user}`)
    if (user % 2 === 1) expect(stateSealed).toBe(flow.stateSealed)
  }
})

it('says so as well when there was nothing to do', async () => {
  await runOnce(sealerOf(newer, older))
  expect(events()).toEqual(['data_keys_replaced'])
})

it('lets requests be served between any two batches, also when nothing is left to do', async () => {
  const turns: string[] = []
  const sealed = await sealerOf(newer).seal('installation', 'any', '1')
  await runOnce(sealerOf(newer, older), {
    ...storage,
    async findSealedInConnections(after) {
      turns.push('batch')
      setImmediate(() => turns.push('request'))
      const tenantId = `${after}a`
      return tenantId.length > 3 ? [] : [{ of: 'connection', tenantId, flowId: null, sealed }]
    },
  })
  expect(turns.slice(0, 6)).toEqual(['batch', 'request', 'batch', 'request', 'batch', 'request'])
})

it('looks at nothing while there is one key', async () => {
  const findSealedInFlows = vi.fn<Storage['findSealedInFlows']>()
  const log = createLog({ level: 'info', secrets: [], stream: { write: (line) => void lines.push(line) } })
  const resealer = createResealer({
    storage: { ...storage, findSealedInFlows },
    sealer: sealerOf(newer),
    log,
    onFatal: (error) => void fatal.push(error),
  })
  resealer.wake()
  await resealer.stop()
  expect(findSealedInFlows).not.toHaveBeenCalled()
  expect(events()).toEqual([])
})

describe('what no key can read', () => {
  it.each([
    ['a key that is lost', () => sealerOf(lost).seal('state', 'tenant-a', 'x')],
    ['another tenant', () => sealerOf(older).seal('state', 'tenant-b', 'x')],
    ['nobody', () => Promise.resolve('not sealed')],
  ])('is left as it is, and told, when it was sealed by %s', async (_who, seal) => {
    const stateSealed = await seal()
    const flow = await scenario.starting({ stateSealed })
    await waitingWith(sealerOf(older), 'user-b')
    await runOnce(sealerOf(newer, older))
    expect(events()).toEqual([
      ['values_resealed', 1],
      ['values_unreadable', 1],
    ])
    expect(await scenario.read(flow)).toEqual(flow)
  })
})

it.each([
  ['busy', ['reseal_failed'], 0],
  ['fatal', [], 1],
] as const)('goes on when the store is %s, unless that is the end', async (kind, told, ends) => {
  await waitingWith(sealerOf(older), 'user-a')
  const replaceSealed = (): Promise<never> => Promise.reject(new StorageError(kind))
  await runOnce(sealerOf(newer, older), { ...storage, replaceSealed })
  expect(events()).toEqual(told)
  expect(fatal).toHaveLength(ends)
})
