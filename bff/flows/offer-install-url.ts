// Fetches GitHub's install URL from Layers for a new flow, checks it, and keeps it sealed.
import type { ErrorCode } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { findInstallUrlProblem } from '../upstream/check-install-url.ts'
import type { OfferedInstallUrl } from '../upstream/layers-client.ts'
import { judgeUpstreamError } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { readAgain } from './current-flow.ts'
import { describeFlow } from './describe-flow.ts'

const NETWORK_TRIES = 2

/**
 * The flow, `waiting`; or as it ended: `blocked` when the partner has to act.
 *
 * @throws ConnectError `upstream_unavailable` or `upstream_rate_limited` when a new flow can succeed later.
 */
export async function offerInstallUrl(
  runtime: Runtime,
  flow: Flow,
  state: string,
  requestId: string,
): Promise<Flow> {
  const { storage, sealer, config } = runtime
  const answer = await getInstallUrl(runtime, flow, state, requestId)
  if (!('authUrl' in answer)) return answer
  const problem = findInstallUrlProblem(answer, {
    state,
    returnUrl: config.returnUrl,
    githubOrigin: config.githubOrigin,
    githubAppSlug: config.githubAppSlug,
    now: await storage.now(),
  })
  if (problem !== undefined) {
    runtime.log.security('install_url_refused', {
      ...describeFlow(runtime, flow, requestId),
      code: 'install_url_refused',
      detail: `Layers gave an install URL that is not used: ${problem}. Check GITHUB_URL, GITHUB_APP_SLUG and LAYERS_API_URL`,
    })
    return end(runtime, flow, 'blocked', 'install_url_refused')
  }
  const installUrlSealed = await sealer.seal('install-url', flow.tenantId, answer.authUrl)
  const offered = await storage.offerInstallUrl(flow.tenantId, flow.flowId, {
    installUrlSealed,
    expiresAt: answer.expiresAt,
    partnerKey: answer.partnerKey,
  })
  // Not `starting` any more: cancelled or superseded while Layers was asked.
  return offered ?? (await readAgain(runtime, flow))
}

/** Layers' answer, or the flow as it ended because of it. */
async function getInstallUrl(
  runtime: Runtime,
  flow: Flow,
  state: string,
  requestId: string,
): Promise<OfferedInstallUrl | Flow> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { organization } = flow
      const { returnUrl } = runtime.config
      const offered = await runtime.layers.getInstallUrl({ organization, returnUrl, state })
      if (attempt === 1) runtime.retryBudget.noteFirstTry()
      return offered
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      // One that was not sent makes no room for retries.
      if (attempt === 1 && error.failure !== 'circuit') runtime.retryBudget.noteFirstTry()
      // Asking once more is safe: it only makes another URL. A rate limit or a slow answer is not hammered.
      const isWorthATry = error.failure === 'network' && attempt < NETWORK_TRIES
      if (isWorthATry && runtime.retryBudget.takeRetry() === 0) continue
      const { code, cure } = judgeUpstreamError(error, 'install_url')
      runtime.log.error('install_url_failed', {
        ...describeFlow(runtime, flow, requestId),
        upstreamRequestId: error.requestId,
        code: error.code ?? code,
        ...(error.status === undefined ? {} : { httpStatus: error.status }),
        detail: cure,
        error,
      })
      if (!error.isTransient || error.failure === 'shape') return end(runtime, flow, 'blocked', code)
      await end(runtime, flow, 'cancelled', code)
      throw new ConnectError(code, {
        cause: error,
        ...(error.retryAfterMs === undefined
          ? {}
          : { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) }),
      })
    }
  }
}

async function end(
  runtime: Runtime,
  flow: Flow,
  status: 'blocked' | 'cancelled',
  error: ErrorCode,
): Promise<Flow> {
  const ended = await runtime.storage.endFlow(flow.tenantId, flow.flowId, {
    from: ['starting'],
    status,
    error,
  })
  return ended ?? (await readAgain(runtime, flow))
}
