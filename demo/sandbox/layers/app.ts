// The Layers origin over HTTP: ids, recording, queued disturbances, and bytes out.

import { setTimeout as delay } from 'node:timers/promises'
import type Koa from 'koa'
import { createRequestId } from '../random-text.ts'
import { readBody } from '../request-body.ts'
import { maskLiveKeys, readHeaders } from '../request-log.ts'
import type { World } from '../world.ts'
import { createErrorAnswer } from './errors.ts'
import { answerFailure, respond, type ReceivedRequest } from './respond.ts'
import { findRoute, getEndpointClass } from './routes.ts'
import { distort, toPayload, type Payload } from './wrong-shapes.ts'

export interface LayersAppOptions {
  readonly getWorld: () => World
  readonly githubUrl: string
  readonly log: (line: string) => void
  /** Ends waiting delays when the sandbox closes. */
  readonly stopped: AbortSignal
}

/** Answers every request that reaches it; mount it last. */
export function createLayersApp({ getWorld, githubUrl, log, stopped }: LayersAppOptions): Koa.Middleware {
  return async (ctx) => {
    const world = getWorld()
    const requestId = createRequestId(world.randomBytes)
    const { method, path } = ctx
    const headers = readHeaders(ctx.req)
    if (path.startsWith('/v1/')) {
      const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
      const rawQuery = ctx.querystring
      const shown = maskLiveKeys(headers, world.keys)
      world.requests.start({
        requestId,
        at: world.clock.now(),
        method,
        path,
        query,
        rawQuery,
        headers: shown,
      })
    }
    const body = await readBody(ctx.req)
    world.requests.setBody(requestId, body ?? '')

    const query = new URLSearchParams(ctx.querystring)
    const payload = await createPayload(world, { requestId, method, path, headers, query, body })
    if (payload === null) {
      // Koa must not answer on a connection that is cut on purpose.
      ctx.respond = false
      ctx.req.socket.destroy()
      log(`layers ${method} ${path} cut`)
      return
    }
    ctx.status = payload.status
    ctx.set({
      ...payload.headers,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
      'X-RateLimit-Endpoint-Class': getEndpointClass(method, path),
    })
    ctx.body = payload.text
    world.requests.setStatus(requestId, payload.status)
    log(`layers ${method} ${path} ${payload.status} ${requestId}`)
  }

  /** The bytes to answer with, or null when the connection is to be cut. */
  async function createPayload(world: World, request: ReceivedRequest): Promise<Payload | null> {
    const { requestId, method, path } = request
    const route = findRoute(method, path)
    const delayMs = route && world.faults.layers.takeDelayMs(route.name)
    const fault = route && world.faults.layers.take(route.name)
    try {
      if (delayMs !== undefined) await delay(delayMs, undefined, { signal: stopped })
      if (fault?.kind === 'cut' && fault.when === 'before') return null
      if (fault?.kind === 'fail') return toPayload(answerFailure(fault, requestId))
      const answer = respond(world, githubUrl, request)
      if (fault?.kind === 'cut') return null
      if (fault?.kind === 'wrong_shape')
        return distort(answer, fault.shape, { now: world.clock.now(), githubUrl })
      return toPayload(answer)
    } catch (error) {
      if (stopped.aborted) return null
      log(
        `layers ${method} ${path} failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`,
      )
      // Unverified: the documentation was not found to name the code of a 500.
      return toPayload(
        createErrorAnswer(500, { code: 'INTERNAL', message: 'The sandbox has a defect.', requestId }),
      )
    }
  }
}
