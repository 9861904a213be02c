// GET /healthz and /readyz: whether the process lives, and whether it can serve right now. Public, and mute about why not.
import type { Route } from './route.ts'

export const showHealth: Route = {
  method: 'GET',
  path: '/healthz',
  access: 'public',
  async handle(_runtime, ctx) {
    ctx.body = { status: 'up' }
  },
}

export const showReadiness: Route = {
  method: 'GET',
  path: '/readyz',
  access: 'public',
  async handle(runtime, ctx) {
    const isReady = runtime.isAccepting() && (await runtime.readiness.canStore())
    ctx.status = isReady ? 200 : 503
    ctx.body = { status: isReady ? 'ready' : 'not_ready' }
  },
}
