// GET {base}/return: where GitHub sends the browser, and the clean pages it is sent on to.
import { ERRORS, type ErrorCode, type FlowStatus } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { hasFlowCookie } from '../flows/flow-cookie.ts'
import { handleReturn } from '../flows/handle-return.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { createDonePage, createNeutralDonePage, mustStay } from '../pages/done-page.ts'
import { sendPage } from '../pages/page.ts'
import { toQuery } from '../pages/page-wish.ts'
import { presentationFor } from '../pages/presentation.ts'
import { createProblemPage } from '../pages/problem-page.ts'
import { getFlowId } from './flow-id.ts'
import type { Route } from './route.ts'
import { seeOther } from './see-other.ts'

const NEEDS_PAGE: ReadonlySet<FlowStatus> = new Set(['returned', 'authorizing'])

/** Always leads to another URL at once: the query with its state and code must not stay in the address bar or the history. */
export const receiveReturn: Route = {
  method: 'GET',
  path: '/return',
  access: 'navigation',
  async handle(runtime, ctx) {
    try {
      const flow = await handleReturn(runtime, {
        request: ctx.req,
        query: ctx.querystring,
        requestId: ctx.state.requestId,
      })
      // The others still need the page: it asks who is there with cookies this navigation could not carry, or explains.
      const isDirect = flow.mode === 'redirect' && !NEEDS_PAGE.has(flow.status) && !mustStay(flow)
      seeOther(ctx, isDirect ? flow.returnTo : `${runtime.config.publicUrl}/flows/${flow.flowId}/done`)
    } catch (error) {
      // Nothing was used up: the same URL can be opened again, so it stays where it is.
      if (!(error instanceof ConnectError) || error.status >= 500) throw error
      if (error.code === 'request_not_trusted' || error.code === 'rate_limited') throw error
      await runtime.limits.checkStrayReturn(runtime.clientAddressOf(ctx.req))
      seeOther(ctx, `${runtime.config.publicUrl}/problem/${error.code}?ref=${ctx.state.requestId}`)
    }
  },
}

export const showDonePage: Route = {
  method: 'GET',
  path: '/flows/:flowId/done',
  access: 'navigation',
  async handle(runtime, ctx) {
    const flow = await runtime.storage.findFlowById(getFlowId(ctx))
    const isOwnBrowser = flow !== undefined && hasFlowCookie(flow, runtime.secrets, ctx.req)
    const { publicUrl, hostUrl } = runtime.config
    if (!isOwnBrowser) {
      await runtime.limits.checkRefusal(runtime.clientAddressOf(ctx.req))
      const neutral = presentationFor(ctx)
      return sendPage(ctx, 200, createNeutralDonePage(neutral.texts, hostUrl), neutral)
    }
    const presentation = presentationFor(ctx, flow)
    const launchUrl = `${publicUrl}/flows/${flow.flowId}/launch${toQuery(flow)}`
    const canFinish = !runtime.usesConnectTokens
    sendPage(ctx, 200, createDonePage(presentation.texts, flow, { launchUrl, canFinish }), presentation)
  },
}

export const showProblem: Route = {
  method: 'GET',
  path: '/problem/:code',
  access: 'navigation',
  async handle(runtime, ctx) {
    const code = findCode(ctx)
    if (code === undefined) throw new ConnectError('not_found')
    const reference = new URLSearchParams(ctx.querystring).get('ref') ?? ''
    const isReference = /^req_[A-Za-z0-9_-]{22}$/.test(reference)
    const presentation = presentationFor(ctx)
    const page = createProblemPage(
      presentation.texts,
      code,
      runtime.config.hostUrl,
      isReference ? reference : undefined,
    )
    sendPage(ctx, ERRORS[code].status, page, presentation)
  },
}

function findCode(ctx: ConnectContext): ErrorCode | undefined {
  const params: unknown = ctx['params']
  const code = typeof params === 'object' && params !== null && 'code' in params ? String(params.code) : ''
  // A failure of ours is shown where it happens; with a page for it, anybody's link could make the BFF answer 500.
  return isErrorCode(code) && ERRORS[code].status < 500 ? code : undefined
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}
