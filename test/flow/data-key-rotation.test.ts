// Replacing the data key while customers connect: nobody notices, and in the end nothing is sealed with the old key.
import Database from 'better-sqlite3'
import { decodeProtectedHeader } from 'jose'
import { afterEach, expect, it } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { createTrafficClient } from '../faults/traffic/client.ts'
import { connectAsCustomer } from '../faults/traffic/customer.ts'
import { createLedger } from '../faults/traffic/ledger.ts'
import { startScene } from '../faults/traffic/scene.ts'
import { loadTrafficBff, TRAFFIC_ORIGIN } from '../faults/traffic/traffic-bff.ts'

const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

const CUSTOMERS = 30

/** How many stored values each key has sealed. */
async function countByKey(file: string, keys: Readonly<Record<string, string>>): Promise<unknown> {
  const names = new Map<string, string>()
  for (const [name, key] of Object.entries(keys)) {
    const { kid } = decodeProtectedHeader(await createSealer([new Secret(key)]).seal('state', 't', 'x'))
    names.set(String(kid), name)
  }
  const db = new Database(file, { readonly: true })
  const values = db
    .prepare(
      `SELECT state_sealed FROM flows UNION ALL SELECT install_url_sealed FROM flows
      UNION ALL SELECT installation_sealed FROM flows UNION ALL SELECT authorization_sealed FROM flows
      UNION ALL SELECT installation_sealed FROM connections
      UNION ALL SELECT value FROM meta WHERE name = 'server-secret'`,
    )
    .pluck()
    .all()
  db.close()
  const counts: Record<string, number> = {}
  for (const value of values) {
    if (typeof value !== 'string') continue
    const name = names.get(String(decodeProtectedHeader(value).kid)) ?? 'another key'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

it(
  'fails no request while the key is replaced, and leaves nothing under the old one',
  { timeout: 60_000 },
  async () => {
    const scene = await startScene({ tenants: CUSTOMERS })
    cleanUp.push(() => scene.close())
    const client = createTrafficClient()
    cleanUp.push(() => client.close())
    const file = scene.databaseFileUrl.slice('file:'.length)
    const [older, newer] = [createDataKey(), createDataKey()]

    let door = Promise.withResolvers<string>()
    let stop: () => Promise<void> = () => Promise.resolve()
    /** The next process, on the same database; the one before has stopped by then. Resolves with what waits for a line of its log. */
    async function startWith(...dataKeys: readonly string[]) {
      const isReplaced = Promise.withResolvers<void>()
      const bff = await loadTrafficBff({
        onOutput(text) {
          scene.artefacts.record('logs', text)
          if (text.includes('"event":"data_keys_replaced"')) isReplaced.resolve()
        },
      })
      cleanUp.push(() => bff.signal('SIGKILL'))
      await stop()
      stop = async () => {
        // Whoever comes now waits for the next process; whoever is being served is served.
        door = Promise.withResolvers()
        bff.signal('SIGTERM')
        await bff.gone
      }
      const opening = {
        ...scene.openingFor(scene.databaseFileUrl),
        dataKeys: [...dataKeys],
        logLevel: 'info',
      }
      door.resolve(await bff.open(opening))
      return { isReplaced: isReplaced.promise }
    }

    const failures: number[] = []
    const ledger = createLedger()
    const connect = (from: number, to: number) =>
      scene.tenants.slice(from, to).map((tenant) =>
        connectAsCustomer({
          tenant,
          installationId: scene.installationIdOf(tenant),
          client,
          publicOrigin: TRAFFIC_ORIGIN,
          target: () => door.promise,
          ledger,
          onAnswer(_step, _tookMs, status) {
            if (status === 0 || status >= 500) failures.push(status)
          },
        }),
      )

    await startWith(older)
    await Promise.all(connect(0, 10))
    expect(await countByKey(file, { older, newer })).toEqual({ older: 11 })
    const crossing = connect(10, 20)
    const { isReplaced } = await startWith(newer, older)
    const crossingAgain = connect(20, 30)
    await isReplaced
    expect(await countByKey(file, { older, newer })).toEqual({ newer: expect.any(Number) })
    await startWith(newer)
    const flows = await Promise.all([...crossing, ...crossingAgain])
    expect(flows.map(({ status }) => status)).toEqual(flows.map(() => 'connected'))
    expect(failures).toEqual([])
    expect(await countByKey(file, { older, newer })).toEqual({ newer: CUSTOMERS + 1 })
  },
)
