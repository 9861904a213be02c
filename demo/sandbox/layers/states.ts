// States: issued with an install URL, good for 15 minutes, for one key and organization, and for one binding.

import { BoundedMap } from '../bounded-map.ts'
import type { Clock } from '../clock.ts'
import { createStateText, type RandomBytes } from '../random-text.ts'
import { LayersError } from './errors.ts'

const STATE_LIFETIME_MS = 15 * 60_000

export interface IssuedState {
  readonly state: string
  readonly key: string
  readonly organizationId: string
  readonly returnUrl: string
  readonly expiresAt: number
  readonly usedAt: number | null
}

interface Holder {
  readonly key: string
  readonly organizationId: string
}

export interface States {
  /**
   * Issues a state, made here unless the caller brings one.
   * @throws LayersError VALIDATION when the caller's state was used already or belongs to somebody else
   */
  issue(holder: Holder & { returnUrl: string; state: string | null }): IssuedState
  find(state: string): IssuedState | undefined
  markUsed(state: string): void
  list(): IssuedState[]
}

/** @param capacity how many states are remembered; older ones count as unknown. */
export function createStates(clock: Clock, randomBytes: RandomBytes, capacity: number): States {
  const issued = new BoundedMap<string, IssuedState>(capacity)

  return {
    issue({ key, organizationId, returnUrl, state }) {
      const earlier = state === null ? undefined : issued.get(state)
      // Unverified: asking again with an unused state of one's own gives it 15 new minutes, so that a caller whose
      // answer was lost may repeat the call.
      if (earlier && (earlier.usedAt !== null || !isHeldBy(earlier, { key, organizationId }))) {
        throw new LayersError('VALIDATION', 'This state was used before.', {
          details: {
            issues: [
              { path: ['state'], code: 'invalid_value', message: 'Use a new state for each install URL.' },
            ],
          },
        })
      }
      // Whole seconds, because the documented `expiresAt` ends in `.000Z` and has to be the truth.
      const expiresAt = Math.floor((clock.now() + STATE_LIFETIME_MS) / 1000) * 1000
      const text = state ?? createStateText(randomBytes)
      const fresh = { state: text, key, organizationId, returnUrl, expiresAt, usedAt: null }
      issued.delete(text)
      issued.set(text, fresh)
      return fresh
    },
    find: (state) => issued.get(state),
    markUsed(state) {
      const found = issued.get(state)
      if (found) issued.set(state, { ...found, usedAt: found.usedAt ?? clock.now() })
    },
    list: () => [...issued.values()],
  }
}

/** Whether a state was issued to this key, acting in this organization. */
export function isHeldBy(issued: IssuedState, holder: Holder): boolean {
  return issued.key === holder.key && issued.organizationId === holder.organizationId
}
