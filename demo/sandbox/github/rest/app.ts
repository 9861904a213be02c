// GitHub's API and token endpoint over HTTP: ids, recording, queued disturbances, and bytes out.

import { setTimeout as delay } from 'node:timers/promises'
import type Koa from 'koa'
import type { GithubRouteName } from '../../faults.ts'
import { createGithubRequestId } from '../../random-text.ts'
import { readBody } from '../../request-body.ts'
import { readHeaders } from '../../request-log.ts'
import type { World } from '../../world.ts'
import { TOKEN_PATH } from '../oauth/token-endpoint.ts'
import { distort, toFormPayload, toPayload, type Payload } from './payloads.ts'
import { answerFault, respondToApi, type ApiRequest } from './respond.ts'
import { API_PREFIX, findRestRoute } from './routes.ts'

export interface RestAppOptions {
  readonly getWorld: () => World
  readonly githubUrl: string
  readonly log: (line: string) => void
  /** Ends waiting delays when the sandbox closes. */
  readonly stopped: AbortSignal
}

/** Answers every request to the API and to the token endpoint; others pass. */
export function createRestApp({ getWorld, githubUrl, log, stopped }: RestAppOptions): Koa.Middleware {
  return async (ctx, next) => {
    const { method, path } = ctx
    const isApi = path === API_PREFIX || path.startsWith(`${API_PREFIX}/`)
    if (!isApi && !(path === TOKEN_PATH && method === 'POST')) return next()

    const world = getWorld()
    const requestId = createGithubRequestId(world.randomBytes)
    const headers = readHeaders(ctx.req)
    const query = new URLSearchParams(ctx.querystring)
    world.githubRequests.start({
      requestId,
      at: world.clock.now(),
      method,
      path,
      query: Object.fromEntries(query),
      rawQuery: ctx.querystring,
      headers,
    })
    const bodyText = (await readBody(ctx.req)) ?? ''
    world.githubRequests.setBody(requestId, bodyText)

    const request = { githubUrl, method, path, headers, query, bodyText }
    const payload = await createPayload(world, request)
    if (payload === null) {
      // Koa must not answer on a connection that is cut on purpose.
      ctx.respond = false
      ctx.req.socket.destroy()
      log(`github ${method} ${path} cut`)
      return
    }
    ctx.status = payload.status
    ctx.set({
      'Cache-Control': isApi ? 'private, max-age=60, s-maxage=60' : 'max-age=0, private, must-revalidate',
      'X-Content-Type-Options': 'nosniff',
      'X-GitHub-Request-Id': requestId,
      ...(isApi
        ? {
            'X-GitHub-Media-Type': 'github.v3; format=json',
            'X-GitHub-Api-Version-Selected': headers['x-github-api-version'] ?? '2022-11-28',
          }
        : {}),
      ...payload.headers,
    })
    ctx.body = payload.status === 204 ? null : payload.text
    world.githubRequests.setStatus(requestId, payload.status)
    log(`github ${method} ${path} ${payload.status} ${requestId}`)
  }

  /** The bytes to answer with, or null when the connection is to be cut. */
  async function createPayload(world: World, request: ApiRequest): Promise<Payload | null> {
    const { method, path, headers } = request
    const route: GithubRouteName | undefined =
      path === TOKEN_PATH ? 'github_token' : findRestRoute(method, path)?.route.name
    const delayMs = route && world.faults.github.takeDelayMs(route)
    const fault = route && world.faults.github.take(route)
    try {
      if (delayMs !== undefined) await delay(delayMs, undefined, { signal: stopped })
    } catch {
      // The sandbox closes while a call waits; its connection goes with it.
      return null
    }
    if (fault?.kind === 'cut' && fault.when === 'before') return null
    if (fault?.kind === 'fail' || fault?.kind === 'rate_limit') {
      return toPayload(answerFault(fault, world.clock.now()))
    }
    const answer = await respondToApi(world, request)
    if (fault?.kind === 'cut') return null
    const wantsForm = path === TOKEN_PATH && !/\bjson\b/i.test(headers['accept'] ?? '')
    const payload = wantsForm ? toFormPayload(answer) : toPayload(answer)
    return fault ? distort(payload, fault.shape, githubUrl) : payload
  }
}
