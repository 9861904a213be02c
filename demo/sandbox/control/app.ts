// The control page and control API, below /sandbox of the Layers origin.

import { Router } from '@koa/router'
import type Koa from 'koa'
import { APP_NAMES, type SandboxApp } from '../options.ts'
import { readBody } from '../request-body.ts'
import { runScenario, SCENARIO_NAMES, ScenarioError } from '../scenarios.ts'
import { listBindings, listStates } from '../world-records.ts'
import type { World } from '../world.ts'
import { renderControlPage } from './control-page.ts'
import { CONTROL_SCRIPT } from './control-script.ts'
import { CONTROL_STYLES } from './control-styles.ts'
import { isForeignPage, isLocalRequest } from './loopback-only.ts'

const PREFIX = '/sandbox'

/** Far more than a test needs; keeps the clock inside what Date can show. */
const LONGEST_ADVANCE_MS = 100 * 365 * 24 * 60 * 60_000

export interface ControlAppOptions {
  readonly getWorld: () => World
  readonly reset: () => void
  readonly getUrls: () => { layersUrl: string; githubUrl: string }
}

/** Adds /sandbox and everything below to an app; other requests pass. */
export function addControlApp(app: Koa, { getWorld, reset, getUrls }: ControlAppOptions): void {
  const router = new Router({ prefix: PREFIX })

  router.get('/', (ctx) => {
    ctx.type = 'html'
    ctx.body = renderControlPage(getWorld(), getUrls())
  })
  router.get('/control.css', (ctx) => {
    ctx.type = 'css'
    ctx.body = CONTROL_STYLES
  })
  router.get('/control.js', (ctx) => {
    ctx.type = 'js'
    ctx.body = CONTROL_SCRIPT
  })
  router.get('/state', (ctx) => {
    ctx.body = describeWorld(getWorld())
  })
  router.get('/apps/:name/private-key.pem', (ctx) => {
    const name = APP_NAMES.find((known) => known === ctx.params['name'])
    if (name === undefined) return sendProblem(ctx, 404, `The Apps are ${APP_NAMES.join(' and ')}.`)
    ctx.type = 'application/x-pem-file'
    ctx.body = getWorld().apps[name].privateKeyPem
  })
  router.post('/scenarios', async (ctx) => {
    const { name, ...params } = await readJsonObject(ctx)
    if (typeof name !== 'string') throw new ScenarioError(`name must be one of ${SCENARIO_NAMES.join(', ')}`)
    runScenario(getWorld(), name, params)
    ctx.status = 204
  })
  router.post('/reset', (ctx) => {
    reset()
    ctx.status = 204
  })
  router.post('/clock', async (ctx) => {
    const { advanceMs, ...unknown } = await readJsonObject(ctx)
    const isValid =
      typeof advanceMs === 'number' &&
      Number.isInteger(advanceMs) &&
      advanceMs >= 0 &&
      advanceMs + getWorld().clock.offsetMs <= LONGEST_ADVANCE_MS
    if (!isValid || Object.keys(unknown).length > 0) {
      throw new ScenarioError(
        `send only advanceMs, a whole number of milliseconds, together at most ${LONGEST_ADVANCE_MS}`,
      )
    }
    getWorld().clock.advance(advanceMs)
    ctx.status = 204
  })

  app.use((ctx, next) => (isControlPath(ctx.path) ? guard(ctx, next) : next()))
  app.use(router.routes())
  app.use((ctx, next) => {
    if (!isControlPath(ctx.path)) return next()
    return sendProblem(ctx, 404, 'The control API has no such path.')
  })
}

async function guard(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  })
  if (!isLocalRequest(ctx)) {
    sendProblem(ctx, 403, 'The control API answers loopback clients only.')
  } else if (ctx.method !== 'GET' && isForeignPage(ctx)) {
    sendProblem(ctx, 403, 'Another site may not control a sandbox.')
  } else {
    try {
      await next()
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
      sendProblem(ctx, 422, error.message)
    }
  }
}

function isControlPath(path: string): boolean {
  return path === PREFIX || path.startsWith(`${PREFIX}/`)
}

function describeWorld(world: World): Record<string, unknown> {
  return {
    requests: world.requests.list(),
    bindings: listBindings(world),
    states: listStates(world),
    installations: world.installations.list(),
    pendingRequests: world.installations.listRequests(),
    apps: Object.fromEntries(APP_NAMES.map((name) => [name, describeApp(world.apps[name])])),
    githubRequests: world.githubRequests.list(),
    userTokens: world.grants.listTokens(),
    webhookDeliveries: world.webhooks.list(),
    scenarios: {
      names: SCENARIO_NAMES,
      waiting: world.faults.describe(),
      killSwitch: world.killSwitch,
      redirectOnUpdate: world.redirectOnUpdate,
      coop: world.coop,
      organizations: [...world.organizations.values()],
    },
    clockOffsetMs: world.clock.offsetMs,
  }
}

/** Without the key pair, which is made only when somebody asks for it. */
function describeApp(app: SandboxApp): Record<string, unknown> {
  const { appId, slug, clientId, clientSecret, callbackUrls, requestAuthorizationOnInstall, webhook } = app
  return { appId, slug, clientId, clientSecret, callbackUrls, requestAuthorizationOnInstall, webhook }
}

/** Insisting on JSON makes browsers ask before another site's page may send it, and nothing here says yes. */
async function readJsonObject(ctx: Koa.Context): Promise<Record<string, unknown>> {
  const text = ctx.is('application/json') ? await readBody(ctx.req) : null
  let body: unknown = null
  try {
    body = JSON.parse(text ?? '')
  } catch {
    // Falls through to the one message that says what is wanted.
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ScenarioError('send a JSON object with Content-Type: application/json')
  }
  return { ...body }
}

function sendProblem(ctx: Koa.Context, status: number, message: string): void {
  ctx.status = status
  ctx.body = { error: { message } }
}
