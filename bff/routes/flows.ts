// The flow routes a signed-in person's page calls: start, look (and wait), cancel, finish.
import { z } from 'zod'
import { MAX_WAIT_SECONDS } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { finishFlow, getOwnFlow } from '../flows/finish-flow.ts'
import { flowCookiesFor } from '../flows/flow-cookie.ts'
import { resolveReturnTo } from '../flows/return-to.ts'
import { startFlow } from '../flows/start-flow.ts'
import { toFlowView } from '../flows/view.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { pageOriginOf } from '../middleware/trust-request.ts'
import { startFlowSchema } from '../wire-schemas.ts'
import { getFlowId } from './flow-id.ts'
import { signalOf } from './request-signal.ts'
import type { Route } from './route.ts'

export const startFlowRoute: Route = {
  method: 'POST',
  path: '/flows',
  access: 'person',
  async handle(runtime, ctx, identity) {
    const body = startFlowSchema.safeParse(ctx.state.body)
    if (!body.success) throw new ConnectError('invalid_request', { detail: describeIssues(body.error) })
    const hostOrigin = pageOriginOf(ctx, runtime.config)
    const flow = await startFlow(runtime, identity, {
      flowId: body.data.flowId,
      mode: body.data.mode,
      hostOrigin,
      returnTo: resolveReturnTo(body.data.returnTo, hostOrigin),
      locale: body.data.locale ?? null,
      theme: body.data.theme ?? null,
      requestId: ctx.state.requestId,
      signal: signalOf(ctx),
    })
    const now = await runtime.storage.now()
    ctx.set('Set-Cookie', [...flowCookiesFor(flow, runtime.secrets, ctx.req, now)])
    ctx.status = 201
    ctx.body = toFlowView(flow, runtime.secrets)
  },
}

export const showFlow: Route = {
  method: 'GET',
  path: '/flows/:flowId',
  access: 'person',
  async handle(runtime, ctx, identity) {
    const flowId = getFlowId(ctx)
    const after = readWholeNumber(ctx, 'after', Number.MAX_SAFE_INTEGER)
    const waitSeconds = readWholeNumber(ctx, 'wait', MAX_WAIT_SECONDS) ?? 0
    const current = await getOwnFlow(runtime, identity, flowId)
    if (after === undefined || current.version > after || waitSeconds === 0) {
      ctx.body = toFlowView(current, runtime.secrets)
      return
    }
    const changed = await runtime.watch.waitFor(
      flowId,
      async () => {
        const flow = await getOwnFlow(runtime, identity, flowId)
        return flow.version > after ? flow : undefined
      },
      { timeoutMs: waitSeconds * 1000, signal: signalOf(ctx), person: identity },
    )
    ctx.body = toFlowView(changed ?? current, runtime.secrets)
  },
}

export const cancelFlow: Route = {
  method: 'POST',
  path: '/flows/:flowId/cancel',
  access: 'person',
  async handle(runtime, ctx, identity) {
    const flow = await getOwnFlow(runtime, identity, getFlowId(ctx))
    // What is on its way to Layers is finished, not cancelled.
    const cancelled = await runtime.storage.endFlow(identity.tenantId, flow.flowId, {
      from: ['starting', 'waiting', 'returned', 'authorizing', 'awaiting_approval'],
      status: 'cancelled',
      error: 'flow_cancelled',
    })
    ctx.body = toFlowView(cancelled ?? (await getOwnFlow(runtime, identity, flow.flowId)), runtime.secrets)
  },
}

export const finishFlowRoute: Route = {
  method: 'POST',
  path: '/flows/:flowId/finish',
  access: 'person',
  async handle(runtime, ctx, identity) {
    ctx.body = toFlowView(
      await finishFlow(runtime, identity, getFlowId(ctx), {
        request: ctx.req,
        requestId: ctx.state.requestId,
      }),
      runtime.secrets,
    )
  },
}

/** What is wrong, in words of ours: the caller's own key names do not go into the log. */
function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`).join(', ')
}

/** A query parameter that is a whole number, once; undefined when absent. */
function readWholeNumber(ctx: ConnectContext, name: string, max: number): number | undefined {
  const values = new URLSearchParams(ctx.querystring).getAll(name)
  const [text] = values
  if (text === undefined) return undefined
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (values.length > 1 || !(value <= max)) {
    throw new ConnectError('invalid_request', { detail: `${name} must be one whole number up to ${max}` })
  }
  return value
}
