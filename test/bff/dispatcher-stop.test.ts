// A process that is told to stop at the very moment in which it claims a job begins nothing for it.
import { expect, it } from 'vitest'
import type { OwnershipClaim } from '../../bff/ownership/ownership.ts'
import { openQueue } from './queue.ts'

it('gives a job back that was claimed while it was told to stop, without using up GitHub’s code for a proof', async () => {
  const proved: OwnershipClaim[] = []
  const stopped = Promise.withResolvers<void>()
  const { bff, dispatcher, accept, posts } = await openQueue({
    runtime: { authorization: 'own-app' },
    ownership: {
      authorization: { acceptsReturnCode: true, createUrl: () => 'https://github.example/' },
      async prove(claim) {
        proved.push(claim)
        return { verdict: 'proved', login: null }
      },
      close: async () => undefined,
    },
    store: (storage) => ({
      async claimJobs(...claim) {
        const jobs = await storage.claimJobs(...claim)
        stopped.resolve(dispatcher.stop())
        return jobs
      },
    }),
  })
  await accept()
  dispatcher.wake()
  await stopped.promise
  expect([proved, posts]).toEqual([[], []])
  const [job] = await bff.runtime.storage.claimJobs('next', { leaseMs: 1000, limit: 1 })
  expect(job).toMatchObject({ outcomeUnknown: false, attempts: 0, flow: { proof: null } })
})
