// Whether the BFF lives and can serve: two words for anybody, which cost nothing and which no header changes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReadiness } from '../../bff/readiness.ts'
import { sendRaw } from '../stack/send-raw.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'

/** A store whose check is counted, and ends when told. */
function countChecks() {
  const pending: PromiseWithResolvers<void>[] = []
  let elapsedMs = 0
  const check = (): Promise<void> => {
    const checking = Promise.withResolvers<void>()
    pending.push(checking)
    return checking.promise
  }
  return {
    readiness: createReadiness({ check }, () => elapsedMs),
    pending,
    wait: (ms: number) => void (elapsedMs += ms),
  }
}

describe('the question to the store', () => {
  it('is asked once for a crowd, and again after a second', async () => {
    const { readiness, pending, wait } = countChecks()
    const crowd = Array.from({ length: 1_000 }, () => readiness.canStore())
    pending[0]?.resolve()
    expect(new Set(await Promise.all(crowd))).toEqual(new Set([true]))
    wait(999)
    expect(await readiness.canStore()).toBe(true)
    expect(pending).toHaveLength(1)
    wait(1)
    const later = readiness.canStore()
    expect(pending).toHaveLength(2)
    pending[1]?.resolve()
    expect(await later).toBe(true)
  })

  it('is not asked a second time while the first has no answer', async () => {
    const { readiness, pending, wait } = countChecks()
    const first = readiness.canStore()
    wait(60_000)
    const second = readiness.canStore()
    expect(pending).toHaveLength(1)
    pending[0]?.resolve()
    expect([await first, await second]).toEqual([true, true])
  })

  it('is answered no while the store fails, and yes again afterwards', async () => {
    const { readiness, pending, wait } = countChecks()
    const failing = readiness.canStore()
    pending[0]?.reject(new Error('the disk is full'))
    expect(await failing).toBe(false)
    expect(await readiness.canStore()).toBe(false)
    wait(1_000)
    const mended = readiness.canStore()
    pending[1]?.resolve()
    expect(await mended).toBe(true)
  })
})

describe('over HTTP', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack()
  })
  afterAll(() => stack.close())

  const HEADERS: readonly Readonly<Record<string, string>>[] = [
    {},
    { 'user-agent': 'kube-probe/1.34' },
    { 'user-agent': 'GoogleHC/1.0' },
    { 'user-agent': 'ELB-HealthChecker/2.0' },
    { authorization: 'Bearer not-a-token' },
    { cookie: 'session=ann; __Host-connect-github=1' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { accept: 'text/html', 'accept-language': 'de' },
    { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
    { 'x-original-url': '/connection', 'x-rewrite-url': '/connection', 'x-http-method-override': 'DELETE' },
    {
      'x-connect-github': '1',
      'x-debug': '1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  ]

  it.each([
    ['/healthz', '{"status":"up"}'],
    ['/readyz', '{"status":"ready"}'],
  ])('%s says the same whatever the headers say', async (path, body) => {
    const answers = []
    for (const headers of HEADERS) answers.push(await sendRaw(stack.baseUrl + path, { headers }))
    expect(answers.map(({ status, text }) => [status, text])).toEqual(HEADERS.map(() => [200, body]))
    const names = answers.map(({ headers }) => [...headers.keys()].toSorted().join())
    expect(new Set(names).size).toBe(1)
  })
})
