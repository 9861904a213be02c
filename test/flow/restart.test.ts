// What was accepted from GitHub is finished, whatever happens to the process: killed, stopped, started again.
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { createBffProcesses, type BffProcess, type BffProcesses } from './bff-process.ts'
import { countGets, getLatestState, INSTALL_URL_PATH, INSTALLATION_PATH, listPosts } from './what-happened.ts'

let processes: BffProcesses
beforeEach(async () => {
  processes = await createBffProcesses()
})
afterEach(() => processes.close())

const HOUR_MS = 60 * 60_000

/** Resolves when something that happens in another process can be seen here. */
function waitUntil(isSo: () => boolean): Promise<boolean> {
  return vi.waitUntil(isSo, { timeout: 10_000, interval: 5 })
}

/** Resolves when Layers has received that many posts, answered or not. */
const waitForPosts = (count: number): Promise<boolean> =>
  waitUntil(() => listPosts(processes.sandbox).length >= count)

/** A flow whose return was answered with a 303 while its binding was still on its way. */
async function returnFromGitHub(
  bff: BffProcess,
): Promise<{ ann: TestBrowser; flowId: string; returnUrl: string }> {
  const ann = bff.browser()
  const { flow, returnUrl, answer } = await ann.connect()
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toMatch(/\/done$/)
  expect(processes.sandbox.bindings).toEqual([])
  return { ann, flowId: flow.flowId, returnUrl }
}

/** The same person's browser, cookies included, at the next process. */
function moveTo(bff: BffProcess, { cookies }: TestBrowser): TestBrowser {
  const browser = bff.browser()
  for (const [name, value] of cookies) browser.cookies.set(name, value)
  return browser
}

function expectBoundOnceWithTheSameBody(): void {
  const { installations, bindings } = processes.sandbox
  const installationId = installations[0]?.installationId
  expect(bindings).toMatchObject([{ installationId }])
  const posts = listPosts(processes.sandbox)
  const expected = { installationId, state: getLatestState(processes.sandbox) }
  expect(posts.map(({ body }) => body)).toEqual(posts.map(() => expected))
}

it('finishes a binding by itself after it was killed between the answer to GitHub’s redirect and Layers’ answer', async () => {
  processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: HOUR_MS / 10 })
  const first = await processes.start()
  const { ann, flowId, returnUrl } = await returnFromGitHub(first)
  await waitForPosts(1)
  first.signal('SIGKILL')
  expect(await first.exit).toMatchObject({ signal: 'SIGKILL' })

  const second = await processes.start()
  const later = moveTo(second, ann)
  expect(await later.waitForEnd(flowId)).toMatchObject({
    status: 'connected',
    account: { login: 'acme-coffee' },
  })
  expect(listPosts(processes.sandbox)).toHaveLength(2)
  expectBoundOnceWithTheSameBody()
  const reload = await later.navigate(returnUrl)
  expect(reload.headers.get('location')).toMatch(new RegExp(`/flows/${flowId}/done$`))
  expect(listPosts(processes.sandbox)).toHaveLength(2)
})

it('does not bind again what Layers had taken when it was killed', async () => {
  // The answers get lost, so the binding is still open for the BFF when it is killed.
  processes.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
  processes.sandbox.scenario('delay_next', { route: 'get_installation', delayMs: HOUR_MS / 10 })
  const first = await processes.start()
  const ann = first.browser()
  const { flow } = await ann.connect()
  await waitUntil(() => countGets(processes.sandbox, INSTALLATION_PATH) > 0)
  first.signal('SIGKILL')
  await first.exit
  expect(processes.sandbox.bindings).toHaveLength(1)

  const second = await processes.start()
  expect(await moveTo(second, ann).waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  expect(listPosts(processes.sandbox)).toHaveLength(1)
})

it('survives being killed again and again', async () => {
  processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: HOUR_MS / 10, times: 3 })
  let bff = await processes.start()
  const { ann, flowId } = await returnFromGitHub(bff)
  for (let kills = 1; kills <= 3; kills += 1) {
    await waitForPosts(kills)
    bff.signal('SIGKILL')
    await bff.exit
    bff = await processes.start()
  }
  expect(await moveTo(bff, ann).waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(listPosts(processes.sandbox)).toHaveLength(4)
  expectBoundOnceWithTheSameBody()
})

it('goes on with a flow whose start was cut by the kill, when the start is repeated', async () => {
  processes.sandbox.scenario('delay_next', { route: 'install_url', delayMs: HOUR_MS / 10 })
  const first = await processes.start()
  const ann = first.browser()
  const flowId = createFlowId()
  const cut = ann.startFlow({ flowId }).catch(() => 'cut')
  await waitUntil(() => processes.sandbox.requests.length > 0)
  first.signal('SIGKILL')
  expect(await cut).toBe('cut')

  const later = moveTo(await processes.start(), ann)
  const repeated = await Promise.all(Array.from({ length: 10 }, () => later.startFlow({ flowId })))
  for (const flow of repeated) expect(flow).toMatchObject({ flowId, status: 'waiting' })
  expect(countGets(processes.sandbox, INSTALL_URL_PATH)).toBe(2)
  const returnUrl = await later.submitOnGitHub(await later.getInstallUrl(flowId), { account: 'acme-coffee' })
  await later.navigate(returnUrl ?? '')
  expect(await later.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expectBoundOnceWithTheSameBody()
})

it.each(['SIGTERM', 'SIGINT'] as const)(
  'lets a running binding end on %s, and exits with 0',
  async (signal) => {
    processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: 500 })
    const first = await processes.start()
    const { ann, flowId } = await returnFromGitHub(first)
    await waitForPosts(1)
    first.signal(signal)
    expect(await first.exit).toEqual({ code: 0, signal: null })
    expectBoundOnceWithTheSameBody()

    const second = await processes.start()
    expect(await moveTo(second, ann).getFlow(flowId)).toMatchObject({ status: 'connected' })
    expect(listPosts(processes.sandbox)).toHaveLength(1)
  },
)

it('answers who waits for the flow, and leaves a binding that has to wait to the next start, on SIGTERM', async () => {
  processes.sandbox.scenario('fail_next', {
    route: 'bind',
    status: 429,
    code: 'RATE_LIMITED',
    retryAfterSeconds: 2,
  })
  const first = await processes.start()
  const { ann, flowId } = await returnFromGitHub(first)
  await waitUntil(() => processes.output().includes('"binding_retry"'))
  const flow = await ann.getFlow(flowId)
  const waiting = ann.getFlow(flowId, `?after=${flow.version}&wait=25`)
  // Whole round trips, one after the other: the waiting request is with the BFF by then.
  for (let trip = 0; trip < 10; trip += 1) await ann.getConnection()
  first.signal('SIGTERM')
  expect(await waiting).toEqual(flow)
  expect(await first.exit).toEqual({ code: 0, signal: null })
  expect(processes.sandbox.bindings).toEqual([])

  const second = await processes.start()
  expect(await moveTo(second, ann).waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expectBoundOnceWithTheSameBody()
})

it(
  'stops within the time of one call while Layers hangs, and the next start finishes',
  { timeout: 40_000 },
  async () => {
    processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: HOUR_MS / 10 })
    const first = await processes.start()
    const { ann, flowId } = await returnFromGitHub(first)
    await waitForPosts(1)
    first.signal('SIGTERM')
    expect(await first.exit).toEqual({ code: 0, signal: null })
    const second = await processes.start()
    expect(await moveTo(second, ann).waitForEnd(flowId)).toMatchObject({ status: 'connected' })
    expectBoundOnceWithTheSameBody()
  },
)

it.each([
  ['its database is deleted', (file: string) => `file:${file}`],
  ['it keeps its database in memory', () => 'file::memory:'],
])('loses the binding when %s, so these tests can see a loss', async (_, databaseUrlOf) => {
  const databaseUrl = databaseUrlOf(processes.databaseFile)
  processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: HOUR_MS / 10 })
  const first = await processes.start({ databaseUrl })
  const { ann, flowId } = await returnFromGitHub(first)
  await waitForPosts(1)
  first.signal('SIGKILL')
  await first.exit
  for (const suffix of ['', '-wal', '-shm']) rmSync(processes.databaseFile + suffix, { force: true })

  const second = await processes.start({ databaseUrl })
  const later = moveTo(second, ann)
  await expect(later.getFlow(flowId)).rejects.toThrow('404')
  expect(await later.getConnection()).toMatchObject({ status: 'not_connected', flow: null })
  expect(processes.sandbox.bindings).toEqual([])
})
