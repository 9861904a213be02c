// What the metrics say of a store that cannot be asked, or does not answer.
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { PREFIX } from '../../bff/metrics/metric-table.ts'
import { createMetrics } from '../../bff/metrics/metrics.ts'
import type { OpenWork } from '../../bff/storage/storage.ts'
import { readMetrics, sumOf } from '../stack/read-metrics.ts'

describe('a store that cannot be asked', () => {
  it('is down, and nothing is said of what it held before', async () => {
    const metrics = createMetrics()
    expect(sumOf(await metrics.render(), 'store_up')).toBe(0)
    const flows = { starting: 0, waiting: 4, returned: 0, authorizing: 0, binding: 2 }
    metrics.readOpenWorkFrom(async () => ({ flows, jobs: 2, oldestDueMs: 500, oldestJobMs: 9000 }))
    const up = await metrics.render()
    expect(['store_up', 'queue_jobs', 'queue_due_seconds'].map((name) => sumOf(up, name))).toEqual([
      1, 2, 0.5,
    ])
    metrics.readOpenWorkFrom(() => Promise.reject(new Error('away')))
    const names = readMetrics(await metrics.render()).map(({ name }) => name.slice(PREFIX.length))
    expect(names).toContain('store_up')
    for (const gone of ['queue_jobs', 'queue_oldest_seconds', 'queue_due_seconds', 'open_flows'])
      expect(names).not.toContain(gone)
  })

  it('is down when it does not answer for three seconds, and is not asked again before it has', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const metrics = createMetrics()
    const answers: ((work: OpenWork) => void)[] = []
    metrics.readOpenWorkFrom(() => new Promise((resolve) => answers.push(resolve)))
    for (const _ of [1, 2]) {
      const reading = metrics.render()
      await vi.advanceTimersByTimeAsync(3_000)
      expect(sumOf(await reading, 'store_up')).toBe(0)
    }
    expect(answers).toHaveLength(1)
    const flows = { starting: 0, waiting: 4, returned: 0, authorizing: 0, binding: 2 }
    const reading = metrics.render()
    answers[0]?.({ flows, jobs: 2, oldestDueMs: 500, oldestJobMs: 9000 })
    expect(sumOf(await reading, 'queue_jobs')).toBe(2)
  })

  it('is asked once however many look at the same moment', async () => {
    const metrics = createMetrics()
    let asked = 0
    metrics.readOpenWorkFrom(async () => {
      asked += 1
      return Promise.reject(new Error('away'))
    })
    await Promise.all(Array.from({ length: 20 }, () => metrics.render()))
    expect(asked).toBe(1)
  })
})
