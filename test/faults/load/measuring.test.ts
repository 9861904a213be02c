// How a load is made and measured: what would be hidden by waiting for answers is seen.
import { expect, it } from 'vitest'
import { findPeak } from './count-rate.ts'
import { createLatencies } from './latencies.ts'
import { slopeOf } from './memory.ts'
import { keepTimetable } from './timetable.ts'

it('lets nobody off who came during a stall: time counts from when they should have begun', async () => {
  const STALL_MS = 200
  const waits: number[] = []
  const outcome = await keepTimetable({
    perSecond: 100,
    durationMs: 100,
    atOnce: 1_000,
    async arrive(scheduledAt, index) {
      const until = performance.now() + (index === 0 ? STALL_MS : 0)
      while (performance.now() < until);
      waits.push(performance.now() - scheduledAt)
    },
  })
  expect(outcome).toEqual({ arrived: 10, dropped: 0 })
  for (const [index, waitMs] of waits.entries())
    expect(waitMs).toBeGreaterThanOrEqual(STALL_MS - 10 * index - 1)
})

it('names the value that a share of the measured ones is not above', () => {
  const latencies = createLatencies()
  expect(latencies.percentile(0.5)).toBe(0)
  for (let ms = 100; ms >= 1; ms -= 1) latencies.add(ms)
  expect([0, 0.5, 0.99, 1].map((share) => latencies.percentile(share))).toEqual([1, 51, 100, 100])
})

it('finds the most calls in any stretch of time, in whatever order they are given', () => {
  expect(findPeak([], 10)).toBe(0)
  expect(findPeak([30, 0, 9, 10, 12, 19, 21], 10)).toBe(3)
  expect(findPeak([5, 5, 5, 5, 100], 10)).toBe(4)
})

it('tells a process that grows from one that goes up and down', () => {
  const samples = (bytes: (index: number) => number) =>
    Array.from({ length: 100 }, (_, index) => ({ atMs: 10 * index, bytes: bytes(index) }))
  expect(slopeOf(samples((index) => 1000 + 50 * index))).toBeCloseTo(5)
  expect(slopeOf(samples((index) => 1000 + (index % 2)))).toBeCloseTo(0, 3)
  expect(slopeOf([])).toBe(0)
})
