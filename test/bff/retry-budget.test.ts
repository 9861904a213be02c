// How many retries a minute has, with a clock of the test's own.
import { describe, expect, it } from 'vitest'
import { createRetryBudget, DEFAULT_RETRY_BUDGET } from '../../bff/delivery/retry-budget.ts'

function open({ share = 0.1, floor = 3 } = {}) {
  const clock = { now: 1_000_500 }
  const budget = createRetryBudget({ share, floor }, () => clock.now)
  const take = (count: number): number =>
    Array.from({ length: count }, () => budget.takeRetry()).filter((waitMs) => waitMs === 0).length
  const tryFirst = (count: number): void => {
    for (let tried = 0; tried < count; tried += 1) budget.noteFirstTry()
  }
  return { clock, budget, take, tryFirst }
}

describe('the retry budget', () => {
  it('has a floor for a process in which nothing happens', () => {
    expect(open().take(10)).toBe(3)
  })

  it('adds a share of the first tries of the last minute', () => {
    const { take, tryFirst } = open()
    tryFirst(50)
    expect(take(100)).toBe(3 + 5)
    tryFirst(20)
    expect(take(100)).toBe(2)
  })

  it('says when to ask again, and has one then', () => {
    const { clock, budget, take } = open()
    take(1)
    clock.now += 20_000
    take(2)
    const waitMs = budget.takeRetry()
    expect(waitMs).toBe(39_500)
    clock.now += waitMs - 1
    expect(budget.takeRetry()).toBe(1)
    clock.now += 1
    expect([budget.takeRetry(), budget.takeRetry()]).toEqual([0, 20_000])
  })

  it('waits for a retry to leave the minute, whatever first tries were there before', () => {
    const { clock, budget, take, tryFirst } = open({ share: 0 })
    tryFirst(1)
    clock.now += 10_000
    expect(take(5)).toBe(3)
    clock.now += 5_000
    expect(budget.takeRetry()).toBe(54_500)
  })

  it('forgets first tries and retries after a minute', () => {
    const { clock, take, tryFirst } = open()
    tryFirst(1000)
    expect(take(200)).toBe(103)
    clock.now += 60_000
    expect(take(200)).toBe(3)
  })

  it('gives no more than its share in any minute, however the tries fall', () => {
    const { clock, budget } = open({ share: 0.1, floor: 5 })
    const taken: number[] = []
    const tried: number[] = []
    for (let step = 0; step < 2_000; step += 1) {
      clock.now += 137 + ((step * 7919) % 400)
      if (step % 3 === 0) {
        budget.noteFirstTry()
        tried.push(clock.now)
      }
      if (budget.takeRetry() === 0) {
        taken.push(clock.now)
        const since = clock.now - 59_000
        const retries = taken.filter((at) => at > since).length
        const firstTries = tried.filter((at) => at > clock.now - 60_000).length
        expect(retries).toBeLessThan(5 + 0.1 * firstTries + 1)
      }
    }
    expect(taken.length).toBeGreaterThan(50)
  })

  it('waits a minute when nothing is ever allowed', () => {
    const { budget } = open({ share: 0, floor: 0 })
    expect(budget.takeRetry()).toBe(59_500)
  })

  it('lets fifty returns that failed once through within two minutes, by default', () => {
    const { clock, budget, take, tryFirst } = open(DEFAULT_RETRY_BUDGET)
    tryFirst(50)
    const first = take(50)
    clock.now += budget.takeRetry()
    expect(first + take(50 - first)).toBe(50)
  })
})
