// The scenarios by name: what a test or the control page can make happen.

import { LAYERS_ROUTES, QUEUE_CAPACITY, WRONG_SHAPES, type ReturnFault } from './faults.ts'
import { ACCOUNT_LOGINS } from './github/catalogue.ts'
import { findRoutesOfShape } from './layers/wrong-shapes.ts'
import type { OrganizationStatus } from './options.ts'
import { createScenarioParams, ScenarioError, type ScenarioParams } from './scenario-params.ts'
import { COOP_VALUES, type World } from './world.ts'

export { ScenarioError } from './scenario-params.ts'

/** Reads its parameters, then changes the world; throws ScenarioError before anything has changed. */
type Scenario = (world: World, params: ScenarioParams) => void

const LONGEST_DELAY_MS = 10 * 60_000
const ORGANIZATION_STATUSES: readonly OrganizationStatus[] = ['active', 'suspended', 'archived']

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  fail_next: (world, params) => {
    const route = params.oneOf('route', LAYERS_ROUTES)
    const times = readTimes(params)
    const status = params.integer('status', { min: 400, max: 599 })
    const code = params.text('code')
    const message = params.text('message', 'This failure was asked for by a scenario.')
    const retryAfterSeconds = params.has('retryAfterSeconds')
      ? params.integer('retryAfterSeconds', { min: 0, max: 86_400 })
      : null
    const details = params.object('details')
    params.done()
    world.faults.queue(route, { kind: 'fail', status, code, message, retryAfterSeconds, details }, times)
  },
  delay_next: (world, params) => {
    const route = params.oneOf('route', LAYERS_ROUTES)
    const times = readTimes(params)
    const delayMs = params.integer('delayMs', { min: 0, max: LONGEST_DELAY_MS })
    params.done()
    world.faults.queueDelay(route, delayMs, times)
  },
  cut_next: (world, params) => {
    const route = params.oneOf('route', LAYERS_ROUTES)
    const times = readTimes(params)
    const when = params.oneOf('when', ['before', 'after'])
    params.done()
    world.faults.queue(route, { kind: 'cut', when }, times)
  },
  wrong_shape_next: (world, params) => {
    const shape = params.oneOf('shape', WRONG_SHAPES)
    const route = params.oneOf('route', findRoutesOfShape(shape) ?? LAYERS_ROUTES)
    const times = readTimes(params)
    params.done()
    world.faults.queue(route, { kind: 'wrong_shape', shape }, times)
  },
  kill_switch: (world, params) => {
    const on = params.boolean('on')
    params.done()
    world.killSwitch = on
  },
  organization_status: (world, params) => {
    const id = params.oneOf('organization', [...world.organizations.keys()])
    const status = params.oneOf('status', ORGANIZATION_STATUSES)
    params.done()
    const organization = world.organizations.get(id)
    if (organization) world.organizations.set(id, { ...organization, status })
  },
  foreign_id_next: queueReturn('foreign_id'),
  return_twice_next: queueReturn('return_twice'),
  no_state_next: queueReturn('no_state'),
  other_state_next: queueReturn('other_state'),
  no_return_next: queueReturn('no_return'),
  with_code_next: queueReturn('with_code'),
  redirect_on_update: (world, params) => {
    const on = params.boolean('on')
    params.done()
    world.redirectOnUpdate = on
  },
  coop: (world, params) => {
    const value = params.oneOf('value', COOP_VALUES)
    params.done()
    world.coop = value
  },
  install: (world, params) => {
    world.installations.install(readAccount(params), 'all')
  },
  uninstall: (world, params) => {
    const account = readAccount(params)
    if (!world.installations.uninstall(account)) throw createNotInstalledError(account)
  },
  suspend: (world, params) => {
    const account = readAccount(params)
    if (!world.installations.setSuspended(account, true)) throw createNotInstalledError(account)
  },
  unsuspend: (world, params) => {
    const account = readAccount(params)
    if (!world.installations.setSuspended(account, false)) throw createNotInstalledError(account)
  },
  approve_request: (world, params) => {
    const account = readAccount(params)
    if (!world.installations.approve(account))
      throw new ScenarioError(`nobody has asked for the App on ${account}`)
  },
}

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS)

/** @throws ScenarioError for an unknown name or wrong parameters; its message names the allowed ones */
export function runScenario(world: World, name: string, given: Readonly<Record<string, unknown>>): void {
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined
  if (!scenario) throw new ScenarioError(`unknown scenario "${name}"; known: ${SCENARIO_NAMES.join(', ')}`)
  try {
    scenario(world, createScenarioParams(name, given))
  } catch (error) {
    if (error instanceof RangeError) throw new ScenarioError(`${name}: ${error.message}`)
    throw error
  }
}

function queueReturn(fault: ReturnFault): Scenario {
  return (world, params) => {
    const times = readTimes(params)
    params.done()
    world.faults.queueReturn(fault, times)
  }
}

function readTimes(params: ScenarioParams): number {
  return params.integer('times', { min: 1, max: QUEUE_CAPACITY, fallback: 1 })
}

function readAccount(params: ScenarioParams): string {
  const account = params.oneOf('account', ACCOUNT_LOGINS)
  params.done()
  return account
}

function createNotInstalledError(account: string): ScenarioError {
  return new ScenarioError(`the App is not installed on ${account}`)
}
