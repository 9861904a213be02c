// A process of its own on a PostgreSQL database; run by postgres-processes.test.ts with its task as JSON.
// Says `ready` when the store is open and waits for a line; prints one line per answer, after it is durable.
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const taskSchema = z.object({
  /** The BFF's source: the real one, or a broken copy. */
  directory: z.string(),
  url: z.string(),
  /** Returns to accept, all at once. */
  returns: z.array(z.object({ stateHash: z.string(), index: z.string() })),
  limit: z.int(),
  /** Takes jobs under this name afterwards, a few at a time, until there are none. */
  claimAs: z.string().optional(),
})

const task = taskSchema.parse(JSON.parse(process.argv[2] ?? ''))
// A copy has the same exports as the source that it was made from.
const postgres: typeof import('../../bff/storage/postgres.ts') = await import(
  join(task.directory, 'storage', 'postgres.ts')
)
const storage = await postgres.openPostgresStorage({ url: task.url })

/** Synchronously, so that nothing is printed late or lost when the process is killed. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const lines = createInterface(process.stdin)
const told = new Promise((resolve) => lines.once('line', resolve))
say('ready')
await told
lines.close()

await Promise.all(
  task.returns.map(async ({ stateHash, index }) => {
    const { outcome } = await storage.acceptReturn({
      stateHash,
      installation: { sealed: `sealed-${index}`, index },
      next: 'binding',
      authorizationSealed: null,
      authorizeStateHash: null,
      failureLimit: { count: task.limit, windowMs: 60_000 },
    })
    say(`${stateHash} ${outcome}`)
  }),
)
const { claimAs } = task
if (claimAs !== undefined) {
  for (;;) {
    const jobs = await storage.claimJobs(claimAs, { leaseMs: 60_000, limit: 3 })
    if (jobs.length === 0) break
    for (const { flow } of jobs) say(`${flow.stateHash} claimed`)
  }
}
await storage.close()
