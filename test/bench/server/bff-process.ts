// A BFF of a benchmark in a process of its own, as `connect-github-bff` runs: with its log on standard output, at the usual level.
import { join } from 'node:path'
import { z } from 'zod'
import { openingSchema } from '../../faults/traffic/orders.ts'
import { identify } from '../../faults/traffic/tenants.ts'
import { obey } from '../child.ts'

/** The load comes from few people and one address; what protects from that is not what is measured. */
const WIDE_OPEN = 1e9
const [directory = ''] = process.argv.slice(2)
// A copy has the same exports as the source that it was made from.
const source: typeof import('../../../bff/index.ts') = await import(join(directory, 'index.ts'))

/** With a clock that stands still, nothing that was fresh when it was stopped has to be asked for again. Epoch milliseconds. */
const clockSchema = z.object({ stoppedAt: z.number().optional() })

obey({}, async (order) => {
  const { clockOffsetMs: _, ...opening } = openingSchema.parse(order)
  const { stoppedAt } = clockSchema.parse(order)
  const limits = {
    startsPerUser: WIDE_OPEN,
    startsPerTenant: WIDE_OPEN,
    strayReturnsPerAddress: WIDE_OPEN,
    readsPerUser: WIDE_OPEN,
    changesPerUser: WIDE_OPEN,
    refusalsPerAddress: WIDE_OPEN,
  }
  const bff = source.createBff({
    ...opening,
    ...(stoppedAt !== undefined && { now: () => stoppedAt }),
    logLevel: 'info',
    identify,
    limits,
    env: {},
  })
  const server = await source.startServer(bff, { host: '127.0.0.1', port: 0 })
  return { url: `http://127.0.0.1:${server.port}` }
})
