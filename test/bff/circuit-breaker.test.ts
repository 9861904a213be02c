// When the circuit breaker lets calls through, with a clock of the test's own.
import { describe, expect, it } from 'vitest'
import { CircuitOpenError, createCircuitBreaker } from '../../bff/upstream/circuit-breaker.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'

const SETTINGS = { failures: 3, openMs: 1000 }
const down = new UpstreamError('network', 'down')
const answers = {
  'a refusal': new UpstreamError('status', '422', { status: 422, code: 'VALIDATION' }),
  'a rate limit': new UpstreamError('status', '429', { status: 429, code: 'RATE_LIMITED' }),
  'a kill switch': new UpstreamError('status', '503', { status: 503, code: 'KILL_SWITCH' }),
  'an unreadable answer': new UpstreamError('shape', 'not JSON', { status: 200 }),
}
const outages = {
  'no connection': down,
  'no answer in time': new UpstreamError('timeout', 'slow'),
  500: new UpstreamError('status', '500', { status: 500, code: 'INTERNAL' }),
  'a 503 of a proxy': new UpstreamError('status', '503', { status: 503 }),
}

function open() {
  const clock = { now: 5_000 }
  const events: string[] = []
  let calls = 0
  const breaker = createCircuitBreaker({
    ...SETTINGS,
    now: () => clock.now,
    isOutage: (error) => error instanceof UpstreamError && error.isOutage,
    onOpened: () => void events.push('opened'),
    onClosed: (openForMs) => void events.push(`closed after ${openForMs}`),
  })
  /** What the call threw, or what it gave. */
  const run = (outcome: unknown): Promise<unknown> =>
    breaker
      .run(async () => {
        calls += 1
        if (outcome instanceof Error) throw outcome
        return outcome
      })
      .catch((error: unknown) => error)
  return { clock, breaker, run, events, calls: () => calls }
}

async function openAfterFailures() {
  const opened = open()
  for (let failure = 1; failure <= SETTINGS.failures; failure += 1) await opened.run(down)
  return opened
}

describe('a circuit breaker', () => {
  it.each(Object.entries(outages))('opens after a row of failures: %s', async (_, outage) => {
    const { run, events, calls, breaker } = open()
    for (const failure of [1, 2]) {
      expect([failure, await run(outage)]).toEqual([failure, outage])
      expect(breaker.isDoubtful()).toBe(true)
    }
    expect(events).toEqual([])
    expect(await run(outage)).toBe(outage)
    expect(events).toEqual(['opened'])
    expect(await run('fine')).toBeInstanceOf(CircuitOpenError)
    expect(calls()).toBe(3)
  })

  it.each(Object.entries(answers))('takes %s for an answer: it ends a row of failures', async (_, answer) => {
    const { run, events, breaker } = open()
    for (const outcome of [down, down, answer, down, down, 'fine', answer, answer, answer, answer]) {
      expect(await run(outcome)).toBe(outcome)
    }
    expect(events).toEqual([])
    expect(breaker.isDoubtful()).toBe(false)
  })

  it('says how long to wait, and lets nothing through until then', async () => {
    const { breaker, run, clock, calls } = await openAfterFailures()
    clock.now += 400
    expect(breaker.isOpen()).toBe(true)
    expect(await run('fine')).toMatchObject({ retryAfterMs: 600, openForMs: 400 })
    clock.now += 599
    expect(await run('fine')).toMatchObject({ retryAfterMs: 1, openForMs: 999 })
    expect(calls()).toBe(3)
    clock.now += 1
    expect(breaker.isOpen()).toBe(false)
    expect(await run('fine')).toBe('fine')
  })

  it('lets one call find out, and refuses the others at once meanwhile', async () => {
    const { breaker, run, clock, events, calls } = await openAfterFailures()
    clock.now += 1000
    const { promise, resolve } = Promise.withResolvers<string>()
    const probe = breaker.run(() => promise)
    expect(await run('fine')).toMatchObject({ name: 'CircuitOpenError', retryAfterMs: 2000, openForMs: 1000 })
    expect(calls()).toBe(3)
    clock.now += 50
    resolve('found')
    expect(await probe).toBe('found')
    expect(events).toEqual(['opened', 'closed after 1050'])
    expect(await run('fine')).toBe('fine')
  })

  it('opens again at the first failure of the call that finds out, and says so once', async () => {
    const { run, clock, events, calls } = await openAfterFailures()
    for (const probe of [4, 5, 6]) {
      clock.now += 1000
      expect(await run(down)).toBe(down)
      expect(await run('fine')).toBeInstanceOf(CircuitOpenError)
      expect(calls()).toBe(probe)
    }
    expect(events).toEqual(['opened'])
    clock.now += 1000
    expect(await run(answers['a rate limit'])).toBe(answers['a rate limit'])
    expect(events).toEqual(['opened', 'closed after 4000'])
  })

  it('closes only after as many failures in a row as the first time', async () => {
    const { run, clock, events } = await openAfterFailures()
    clock.now += 1000
    await run('fine')
    for (const outcome of [down, down, 'fine', down, down]) expect(await run(outcome)).toBe(outcome)
    expect(events).toHaveLength(2)
  })

  it('is not confused by failures of calls from before it opened', async () => {
    const { breaker, run, clock, events } = open()
    const late = [1, 2, 3].map(() => Promise.withResolvers<never>())
    const slow = late.map(({ promise }) => breaker.run(() => promise).catch((error: unknown) => error))
    for (const failure of [1, 2, 3]) expect([failure, await run(down)]).toEqual([failure, down])
    clock.now += 500
    for (const { reject } of late) reject(down)
    expect(await Promise.all(slow)).toEqual([down, down, down])
    expect(events).toEqual(['opened'])
    clock.now += 500
    expect(await run('fine')).toBe('fine')
  })

  it('does not stay open because the wall clock was set back', async () => {
    const { run, clock } = await openAfterFailures()
    const wallClock = Date.now
    Date.now = () => wallClock() - 3_600_000
    try {
      clock.now += 1000
      expect(await run('fine')).toBe('fine')
    } finally {
      Date.now = wallClock
    }
  })

  it('hands on what is no failure of the upstream', async () => {
    const { run, breaker } = open()
    const bug = new TypeError('a mistake of ours')
    for (const time of [1, 2, 3, 4]) expect([time, await run(bug)]).toEqual([time, bug])
    expect(breaker.isDoubtful()).toBe(false)
  })
})
