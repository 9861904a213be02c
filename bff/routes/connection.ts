// GET and DELETE {base}/connection: what the tenant has, and forgetting it.
import type { Identity } from '../identify.ts'
import { checkMayConnect } from '../identify.ts'
import { manageUrlOf, toConnectionView } from '../flows/view.ts'
import type { Runtime } from '../runtime.ts'
import type { Route } from './route.ts'

export const showConnection: Route = {
  method: 'GET',
  path: '/connection',
  access: 'person',
  async handle(runtime, ctx, identity) {
    ctx.body = await viewConnection(runtime, identity)
  },
}

/** Nothing is undone upstream or on GitHub, because no call for it is documented; `manageUrl` is where the customer can. */
export const forgetConnection: Route = {
  method: 'DELETE',
  path: '/connection',
  access: 'person',
  async handle(runtime, ctx, identity) {
    checkMayConnect(identity)
    const forgotten = await runtime.storage.forgetConnection(identity.tenantId)
    if (forgotten !== undefined) {
      runtime.log.info('connection_forgotten', {
        requestId: ctx.state.requestId,
        tenant: runtime.secrets.pseudonymOf(identity.tenantId),
      })
    }
    const view = await viewConnection(runtime, identity)
    const manageUrl =
      forgotten === undefined ? null : manageUrlOf(runtime.config.githubOrigin, forgotten.account)
    ctx.body = { ...view, manageUrl }
  },
}

async function viewConnection(runtime: Runtime, identity: Identity) {
  const { storage, connectionRefresh, config, secrets, avatars } = runtime
  const now = await storage.now()
  const latestFlow = await storage.findLatestFlow(identity.tenantId, identity.userId)
  const stored = await storage.findConnection(identity.tenantId)
  // identify() names another organization now: what is bound in the former one is of no use to this tenant any more.
  const isElsewhere = stored !== undefined && stored.organization !== (identity.layersOrganization ?? null)
  const connection = isElsewhere ? { ...stored, reason: 'detached' as const } : stored
  const refreshing = stored !== undefined && !isElsewhere && connectionRefresh.refreshIfStale(stored, now)
  return toConnectionView({
    connection,
    latestFlow,
    canConnect: identity.canConnect,
    refreshing,
    githubOrigin: config.githubOrigin,
    avatarBaseUrl: avatars === null ? null : `${config.publicUrl}/avatar`,
    secrets,
    now,
  })
}
