// A BFF that takes GitHub's webhooks, and the sandbox's GitHub that sends them to it.
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'

const WEBHOOK_SECRET = 'a-webhook-secret-of-this-test'

export interface WebhookStack {
  readonly stack: Stack
  readonly ann: TestBrowser
  /** Tells GitHub where the BFF is, and the secret. Done at the start, and after each restart, which changes the port. */
  connectWebhook(): void
}

export async function startWebhookStack(options: StackOptions = {}): Promise<WebhookStack> {
  const stack = await startStack({
    ...options,
    bff: { githubWebhookSecret: [WEBHOOK_SECRET], ...options.bff },
  })
  const connectWebhook = (): void =>
    stack.sandbox.configureApp('connector', {
      webhook: { url: `${stack.baseUrl}/webhooks/github`, secret: WEBHOOK_SECRET },
    })
  connectWebhook()
  return { stack, ann: stack.browser('ann'), connectWebhook }
}

/** Ann's tenant has connected an account, and GitHub has told what it had to tell about that. */
export async function connectAnn({ stack, ann }: WebhookStack, account = 'acme-coffee'): Promise<void> {
  const { flow } = await ann.connect({ account })
  const { status } = await ann.waitForEnd(flow.flowId)
  if (status !== 'connected') throw new Error(`expected to be connected, but the flow is ${status}`)
  await stack.sandbox.webhooks.settled()
}
