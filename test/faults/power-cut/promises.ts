// What a store has promised to the process that uses it, as the process says it in a line.
import { z } from 'zod'

export const promiseSchema = z.discriminatedUnion('promised', [
  /** The keys are made, and what they sealed is stored. */
  z.object({ promised: z.literal('keys') }),
  z.object({
    promised: z.literal('accepted'),
    tenantId: z.string(),
    stateHash: z.string(),
    index: z.string(),
  }),
  z.object({ promised: z.literal('connected'), tenantId: z.string(), index: z.string() }),
])

export type StorePromise = z.infer<typeof promiseSchema>
