// The systemd unit: systemd itself understands it, and it gives a stop the time that a stop may take.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { variablesSchema } from '../../bff/config-schema.ts'
import { ROOT } from './source-files.ts'

const UNIT = 'connect-github-bff.service'
const unit = readFileSync(join(ROOT, 'bff', UNIT), 'utf8')
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

function valueOf(name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
}

it.skipIf(!hasSystemd)('is understood by systemd (left out where there is none)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-unit-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, UNIT)
  // What it starts has to be there to be verified.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath))
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

it('waits longer than the longest delay and the hard stop together', () => {
  const longestDelaySeconds = 60
  expect(variablesSchema.shape.DRAIN_SECONDS.safeParse(String(longestDelaySeconds)).success).toBe(true)
  expect(variablesSchema.shape.DRAIN_SECONDS.safeParse(String(longestDelaySeconds + 1)).success).toBe(false)
  expect(Number(valueOf('TimeoutStopSec'))).toBeGreaterThan(longestDelaySeconds + 20)
})

it('is started again however long what it needs is away', () => {
  expect(valueOf('Restart')).toBe('on-failure')
  expect(valueOf('StartLimitIntervalSec')).toBe('0')
})

it('keeps the partner key out of the environment, and the process’s memory off the disk', () => {
  expect(unit).not.toMatch(/LAYERS_API_KEY=/)
  expect(valueOf('LoadCredential')).toBe('layers-api-key:/etc/connect-github/layers-api-key')
  expect(unit).toContain('Environment=LAYERS_API_KEY_FILE=%d/layers-api-key\n')
  expect(valueOf('LimitCORE')).toBe('0')
})
