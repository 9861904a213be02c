// How many bytes, by `gzip -9`, a partner's customers load for us at most. Enforced by size.test.ts, printed by `npm run size`.
import type { OURS } from './entries.ts'

export interface Limit {
  /** Enforced: a bundle above it does not pass. It may go down and not up; below the goal it is the goal. */
  readonly limit: number
  readonly goal: number
}

export const LIMITS: Readonly<Record<keyof typeof OURS, Limit>> = {
  alone: { limit: 10_480, goal: 8_192 },
  withTanStack: { limit: 20_480, goal: 20_480 },
  repositories: { limit: 11_380, goal: 9_400 },
}
