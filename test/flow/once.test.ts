// However often GitHub's redirect arrives, and whoever confirms it: one state is used once, and Layers hears of it once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { createBffProcesses } from './bff-process.ts'
import { copyBroken } from './broken-bff.ts'
import { READ_THEN_WRITE_SQLITE } from './read-then-write.ts'
import { countGets, getLatestState, INSTALL_URL_PATH, listEvents, listPosts } from './what-happened.ts'

const PARALLEL = 50

interface Crowd {
  readonly flowId: string
  /** Status and Location of each answer. */
  readonly answers: readonly string[]
  readonly ended: FlowView
}

/** One flow whose return arrives fifty times at once. */
async function returnManyTimes(browser: TestBrowser): Promise<Crowd> {
  const { flowId } = await browser.startFlow()
  const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), {
    account: 'acme-coffee',
  })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  const answers = await Promise.all(Array.from({ length: PARALLEL }, () => browser.navigate(returnUrl)))
  const ended = await browser.waitForEnd(flowId)
  return {
    flowId,
    answers: answers.map(({ status, headers }) => `${status} ${headers.get('location')}`),
    ended,
  }
}

function listRawPosts({ requests }: Sandbox): string[] {
  return requests.filter(({ method }) => method === 'POST').map(({ body }) => body)
}

describe('with the BFF as it is', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await startStack()
  })
  afterEach(() => stack.close())

  function getExpectedBody(): string {
    const installationId = stack.sandbox.installations[0]?.installationId
    return JSON.stringify({ installationId, state: getLatestState(stack.sandbox) })
  }

  it('posts fifty returns at once a single time, as JSON with exactly two keys, and leads all to one page', async () => {
    const ann = stack.browser('ann')
    const { flowId, answers, ended } = await returnManyTimes(ann)
    expect(new Set(answers)).toEqual(
      new Set([`303 ${stack.publicOrigin}/connect/github/flows/${flowId}/done`]),
    )
    expect(answers).toHaveLength(PARALLEL)
    expect(ended).toMatchObject({ status: 'connected', error: null })
    expect(listRawPosts(stack.sandbox)).toEqual([getExpectedBody()])
    const [post] = stack.sandbox.requests.filter(({ method }) => method === 'POST')
    expect(post?.headers['content-type']).toBe('application/json')
    expect(listEvents(stack, 'return_accepted')).toHaveLength(1)
    expect(listEvents(stack, 'state_replayed_with_other_installation')).toEqual([])
  })

  it('accepts one of fifty returns at once that each bring another id', async () => {
    const ann = stack.browser('ann')
    const { flowId } = await ann.startFlow()
    const state = getLatestState(stack.sandbox)
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, (_, index) =>
        ann.navigate(`/return?state=${state}&setup_action=install&installation_id=${index + 1}`),
      ),
    )
    await ann.waitForEnd(flowId)
    const locations = answers.map(({ headers }) => headers.get('location') ?? '')
    expect(locations.filter((location) => location.endsWith('/done'))).toHaveLength(1)
    expect(locations.filter((location) => location.includes('/problem/state_replayed'))).toHaveLength(
      PARALLEL - 1,
    )
    expect(listPosts(stack.sandbox)).toHaveLength(1)
  })

  it('posts once when popup and widget confirm a return at once, many times', async () => {
    const identity = stack.people.get('ann') ?? null
    const ann = stack.browser('ann')
    const { flowId } = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    stack.people.set('ann', null)
    await ann.navigate(returnUrl ?? '')
    stack.people.set('ann', identity)
    const finished = await Promise.all(
      Array.from({ length: PARALLEL }, () => ann.fetchJson<FlowView>('POST', `/flows/${flowId}/finish`)),
    )
    expect(new Set(finished.map(({ status }) => status))).toEqual(new Set([200]))
    expect(finished.filter(({ body }) => !['binding', 'connected'].includes(body.status))).toEqual([])
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
    expect(listRawPosts(stack.sandbox)).toEqual([getExpectedBody()])
    expect(listEvents(stack, 'return_confirmed')).toHaveLength(1)
  })

  it('posts once when returns and confirmations arrive mixed', async () => {
    const ann = stack.browser('ann')
    const { flowId } = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    await Promise.all(
      Array.from({ length: PARALLEL }, (_, index) =>
        index % 2 === 0 ? ann.navigate(returnUrl ?? '') : ann.fetchJson('POST', `/flows/${flowId}/finish`),
      ),
    )
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
    expect(listRawPosts(stack.sandbox)).toEqual([getExpectedBody()])
  })

  it('starts one flow when fifty starts with its id arrive at once', async () => {
    const ann = stack.browser('ann')
    const flowId = 'AAAAAAAAAAAAAAAAAAAAAA'
    const flows = await Promise.all(Array.from({ length: PARALLEL }, () => ann.startFlow({ flowId })))
    expect(new Set(flows.map((flow) => JSON.stringify(flow))).size).toBe(1)
    expect(stack.sandbox.states).toHaveLength(1)
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(1)
    expect(ann.cookies.size).toBe(2)
  })
})

describe('with a BFF that reads first and writes later', () => {
  it('accepts and posts more than once, so these tests can see it', { timeout: 40_000 }, async () => {
    const processes = await createBffProcesses()
    try {
      const directory = copyBroken(READ_THEN_WRITE_SQLITE)
      // Slow, so that no binding ends, and erases the state, while further returns arrive.
      processes.sandbox.scenario('delay_next', { route: 'bind', delayMs: 3_000, times: PARALLEL })
      const bff = await processes.start({ directory })
      await returnManyTimes(bff.browser())
      expect(listRawPosts(processes.sandbox).length).toBeGreaterThan(1)
      expect(processes.output().split('"return_accepted"').length - 1).toBeGreaterThan(1)
    } finally {
      await processes.close()
    }
  })
})
