// Scenarios that disturb the next calls to Layers and to GitHub's API: failures, delays, cuts, wrong shapes, rate limits.

import {
  GITHUB_ROUTES,
  GITHUB_WRONG_SHAPES,
  LAYERS_ROUTES,
  QUEUE_CAPACITY,
  RATE_LIMITS,
  WRONG_SHAPES,
  type GithubRouteName,
  type LayersRouteName,
} from './faults.ts'
import { findRoutesOfShape } from './layers/wrong-shapes.ts'
import type { Scenario, ScenarioParams } from './scenario-params.ts'

const LONGEST_DELAY_MS = 10 * 60_000
const ROUTES: readonly (LayersRouteName | GithubRouteName)[] = [...LAYERS_ROUTES, ...GITHUB_ROUTES]

export const CALL_SCENARIOS: Readonly<Record<string, Scenario>> = {
  fail_next: (world, params) => {
    const route = params.oneOf('route', ROUTES)
    const times = readTimes(params)
    const status = params.integer('status', { min: 400, max: 599 })
    const message = params.text('message', 'This failure was asked for by a scenario.')
    const retryAfterSeconds = params.has('retryAfterSeconds')
      ? params.integer('retryAfterSeconds', { min: 0, max: 86_400 })
      : null
    if (isGithubRoute(route)) {
      params.done()
      world.faults.github.queue(route, { kind: 'fail', status, message, retryAfterSeconds }, times)
      return
    }
    // Only Layers names its failures and explains them.
    const code = params.text('code')
    const details = params.object('details')
    params.done()
    world.faults.layers.queue(
      route,
      { kind: 'fail', status, code, message, retryAfterSeconds, details },
      times,
    )
  },
  delay_next: (world, params) => {
    const route = params.oneOf('route', ROUTES)
    const times = readTimes(params)
    const delayMs = params.integer('delayMs', { min: 0, max: LONGEST_DELAY_MS })
    params.done()
    if (isGithubRoute(route)) world.faults.github.queueDelay(route, delayMs, times)
    else world.faults.layers.queueDelay(route, delayMs, times)
  },
  cut_next: (world, params) => {
    const route = params.oneOf('route', ROUTES)
    const times = readTimes(params)
    const when = params.oneOf('when', ['before', 'after'])
    params.done()
    if (isGithubRoute(route)) world.faults.github.queue(route, { kind: 'cut', when }, times)
    else world.faults.layers.queue(route, { kind: 'cut', when }, times)
  },
  wrong_shape_next: (world, params) => {
    const shape = params.oneOf('shape', WRONG_SHAPES)
    const githubShape = GITHUB_WRONG_SHAPES.find((one) => one === shape)
    const everyRoute = githubShape === undefined ? LAYERS_ROUTES : ROUTES
    const route = params.oneOf('route', findRoutesOfShape(shape) ?? everyRoute)
    const times = readTimes(params)
    params.done()
    if (!isGithubRoute(route)) world.faults.layers.queue(route, { kind: 'wrong_shape', shape }, times)
    else if (githubShape) world.faults.github.queue(route, { kind: 'wrong_shape', shape: githubShape }, times)
  },
  rate_limit_next: (world, params) => {
    const route = params.oneOf('route', GITHUB_ROUTES)
    const times = readTimes(params)
    const limit = params.oneOf('limit', RATE_LIMITS)
    const status = params.integer('status', { min: 403, max: 429, fallback: 403 })
    params.done()
    // Both are documented, and nothing between them is.
    if (status !== 403 && status !== 429) throw new RangeError('status must be 403 or 429')
    world.faults.github.queue(route, { kind: 'rate_limit', limit, status }, times)
  },
}

export function readTimes(params: ScenarioParams): number {
  return params.integer('times', { min: 1, max: QUEUE_CAPACITY, fallback: 1 })
}

function isGithubRoute(route: LayersRouteName | GithubRouteName): route is GithubRouteName {
  return GITHUB_ROUTES.some((name) => name === route)
}
