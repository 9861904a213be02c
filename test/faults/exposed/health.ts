// What passes between a run and the BFF process that it attacks.
import { z } from 'zod'

export const settingsSchema = z.object({
  /** Of the BFF's source. */
  directory: z.string(),
  layersApiKey: z.string(),
  layersApiUrl: z.string(),
  githubUrl: z.string(),
  publicUrl: z.string(),
  databaseUrl: z.string(),
  githubWebhookSecret: z.array(z.string()),
  /** With them a token says who is asking, and not the session cookie. */
  connectTokenSecret: z.array(z.string()).exactOptional(),
  connectTokenIssuer: z.string().exactOptional(),
})
export type Settings = z.infer<typeof settingsSchema>

export const healthSchema = z.object({
  port: z.int(),
  /** Since the start. */
  eventLoopDelayP99Ms: z.number(),
  eventLoopDelayMaxMs: z.number(),
  /** What is in use after a full collection of garbage. */
  liveHeapMb: z.number(),
  mostRssMb: z.number(),
  /** TCP connections at the same time, to Layers as well. */
  mostSockets: z.number(),
})
export type Health = z.infer<typeof healthSchema>
