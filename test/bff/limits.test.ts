// How often is too often, and what is said then.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { createLimits, type Limits } from '../../bff/limits.ts'
import { BoundedRateLimiterMemory, MAX_KEYS } from '../../bff/limits/bounded-memory.ts'
import { startStack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'

/** How many of `count` calls are let through; the seconds to wait after the last refusal. */
async function tryOften(
  call: () => Promise<void>,
  count: number,
): Promise<{ passed: number; waitSeconds: number | undefined }> {
  let passed = 0
  let waitSeconds: number | undefined
  for (let index = 0; index < count; index += 1) {
    try {
      await call()
      passed += 1
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== 'rate_limited') throw error
      waitSeconds = error.retryAfterSeconds
    }
  }
  return { passed, waitSeconds }
}

describe('within five minutes', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('one user starts 20 flows, and 20 more in the next five minutes', async () => {
    const limits = createLimits()
    const start = () => limits.checkStart('northwind', 'ann')
    expect(await tryOften(start, 30)).toEqual({ passed: 20, waitSeconds: 300 })
    vi.advanceTimersByTime(299_000)
    expect(await tryOften(start, 1)).toEqual({ passed: 0, waitSeconds: 1 })
    vi.advanceTimersByTime(1001)
    expect((await tryOften(start, 30)).passed).toBe(20)
  })

  it('one tenant starts 60 flows, however many users it has', async () => {
    const limits = createLimits()
    let user = 0
    expect((await tryOften(() => limits.checkStart('northwind', `user-${(user += 1)}`), 100)).passed).toBe(60)
    expect((await tryOften(() => limits.checkStart('globex', 'cora'), 5)).passed).toBe(5)
  })

  it('a user of one tenant is not the user of the same name of another', async () => {
    const limits = createLimits({ startsPerUser: 1 })
    expect((await tryOften(() => limits.checkStart('a', 'b'), 2)).passed).toBe(1)
    expect((await tryOften(() => limits.checkStart('a","b', ''), 1)).passed).toBe(1)
    expect((await tryOften(() => limits.checkStart('b', 'b'), 1)).passed).toBe(1)
  })

  it('one address opens the return page 120 times without a flow', async () => {
    const limits = createLimits()
    expect(await tryOften(() => limits.checkStrayReturn('192.0.2.1'), 130)).toEqual({
      passed: 120,
      waitSeconds: 300,
    })
    expect((await tryOften(() => limits.checkStrayReturn('192.0.2.2'), 1)).passed).toBe(1)
  })

  const ann = { tenantId: 'northwind', userId: 'ann' }
  it.each<[string, number, (limits: Limits) => Promise<void>]>([
    ['one user looks 3000 times', 3000, (limits) => limits.checkRead(ann)],
    ['one user changes something 300 times', 300, (limits) => limits.checkChange(ann)],
    ['launch pages of one address ask 600 times', 600, (limits) => limits.checkLaunch('192.0.2.1')],
    ['one address is refused 600 times', 600, (limits) => limits.checkRefusal('192.0.2.1')],
    ['one address sends 60 wrong webhooks', 60, (limits) => limits.checkRefusedWebhook('192.0.2.1')],
  ])('%s', async (_, count, check) => {
    const limits = createLimits()
    expect(await tryOften(() => check(limits), count + 5)).toEqual({ passed: count, waitSeconds: 300 })
  })

  it('three tabs that poll without a rest stay far below the limit on looking', async () => {
    const limits = createLimits()
    const everySecondAndAHalf = (3 * 300) / 1.5
    expect((await tryOften(() => limits.checkRead(ann), 4 * everySecondAndAHalf)).waitSeconds).toBeUndefined()
  })

  it('no limit counts for another', async () => {
    const limits = createLimits({
      changesPerUser: 1,
      readsPerUser: 1,
      startsPerUser: 1,
      launchesPerAddress: 1,
    })
    for (const check of [
      () => limits.checkRead(ann),
      () => limits.checkChange(ann),
      () => limits.checkStart(ann.tenantId, ann.userId),
      () => limits.checkLaunch('ann'),
      () => limits.checkRefusal('ann'),
    ])
      expect((await tryOften(check, 1)).passed).toBe(1)
  })
})

describe('any number of keys', () => {
  it('take the memory of the newest twenty thousand, which are still counted', async () => {
    const memory = new BoundedRateLimiterMemory({ points: 1, durationSeconds: 300 })
    for (let index = 0; index < 100_000; index += 1) await memory.consume(`address ${index}`)
    const kept = memory.dump().storage.map(({ key }) => key)
    expect(kept).toHaveLength(MAX_KEYS)
    expect(kept.at(-1)).toBe('address 99999')
    await expect(memory.consume('address 99999')).rejects.toMatchObject({ consumedPoints: 2 })
    await expect(memory.consume('address 80000')).rejects.toMatchObject({ consumedPoints: 2 })
  })

  it('take more when nothing bounds the library’s limiter', async () => {
    const memory = new BoundedRateLimiterMemory({ points: 1, durationSeconds: 300, maxKeys: Infinity })
    for (let index = 0; index <= MAX_KEYS; index += 1) await memory.consume(`address ${index}`)
    expect(memory.dump().storage.length).toBeGreaterThan(MAX_KEYS)
  })
})

describe('a key whose time is over', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('has its whole budget again, and makes room for others', async () => {
    const memory = new BoundedRateLimiterMemory({ points: 1, durationSeconds: 300, maxKeys: 2 })
    await memory.consume('first')
    vi.advanceTimersByTime(200_000)
    await memory.consume('second')
    vi.advanceTimersByTime(100_001)
    await memory.consume('first')
    await expect(memory.consume('first')).rejects.toMatchObject({ consumedPoints: 2 })
    // The third takes the place of the one that has the least time left.
    await memory.consume('third')
    await expect(memory.consume('first')).rejects.toMatchObject({ consumedPoints: 3 })
    await expect(memory.consume('third')).rejects.toMatchObject({ consumedPoints: 2 })
    expect(memory.dump().storage.map(({ key }) => key)).toEqual(['first', 'third'])
  })
})

describe('over HTTP', () => {
  it('too many starts are 429 with Retry-After, and cost no call to Layers', async () => {
    const stack = await startStack({ bff: { limits: { startsPerUser: 2 } } })
    try {
      const ann = stack.browser('ann')
      await ann.startFlow()
      await ann.startFlow()
      const calls = stack.sandbox.requests.length
      const { status, body } = await ann.fetchJson('POST', '/flows', {
        flowId: createFlowId(),
        mode: 'popup',
      })
      expect(status).toBe(429)
      expect(body).toMatchObject({ error: { code: 'rate_limited' } })
      expect(stack.sandbox.requests).toHaveLength(calls)
      expect((await stack.browser('bob').startFlow()).status).toBe('waiting')
    } finally {
      await stack.close()
    }
  })

  it('too many stray returns from one address are 429 where they are, and a real one from it is let through', async () => {
    const stack = await startStack({ bff: { limits: { strayReturnsPerAddress: 3 } } })
    try {
      const ann = stack.browser('ann')
      for (let count = 0; count < 10; count += 1) await ann.navigate('/problem/return_unknown')
      const { returnUrl } = await ann.connect()
      const answers: number[] = []
      for (let count = 0; count < 5; count += 1) {
        // A spoofed address buys nothing, because no proxy is listed.
        const { status } = await ann.navigate('/return?state=x', { 'x-forwarded-for': `192.0.2.${count}` })
        answers.push(status)
      }
      expect(answers).toEqual([303, 303, 303, 429, 429])
      const refused = await ann.navigate('/return?state=x')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      // The crowd is nobody's browser with a flow; whoever has one is not counted among them.
      expect((await ann.navigate(returnUrl)).headers.get('location')).toContain('/done')
    } finally {
      await stack.close()
    }
  })

  it('refusals of one address become 429, and whoever is signed in there notices nothing', async () => {
    const stack = await startStack({ bff: { limits: { refusalsPerAddress: 3 } } })
    try {
      const nobody = stack.browser(null)
      const answers: number[] = []
      for (const path of ['/connection', '/nothing-here', `/flows/${createFlowId()}/done`, '/connection'])
        answers.push((await nobody.send(path)).status)
      expect(answers).toEqual([401, 404, 200, 429])
      const refused = await nobody.send(`/flows/${createFlowId()}/done`)
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      const ann = stack.browser('ann')
      expect((await ann.send('/connection')).status).toBe(200)
      expect((await ann.send(`/flows/${createFlowId()}`)).status).toBe(404)
      expect((await ann.send('/healthz')).status).toBe(200)
      const { returnUrl } = await ann.connect()
      expect((await ann.navigate(returnUrl)).headers.get('location')).toContain('/done')
    } finally {
      await stack.close()
    }
  })

  it('too many reads or changes of one user are 429 with Retry-After; others go on', async () => {
    const stack = await startStack({ bff: { limits: { readsPerUser: 2, changesPerUser: 3 } } })
    try {
      const ann = stack.browser('ann')
      const reads: number[] = []
      for (let count = 0; count < 3; count += 1) reads.push((await ann.send('/connection')).status)
      expect(reads).toEqual([200, 200, 429])
      const { flowId } = await ann.startFlow()
      const changes: number[] = []
      for (const step of ['cancel', 'finish', 'launch'])
        changes.push((await ann.fetchJson('POST', `/flows/${flowId}/${step}`)).status)
      expect(changes).toEqual([200, 200, 429])
      const { status, body } = await ann.fetchJson('DELETE', '/connection')
      expect({ status, body }).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } })
      expect((await stack.browser('bob').send('/connection')).status).toBe(200)
      expect((await stack.browser('bob').startFlow()).status).toBe('waiting')
    } finally {
      await stack.close()
    }
  })

  it('with connect tokens, launch pages are counted by address, and only where nobody can be named', async () => {
    const stack = await startStack({ identity: 'token', bff: { limits: { launchesPerAddress: 2 } } })
    try {
      const ann = stack.browser('ann')
      ann.token = await stack.signToken('ann')
      const { flowId } = await ann.startFlow()
      ann.token = undefined
      const answers: number[] = []
      for (let count = 0; count < 3; count += 1)
        answers.push((await ann.fetchJson('POST', `/flows/${flowId}/launch`)).status)
      expect(answers).toEqual([200, 200, 429])
    } finally {
      await stack.close()
    }
  })
})
