// What a BFF process under load is told by the test that started it, and what it answers.
import { z } from 'zod'

/** What it is opened with; the rest is fixed in traffic-bff-process.ts. Values are those of `BffOptions`. */
export const openingSchema = z.object({
  layersApiKey: z.string(),
  layersApiUrl: z.string(),
  githubUrl: z.string(),
  publicUrl: z.string(),
  databaseUrl: z.string(),
  dataKeys: z.array(z.string()),
  /** Default `warn`, so that logging is not what is measured. */
  logLevel: z.string().exactOptional(),
  upstreamTimeoutMs: z.int().exactOptional(),
  /** Default: a first step of 20 ms, doubling to 500 ms. */
  retryPolicy: z.object({ baseMs: z.number(), capMs: z.number() }).exactOptional(),
  circuitBreaker: z.object({ openMs: z.number() }).exactOptional(),
  retryBudget: z.object({ floor: z.number() }).exactOptional(),
  /** Moves its clock from the start; without it the BFF has its default clock. */
  clockOffsetMs: z.number().exactOptional(),
})
export type Opening = z.infer<typeof openingSchema>

const killSchema = z.object({
  /** A point that was written into the copy of the BFF with {@link KILL_POINT}, or `the POST was sent`. */
  point: z.string(),
  /** 1: the first time it gets there from now on. */
  count: z.int().positive(),
})
/** Where in its work a process kills itself. */
export type Kill = z.infer<typeof killSchema>

export const orderSchema = z.discriminatedUnion('order', [
  z.object({ order: z.literal('open'), opening: openingSchema }),
  z.object({ order: z.literal('kill'), kill: killSchema }),
  z.object({ order: z.literal('clock'), offsetMs: z.number() }),
])
export type Order = z.infer<typeof orderSchema>

export const noticeSchema = z.discriminatedUnion('notice', [
  /** Everything is loaded; it waits for its opening. */
  z.object({ notice: z.literal('loaded') }),
  z.object({ notice: z.literal('listening'), port: z.int() }),
  /** An order was carried out. */
  z.object({ notice: z.literal('done') }),
])
export type Notice = z.infer<typeof noticeSchema>

/** The name under which {@link callKillPoint}'s code finds the process's own function. */
export const KILL_POINT = 'trafficKillPoint'

/** Source text that, in a copy of the BFF, is one of the points where a process may be told to kill itself. */
export function callKillPoint(point: string): string {
  return `globalThis.${KILL_POINT}?.(${JSON.stringify(point)});`
}
