// What happens when GitHub tells of an installation: an ordered list of checks, of which the signature comes before all that reads.
import type { IncomingMessage } from 'node:http'
import { ZodError } from 'zod'
import { ConnectError } from '../errors.ts'
import type { InfoEvent } from '../events.ts'
import type { Runtime } from '../runtime.ts'
import type { InstallationFact } from '../storage/storage.ts'
import { findSignedText, isSignature } from './check-signature.ts'
import { findAction, findFact, type ToldFact } from './parse-event.ts'
import { readRawBody, type BodyProblem } from './read-raw-body.ts'

/** Events of an installation list its repositories. Enough for tens of thousands. */
const MAX_BODY_BYTES = 5 * 1024 * 1024
const LIMITS = {
  maxBytes: MAX_BODY_BYTES,
  // GitHub itself waits no longer for the answer: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
  timeoutMs: 10_000,
  maxAtOnce: 8,
}
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const EVENT_NAME = /^[a-z_]{1,64}$/

/** What the log says when there was no place to read a webhook. */
const BUSY = {
  busy: {
    reason: 'process',
    detail:
      'too many webhooks are being read at once; GitHub shows this delivery as failed and can send it again',
  },
  address_busy: {
    reason: 'address',
    detail:
      'too many webhooks of one address are being read at once: behind a proxy, list it in TRUSTED_PROXIES; else raise limits.webhooksAtOncePerAddress',
  },
}

/** Names in the log for what was told. */
const EVENTS: Readonly<Record<InstallationFact['kind'], InfoEvent>> = {
  removed: 'installation_removed',
  suspended: 'installation_suspended',
  unsuspended: 'installation_unsuspended',
  renamed: 'installation_renamed',
}

export type WebhookDeps = Pick<
  Runtime,
  'webhookSecrets' | 'storage' | 'secrets' | 'limits' | 'clientAddressOf' | 'log'
>

/** @throws ConnectError when the delivery is not GitHub's, or cannot be read. Then nothing was written, and it can be sent again. */
export async function receiveWebhook(
  deps: WebhookDeps,
  request: IncomingMessage,
  requestId: string,
): Promise<void> {
  if (deps.webhookSecrets().length === 0) throw new ConnectError('not_found')
  const text = await readSignedText(deps, request, requestId)
  checkMediaType(request)
  const deliveryId = readHeader(request, 'x-github-delivery', GUID)
  const event = readHeader(request, 'x-github-event', EVENT_NAME)
  const payload = parseJson(text)
  const action = findAction(payload)
  deps.log.info('webhook_received', {
    requestId,
    reason: action === undefined ? event : `${event}.${action}`,
  })
  const told = readFact(event, payload, await deps.storage.now())
  if (told !== undefined) await record(deps, deliveryId, told, requestId)
}

async function readSignedText(
  deps: WebhookDeps,
  request: IncomingMessage,
  requestId: string,
): Promise<string> {
  const address = deps.clientAddressOf(request)
  await deps.limits.peekRefusedWebhook(address)
  const signature = request.headers['x-hub-signature-256']
  if (!isSignature(signature)) return refuse(deps, address, requestId, 'no signature')
  const body = await readRawBody(request, address, {
    ...LIMITS,
    maxAtOncePerAddress: deps.limits.webhooksAtOncePerAddress,
  })
  if ('problem' in body) return answerProblem(deps, address, requestId, body.problem)
  const text = await findSignedText(body.bytes, signature, deps.webhookSecrets())
  return text ?? refuse(deps, address, requestId, 'wrong signature')
}

/** All but one count against the address: that everybody's places are taken is not its fault, and it may be GitHub's. */
async function answerProblem(
  deps: WebhookDeps,
  address: string,
  requestId: string,
  problem: BodyProblem,
): Promise<never> {
  switch (problem) {
    case 'busy':
    case 'address_busy':
      if (problem === 'address_busy') await deps.limits.checkRefusedWebhook(address)
      deps.log.warn('webhook_busy', { requestId, ...BUSY[problem] })
      throw new ConnectError('rate_limited', { retryAfterSeconds: 1 })
    case 'too_large':
      await deps.limits.checkRefusedWebhook(address)
      throw new ConnectError('payload_too_large', {
        detail: `a webhook has more than ${MAX_BODY_BYTES} bytes`,
      })
    case 'consumed':
      return refuse(
        deps,
        address,
        requestId,
        'body already read',
        'a body parser of the host has read the webhook, so its signature cannot be checked: mount the BFF before express.json() and the like',
      )
    case 'too_slow':
    case 'cut':
      return refuse(deps, address, requestId, 'body incomplete')
  }
}

/** Counted by address first: a flood neither fills the log nor gets another answer than `rate_limited`. */
async function refuse(
  { limits, log }: WebhookDeps,
  address: string,
  requestId: string,
  reason: string,
  detail?: string,
): Promise<never> {
  await limits.checkRefusedWebhook(address)
  log.security('webhook_refused', { requestId, reason, detail })
  throw new ConnectError('request_not_trusted')
}

function checkMediaType(request: IncomingMessage): void {
  if (/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return
  throw new ConnectError('unsupported_media_type', {
    detail:
      'GitHub sends webhooks as a form: set the content type in the App’s webhook settings to application/json',
  })
}

function readHeader(request: IncomingMessage, name: string, pattern: RegExp): string {
  const value = request.headers[name]
  if (typeof value === 'string' && pattern.test(value)) return value.toLowerCase()
  throw new ConnectError('invalid_request', { detail: `a signed webhook has no ${name} that can be read` })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConnectError('invalid_request', { cause, detail: 'a signed webhook is not JSON' })
  }
}

function readFact(event: string, payload: unknown, receivedAt: number): ToldFact | undefined {
  try {
    return findFact(event, payload, receivedAt)
  } catch (cause) {
    if (!(cause instanceof ZodError)) throw cause
    const fields = cause.issues.map((issue) => issue.path.join('.') || '(the payload itself)').join(', ')
    throw new ConnectError('invalid_request', { cause, detail: `a signed webhook has no readable ${fields}` })
  }
}

async function record(
  { storage, secrets, log }: WebhookDeps,
  deliveryId: string,
  { installationId, fact }: ToldFact,
  requestId: string,
): Promise<void> {
  const installationIndex = secrets.indexOf(installationId)
  const { outcome, tenantId } = await storage.recordInstallationFact({ deliveryId, installationIndex, fact })
  if (outcome !== 'recorded') return
  log.info(EVENTS[fact.kind], {
    requestId,
    ...(tenantId === null ? {} : { tenant: secrets.pseudonymOf(tenantId) }),
  })
}
