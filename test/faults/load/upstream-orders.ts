// What the sandbox of a load, in a process of its own, is told and answers.
import { z } from 'zod'
import { openingSchema } from '../traffic/orders.ts'

export const upstreamOrderSchema = z.object({ order: z.enum(['down', 'up', 'record', 'close']) })
export type UpstreamOrder = z.infer<typeof upstreamOrderSchema>

const recordSchema = z.object({
  posts: z.array(
    z.object({
      organizationId: z.string(),
      installationId: z.number(),
      state: z.string(),
      at: z.number(),
      status: z.number().nullable(),
    }),
  ),
  bindings: z.array(z.object({ organizationId: z.string(), installationId: z.number() })),
})

export const upstreamNoticeSchema = z.discriminatedUnion('notice', [
  z.object({
    notice: z.literal('ready'),
    opening: openingSchema,
    databaseFileUrl: z.string(),
    /** Of the artefacts. */
    directory: z.string(),
    /** By the tenant's index. */
    installationIds: z.array(z.number()),
  }),
  z.object({
    notice: z.literal('record'),
    record: recordSchema,
    /** When each call to Layers arrived, epoch milliseconds. */
    calls: z.array(z.number()),
  }),
  z.object({ notice: z.literal('done') }),
])
export type UpstreamNotice = z.infer<typeof upstreamNoticeSchema>
