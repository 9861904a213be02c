// One attempt to deliver a webhook, with GitHub's headers and signature.

import { createHmac } from 'node:crypto'
import type { SandboxApp, SandboxWebhook } from '../../options.ts'
import type { RecordedDelivery, WebhookSignature } from '../../records.ts'

/** https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds */
const TIMEOUT_MS = 10_000

export interface Attempt {
  readonly app: Pick<SandboxApp, 'appId'>
  readonly webhook: SandboxWebhook
  readonly hookId: number
  readonly delivery: Pick<RecordedDelivery, 'id' | 'event' | 'body'>
  readonly signature: WebhookSignature
  /** Ends waiting when the sandbox closes or is reset. */
  readonly stopped: AbortSignal
}

/** The status answered, or null without an answer. Redirects are not followed, as on GitHub. */
export async function sendWebhook(attempt: Attempt): Promise<number | null> {
  const { app, webhook, hookId, delivery, signature, stopped } = attempt
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        Accept: '*/*',
        'Content-Type': 'application/json',
        'User-Agent': 'GitHub-Hookshot/5a4db0x',
        'X-GitHub-Delivery': delivery.id,
        'X-GitHub-Event': delivery.event,
        'X-GitHub-Hook-ID': String(hookId),
        'X-GitHub-Hook-Installation-Target-ID': String(app.appId),
        'X-GitHub-Hook-Installation-Target-Type': 'integration',
        ...sign(delivery.body, webhook.secret, signature),
      },
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    // Read to the end, so that the receiver has finished and the connection can be used again.
    await response.arrayBuffer()
    return response.status
  } catch {
    // Refused, cut or too late: GitHub shows such a delivery as failed, and so does the list of deliveries.
    return null
  }
}

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries; SHA-1 only for old receivers. */
function sign(body: string, secret: string, signature: WebhookSignature): Record<string, string> {
  if (signature === 'missing') return {}
  // Of the same form, and of another secret: only a receiver that checks will notice.
  const key = signature === 'valid' ? secret : `not ${secret}`
  const digest = (algorithm: string) => createHmac(algorithm, key).update(body, 'utf8').digest('hex')
  return { 'X-Hub-Signature': `sha1=${digest('sha1')}`, 'X-Hub-Signature-256': `sha256=${digest('sha256')}` }
}
