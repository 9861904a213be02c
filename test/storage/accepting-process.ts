// A process of its own that accepts returns on a SQLite file; run by sqlite-processes.test.ts.
// Arguments: the file, this process's name, and the state hashes. Prints one line per answer, after it is durable.
import { writeSync } from 'node:fs'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'

const [file, name, ...stateHashes] = process.argv.slice(2)
if (file === undefined || name === undefined)
  throw new Error('usage: accepting-process <file> <name> [state hash ...]')

const storage = await openSqliteStorage({ file })
for (const stateHash of stateHashes) {
  const index = `index-${name}`
  const { outcome } = await storage.acceptReturn({
    stateHash,
    installation: { sealed: `sealed-${name}`, index },
    next: 'binding',
    authorizationSealed: null,
    authorizeStateHash: null,
    failureLimit: { count: 1000, windowMs: 0 },
  })
  // Synchronously, so that nothing is printed late or lost when the process is killed.
  writeSync(1, `${stateHash} ${outcome}\n`)
}
await storage.close()
