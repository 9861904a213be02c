// What somebody who watches for attacks finds in the log: each kind, with whose tenant it was where that is known, and why.
import { afterEach, expect, it } from 'vitest'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { buildReturnUrl } from './what-happened.ts'

let stack: Stack
afterEach(() => stack.close())

interface Row {
  readonly title: string
  readonly event: string
  /** Code or reason that the line has. */
  readonly says: Readonly<Record<string, unknown>>
  /** Whether it is known whose tenant it was. */
  readonly ofTenant: boolean
  readonly options?: StackOptions
  readonly cause: () => Promise<unknown>
}

const NO_STATE = { installation_id: '1', setup_action: 'install' }

const ROWS: readonly Row[] = [
  {
    title: 'a return without a state',
    event: 'return_without_flow',
    says: { reason: 'no state' },
    ofTenant: false,
    cause: () => stack.browser().navigate(buildReturnUrl(stack, NO_STATE)),
  },
  {
    title: 'a return with a state that nobody made',
    event: 'return_without_flow',
    says: { reason: 'unknown state' },
    ofTenant: false,
    cause: () => stack.browser().navigate(buildReturnUrl(stack, { ...NO_STATE, state: 'x'.repeat(32) })),
  },
  {
    title: 'a return without the flow’s cookie',
    event: 'return_in_other_browser',
    says: { code: 'return_other_browser' },
    ofTenant: true,
    async cause() {
      const ann = stack.browser()
      const { flowId } = await ann.startFlow()
      const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
      await stack.browser().navigate(returnUrl ?? '')
    },
  },
  {
    title: 'a used state with another installation',
    event: 'state_replayed_with_other_installation',
    says: { code: 'state_replayed' },
    ofTenant: true,
    async cause() {
      const ann = stack.browser()
      const { returnUrl } = await ann.connect()
      await ann.navigate(returnUrl.replace(/installation_id=\d+/, 'installation_id=987654321'))
    },
  },
  {
    title: 'a return to somebody else’s session',
    event: 'return_refused',
    says: { code: 'session_mismatch' },
    ofTenant: true,
    async cause() {
      const ann = stack.browser()
      const { flowId } = await ann.startFlow()
      const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
      ann.cookies.set('session', 'bob')
      await ann.navigate(returnUrl ?? '')
    },
  },
  {
    title: 'a start by somebody without the role',
    event: 'request_forbidden',
    says: { code: 'forbidden' },
    ofTenant: true,
    cause: () => stack.browser('vera').fetchJson('POST', '/flows', { flowId: 'v'.repeat(22), mode: 'popup' }),
  },
  {
    title: 'a change from a page that is not listed',
    event: 'request_forbidden',
    says: { code: 'request_not_trusted', detail: expect.stringContaining('ALLOWED_ORIGINS') },
    ofTenant: false,
    cause: () =>
      stack.browser().send('/flows', {
        method: 'POST',
        headers: {
          origin: 'https://evil.example',
          'x-connect-github': '1',
          'content-type': 'application/json',
        },
        body: '{}',
      }),
  },
  {
    title: 'a row of installations that Layers does not know (422)',
    event: 'failed_bindings_burst',
    says: { code: 'rate_limited', count: 1 },
    ofTenant: true,
    options: { bff: { limits: { failedBindingsPerTenant: 1 } } },
    async cause() {
      const ann = stack.browser()
      stack.sandbox.scenario('fail_next', { route: 'bind', status: 422, code: 'VALIDATION' })
      const { flow } = await ann.connect()
      await ann.waitForEnd(flow.flowId)
      await ann.fetchJson('POST', '/flows', { flowId: 'n'.repeat(22), mode: 'popup' })
    },
  },
  {
    title: 'a row of organizations that are bound already (409)',
    event: 'failed_bindings_burst',
    says: { code: 'rate_limited', count: 1 },
    ofTenant: true,
    options: { bff: { limits: { failedBindingsPerTenant: 1 } } },
    async cause() {
      const ann = stack.browser()
      stack.sandbox.scenario('fail_next', { route: 'bind', status: 409, code: 'CONFLICT' })
      const { flow } = await ann.connect()
      await ann.waitForEnd(flow.flowId)
      await ann.fetchJson('POST', '/flows', { flowId: 'n'.repeat(22), mode: 'popup' })
    },
  },
  {
    title: 'an installation that another tenant has',
    event: 'installation_taken',
    says: { code: 'installation_in_use' },
    ofTenant: true,
    async cause() {
      const ann = stack.browser()
      const { flow, returnUrl } = await ann.connect()
      await ann.waitForEnd(flow.flowId)
      const id = new URL(returnUrl).searchParams.get('installation_id') ?? ''
      const cora = stack.browser('cora')
      await cora.startFlow()
      const state = stack.sandbox.states.at(-1)?.state ?? ''
      await cora.navigate(buildReturnUrl(stack, { ...NO_STATE, installation_id: id, state }))
    },
  },
  {
    title: 'a partner key that Layers refuses (401)',
    event: 'partner_key_refused',
    says: { reason: 'current', detail: expect.stringContaining('LAYERS_API_KEY') },
    ofTenant: false,
    async cause() {
      stack.sandbox.scenario('fail_next', { route: 'install_url', status: 401, code: 'UNAUTHENTICATED' })
      await stack.browser().fetchJson('POST', '/flows', { flowId: 'k'.repeat(22), mode: 'popup' })
    },
  },
  {
    title: 'a webhook without a right signature',
    event: 'webhook_refused',
    says: { reason: 'wrong signature' },
    ofTenant: false,
    options: { bff: { githubWebhookSecret: ['webhook-secret-0123456789'] } },
    cause: () =>
      stack.browser().send('/webhooks/github', {
        method: 'POST',
        headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'content-type': 'application/json' },
        body: '{}',
      }),
  },
]

const isSecurityEvent = (line: string): boolean => line.includes('"security":true')

it.each(ROWS)('logs $title once, as $event', async ({ event, says, ofTenant, options, cause }) => {
  stack = await startStack(options)
  await cause()
  const lines = stack.logLines.filter(isSecurityEvent)
  expect(lines).toHaveLength(1)
  const line: Record<string, unknown> = JSON.parse(lines[0] ?? '')
  expect(line).toMatchObject({ event, level: 'warn', security: true, ...says })
  if (ofTenant) expect(line['tenant']).toMatch(/^[\w-]{8,}$/)
  else expect(line).not.toHaveProperty('tenant')
  expect(lines[0]).not.toMatch(/northwind|globex|\bann\b|\bbob\b|\bvera\b|987654321/)
})

it('logs a connection that goes well without any', async () => {
  stack = await startStack()
  const ann = stack.browser()
  const { flow } = await ann.connect()
  await ann.waitForEnd(flow.flowId)
  expect(stack.logLines.filter(isSecurityEvent)).toEqual([])
})
