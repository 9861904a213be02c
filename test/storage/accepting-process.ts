// A process of its own that accepts returns on a SQLite file; run by sqlite-processes.ts.
// Arguments: the BFF's source directory, the file, this process's name, and the state hashes. Prints one line per answer, after it is
// durable; the kind of the failure when there is none.
import { writeSync } from 'node:fs'
import { join } from 'node:path'

const [directory, file, name, ...stateHashes] = process.argv.slice(2)
if (directory === undefined || file === undefined || name === undefined)
  throw new Error('usage: accepting-process <directory> <file> <name> [state hash ...]')

// A copy has the same exports as the source that it was made from.
const sqlite: typeof import('../../bff/storage/sqlite.ts') = await import(
  join(directory, 'storage', 'sqlite.ts')
)
const { StorageError }: typeof import('../../bff/storage/storage.ts') = await import(
  join(directory, 'storage', 'storage.ts')
)

const storage = await sqlite.openSqliteStorage({ file })

async function accept(stateHash: string): Promise<string> {
  try {
    const { outcome } = await storage.acceptReturn({
      stateHash,
      installation: { sealed: `sealed-${name}`, index: `index-${name}` },
      next: 'binding',
      authorizationSealed: null,
      authorizeStateHash: null,
      failureLimit: { count: Number.MAX_SAFE_INTEGER, windowMs: 0 },
    })
    return outcome
  } catch (error) {
    if (error instanceof StorageError) return error.kind
    throw error
  }
}

// Synchronously, so that nothing is printed late or lost when the process is killed.
for (const stateHash of stateHashes) writeSync(1, `${stateHash} ${await accept(stateHash)}\n`)
await storage.close()
