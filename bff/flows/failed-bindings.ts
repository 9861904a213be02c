// What happens when a tenant's bindings keep failing: a guess at an installation id costs one, so after a few the tenant waits.
import { ConnectError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'

/** The error for the customer; the event is for whoever watches the log. */
export function tooManyFailures(
  runtime: Runtime,
  { tenantId }: Pick<Flow, 'tenantId'>,
  requestId: string,
): ConnectError {
  const { count, windowMs } = runtime.limits.failedBindings
  runtime.log.security('failed_bindings_burst', {
    requestId,
    tenant: runtime.secrets.pseudonymOf(tenantId),
    count,
    code: 'rate_limited',
    detail: `too many failed bindings within ${windowMs / 60_000} minutes: somebody may be guessing installation ids`,
  })
  return new ConnectError('rate_limited', { retryAfterSeconds: windowMs / 1000 })
}

/** Throws `rate_limited` when the tenant has to wait. Asked at the start; the return is held to the same limit in its transaction. */
export async function checkFailedBindings(
  runtime: Runtime,
  tenant: Pick<Flow, 'tenantId'>,
  requestId: string,
): Promise<void> {
  const { count, windowMs } = runtime.limits.failedBindings
  const failed = await runtime.storage.countFailedBindings(tenant.tenantId, windowMs)
  if (failed >= count) throw tooManyFailures(runtime, tenant, requestId)
}
