// The whole flow over HTTP: BFF, sandbox, and a browser played by hand.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

it('connects an organization and tells the tenant its name', async () => {
  const ann = stack.browser('ann')
  const { flow, answer } = await ann.connect({ account: 'acme-coffee' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(
    `${stack.publicOrigin}/connect/github/flows/${flow.flowId}/done`,
  )

  const ended = await ann.waitForEnd(flow.flowId)
  expect(ended).toMatchObject({
    status: 'connected',
    account: { login: 'acme-coffee', type: 'Organization' },
  })
  expect(await ann.getConnection()).toMatchObject({
    status: 'connected',
    account: { login: 'acme-coffee', type: 'Organization' },
    avatarUrl: null,
    manageUrl: `${stack.sandbox.githubUrl}/organizations/acme-coffee/settings/installations`,
    flow: null,
  })
})
