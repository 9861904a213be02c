// The short version of a fault run as tests: the target is held, and missed as soon as the protection is taken out.
import { describe, expect, it } from 'vitest'
import { play, type Fault } from './fault.ts'

const SEED = 20261121
const TIMEOUT_MS = 120_000

export function testFault(fault: Fault): void {
  const obstacle = fault.needs?.findObstacle()
  // A test that is only skipped is easily overlooked.
  if (obstacle !== undefined) process.stderr.write(`LEFT OUT: ${fault.name}: ${obstacle}\n`)

  const controls = fault.controls.filter(({ isLong = false }) => !isLong)

  describe.skipIf(obstacle !== undefined)(`${fault.name}: ${fault.size.short} ${fault.unit}`, () => {
    it.each([fault.holds])('%s', { timeout: TIMEOUT_MS }, async () => {
      const { misses } = await play(fault, { rounds: fault.size.short, seed: SEED, report: ignore })
      expect(misses).toEqual([])
    })

    it.each(controls.map((control) => [control.takenOut, control] as const))(
      'notices when %s is taken out',
      { timeout: TIMEOUT_MS },
      async (_takenOut, { broken, miss, rounds = fault.size.short }) => {
        const { misses } = await play(fault, { rounds, seed: SEED, broken, report: ignore })
        expect(misses).toContainEqual(expect.stringMatching(miss))
      },
    )
  })
}

function ignore(): void {}
