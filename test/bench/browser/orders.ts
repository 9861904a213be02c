// What the processes of a benchmark in the browser are told and answer.
import { z } from 'zod'

export const upstreamReadySchema = z.object({
  layersApiKey: z.string(),
  layersApiUrl: z.string(),
  githubUrl: z.string(),
})
export type UpstreamReady = z.infer<typeof upstreamReadySchema>

export const upstreamOrderSchema = z.discriminatedUnion('order', [
  /** The next answer of a route is late. */
  z.object({ order: z.literal('delay'), route: z.enum(['install_url', 'bind']), delayMs: z.number() }),
  z.object({ order: z.literal('list') }),
  z.object({ order: z.literal('forget') }),
])
export type UpstreamOrder = z.infer<typeof upstreamOrderSchema>

const requestSchema = z.object({
  method: z.string(),
  /** Without the query. */
  path: z.string(),
  /** Epoch milliseconds, as is `finishedAt`: when its head had been read, and when the answer had been handed to the system. */
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
})
export type UpstreamRequest = z.infer<typeof requestSchema>
export const upstreamAnswerSchema = z.object({ requests: z.array(requestSchema) })

export const hostReadySchema = z.object({})
export const hostOrderSchema = z.object({
  upstream: upstreamReadySchema,
  databaseUrl: z.string(),
  script: z.string(),
  styles: z.string(),
})
export type HostOrder = z.infer<typeof hostOrderSchema>
export const hostAnswerSchema = z.object({ origin: z.string() })
