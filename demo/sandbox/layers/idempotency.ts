// `Idempotency-Key`: same key and body give the stored answer for 24 hours (/docs/api/getting-started/common-patterns).

import { createHash } from 'node:crypto'
import { BoundedMap } from '../bounded-map.ts'
import type { Answer, Call } from './answer.ts'
import { answerLayersError, createValidationError, LayersError } from './errors.ts'

const LIFETIME_MS = 24 * 60 * 60_000
const CAPACITY = 10_000

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i

interface StoredAnswer {
  readonly bodyHash: string
  readonly answer: Answer
  readonly storedAt: number
}

export type IdempotencyRecords = Map<string, StoredAnswer>

export function createIdempotencyRecords(): IdempotencyRecords {
  return new BoundedMap(CAPACITY)
}

/**
 * Runs a handler once per `Idempotency-Key`. What the handler decided is stored, refusals included; what was refused
 * before it (401, 403, 429, 503) is not.
 * @throws LayersError VALIDATION for a key that is neither a version 4 UUID nor a ULID, IDEMPOTENCY_CONFLICT for another body
 */
export function runIdempotently(call: Call, endpoint: string, handle: (call: Call) => Answer): Answer {
  const idempotencyKey = call.headers['idempotency-key']
  if (idempotencyKey === undefined) return handle(call)
  if (!UUID_V4.test(idempotencyKey) && !ULID.test(idempotencyKey)) {
    throw createValidationError('Idempotency-Key must be a version 4 UUID or a ULID.', [
      { path: ['Idempotency-Key'], code: 'invalid_value', message: 'Not a version 4 UUID or a ULID.' },
    ])
  }
  const records = call.world.idempotencyRecords
  // Records are separate per key and endpoint; that they are separate per organization too is unverified.
  const name = `${call.key.key} ${call.organization.id} ${endpoint} ${idempotencyKey}`
  const bodyHash = createHash('sha256').update(call.bodyText).digest('base64')
  const stored = records.get(name)
  if (stored && call.world.clock.now() < stored.storedAt + LIFETIME_MS) {
    if (stored.bodyHash === bodyHash) return stored.answer
    throw new LayersError('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used with another body.')
  }
  const answer = runToAnswer(call, handle)
  records.delete(name)
  records.set(name, { bodyHash, answer, storedAt: call.world.clock.now() })
  return answer
}

function runToAnswer(call: Call, handle: (call: Call) => Answer): Answer {
  try {
    return handle(call)
  } catch (error) {
    if (error instanceof LayersError) return answerLayersError(error, call.requestId)
    throw error
  }
}
