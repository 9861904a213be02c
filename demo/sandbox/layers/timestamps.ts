// The second of the two documented timestamp shapes: microseconds and a numeric offset.

import type { RandomBytes } from '../random-text.ts'

/** E.g. `2026-04-18T19:14:09.123456+00:00`. The clock counts milliseconds, so the last three digits are random. */
export function toMicrosecondTimestamp(epochMs: number, randomBytes: RandomBytes): string {
  const [high = 0, low = 0] = randomBytes(2)
  const microseconds = String((high * 256 + low) % 1000).padStart(3, '0')
  return new Date(epochMs).toISOString().replace('Z', `${microseconds}+00:00`)
}
