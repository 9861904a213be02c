// What two tabs of one browser do to each other at the server, and what the windows say that it answers with.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { en } from '../../bff/pages/languages/en.ts'
import { listPosts, problemOf } from '../flow/what-happened.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

/** A tab that has been to GitHub: its flow, and the URL that GitHub sends it back to. */
async function openTab() {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

describe('two tabs of one browser', () => {
  it('each come back to what became of their own flow, the older one as well', async () => {
    const [older, newer] = [await openTab(), await openTab()]
    const answer = await ann.navigate(older.returnUrl)
    expect(problemOf(answer)).toBeUndefined()
    expect(answer.headers.get('location')).toContain(older.flowId)
    expect((await ann.navigate(answer.headers.get('location') ?? '')).text).toContain(en.noLongerCounted)
    await ann.navigate(newer.returnUrl)
    expect(await ann.waitForEnd(newer.flowId)).toMatchObject({ status: 'connected' })
    expect(listPosts(stack.sandbox)).toHaveLength(1)
  })

  it('leave each other’s cookie alone when one of them has come to its end', async () => {
    const [older, newer] = [await openTab(), await openTab()]
    await ann.navigate(newer.returnUrl)
    await ann.waitForEnd(newer.flowId)
    const answer = await ann.navigate(older.returnUrl)
    expect(problemOf(answer)).toBeUndefined()
    expect(answer.headers.get('location')).toContain(older.flowId)
  })
})

describe('a window that a customer sees', () => {
  it('says where it is going before any script has run', async () => {
    const { text } = await ann.navigate(`/flows/${createFlowId()}/launch`)
    expect(text).toMatch(/<h1[^>]*>[^<]+<\/h1>\s*<p[^>]*>[^<]+<\/p>/)
  })

  it('says after GitHub that it may be closed, and leads back', async () => {
    const { answer } = await ann.connect({ account: 'acme-coffee' })
    const { text } = await ann.navigate(answer.headers.get('location') ?? '')
    expect(text).toContain(en.closeWindow)
    expect(text).toContain(`href="${stack.publicOrigin}/"`)
  })
})
