// Reads the parameters of a scenario one by one and refuses what it does not know.

import type { World } from './world.ts'

/** Reads its parameters, then changes the world; throws ScenarioError before anything has changed. */
export type Scenario = (world: World, params: ScenarioParams) => void

/** A scenario that cannot be run as asked; the message names what is allowed. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ScenarioError'
  }
}

export interface ScenarioParams {
  /** A whole number in the range; `fallback` when absent, refused when there is no fallback. */
  integer(name: string, range: { min: number; max: number; fallback?: number }): number
  boolean(name: string): boolean
  text(name: string, fallback?: string): string
  /** A list of strings that are not empty. */
  texts(name: string): readonly string[]
  oneOf<Value extends string>(name: string, allowed: readonly Value[]): Value
  /** A JSON object, or null when absent. */
  object(name: string): Readonly<Record<string, unknown>> | null
  /** Whether a parameter was given at all. */
  has(name: string): boolean
  /** Call when all are read, before anything takes effect: refuses parameters nobody asked for. */
  done(): void
}

/** All methods throw ScenarioError. */
export function createScenarioParams(
  scenario: string,
  given: Readonly<Record<string, unknown>>,
): ScenarioParams {
  const read = new Set<string>()

  function take(name: string): unknown {
    read.add(name)
    return Object.hasOwn(given, name) ? given[name] : undefined
  }
  function refuse(name: string, expected: string): never {
    throw new ScenarioError(`${scenario}: ${name} must be ${expected}`)
  }

  return {
    integer(name, { min, max, fallback }) {
      const value = take(name) ?? fallback
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
      return refuse(name, `a whole number from ${min} to ${max}`)
    },
    boolean(name) {
      const value = take(name)
      return typeof value === 'boolean' ? value : refuse(name, 'true or false')
    },
    text(name, fallback) {
      const value = take(name) ?? fallback
      return typeof value === 'string' && value !== '' ? value : refuse(name, 'a string that is not empty')
    },
    texts(name) {
      const value = take(name)
      const isText = (one: unknown): one is string => typeof one === 'string' && one !== ''
      return Array.isArray(value) && value.every(isText) ? value : refuse(name, 'a list of strings')
    },
    oneOf(name, allowed) {
      const value = take(name)
      return allowed.find((candidate) => candidate === value) ?? refuse(name, `one of ${allowed.join(', ')}`)
    },
    object(name) {
      const value = take(name) ?? null
      if (typeof value !== 'object' || Array.isArray(value)) return refuse(name, 'a JSON object')
      return value === null ? null : { ...value }
    },
    has: (name) => take(name) !== undefined,
    done() {
      const unknown = Object.keys(given).filter((name) => !read.has(name))
      if (unknown.length > 0) {
        throw new ScenarioError(
          `${scenario}: unknown parameter ${unknown.join(', ')}; allowed: ${[...read].join(', ') || 'none'}`,
        )
      }
    },
  }
}
