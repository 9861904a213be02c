// The scenarios by name: what a test or the control page can make happen.

import { CALL_SCENARIOS } from './call-scenarios.ts'
import { GITHUB_SCENARIOS } from './github-scenarios.ts'
import type { OrganizationStatus } from './options.ts'
import { createScenarioParams, ScenarioError, type Scenario } from './scenario-params.ts'
import { COOP_VALUES, type World } from './world.ts'

export { ScenarioError } from './scenario-params.ts'

const ORGANIZATION_STATUSES: readonly OrganizationStatus[] = ['active', 'suspended', 'archived']

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...CALL_SCENARIOS,
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
  ...GITHUB_SCENARIOS,
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
