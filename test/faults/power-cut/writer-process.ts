// Uses a store on a disk that is being watched, and says on its output what it has been promised; run by power-cut.ts.
// Arguments: the BFF's source directory, the database file, and how many returns to accept.
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { StorePromise } from './promises.ts'

const [directory, file, count] = process.argv.slice(2)
if (directory === undefined || file === undefined || count === undefined)
  throw new Error('usage: writer-process <directory> <file> <count>')
const rounds = Number(count)

// A copy has the same exports as the source that it was made from.
const sqlite: typeof import('../../../bff/storage/sqlite.ts') = await import(
  join(directory, 'storage', 'sqlite.ts')
)
const serverKeys: typeof import('../../../bff/server-keys.ts') = await import(
  join(directory, 'server-keys.ts')
)
const configuration: typeof import('../../../bff/config.ts') = await import(join(directory, 'config.ts'))

const config = configuration.readConfig(
  {
    layersApiKey: 'lp_test_none',
    publicUrl: 'https://app.example.com/connect/github',
    databaseUrl: `file:${file}`,
  },
  {},
)
const OWNER = 'writer'
const ACCOUNT = { login: 'octo-org', type: 'Organization' } as const

/** Synchronously, so that it stands in the trace where it was said. */
function say(promise: StorePromise): void {
  writeSync(1, `${JSON.stringify(promise)}\n`)
}

async function open() {
  const storage = await sqlite.openSqliteStorage({ file: file ?? '' })
  await serverKeys.openServerKeys(storage, config)
  return storage
}

let storage = await open()
say({ promised: 'keys' })
for (let round = 0; round < rounds; round += 1) {
  const tenantId = `tenant-${round}`
  const flowId = `flow-${round}`.padEnd(22, '_')
  const stateHash = `state-${round}`
  const index = `index-${round}`
  await storage.createFlow({
    flowId,
    tenantId,
    userId: 'user',
    organization: `org-${round}`,
    mode: 'popup',
    hostOrigin: 'https://app.example.com',
    returnTo: 'https://app.example.com/settings',
    stateHash,
    stateSealed: 'x'.repeat(200),
    expectedAccount: null,
    vouchedUntil: null,
    locale: null,
    theme: null,
    lifetimeMs: 900_000,
  })
  await storage.offerInstallUrl(tenantId, flowId, {
    installUrlSealed: 'y'.repeat(400),
    expiresAt: Number.MAX_SAFE_INTEGER,
  })
  await storage.acceptReturn({
    stateHash,
    installation: { sealed: `sealed-${round}`, index },
    next: 'binding',
    authorizationSealed: null,
    authorizeStateHash: null,
    failureLimit: { count: 1000, windowMs: 0 },
  })
  say({ promised: 'accepted', tenantId, stateHash, index })
  // Two of three are settled at once, so that the queue stays what it is in production: mostly short.
  if (round % 3 !== 0) {
    const jobs = await storage.claimJobs(OWNER, { leaseMs: 900_000, limit: 1 })
    for (const { flow } of jobs) {
      const isDone = await storage.completeJob(OWNER, flow.flowId, {
        status: 'connected',
        account: ACCOUNT,
        registeredAt: 1,
      })
      const bound = flow.installation?.index
      if (isDone && bound !== undefined) say({ promised: 'connected', tenantId: flow.tenantId, index: bound })
    }
  }
  // Once in the middle of the run: everything that ended is deleted and the log emptied, then the database closed and opened.
  if (round === Math.floor(rounds / 2)) {
    await storage.purgeFlows(-1)
    await storage.close()
    storage = await open()
  }
}
await storage.close()
