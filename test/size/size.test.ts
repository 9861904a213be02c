// What a browser loads for the packed widget stays small.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installPacked } from '../stack/install-packed.ts'
import { OURS } from './entries.ts'
import { LIMITS } from './limits.ts'
import { measure } from './measure.ts'

const NAMES = ['alone', 'withTanStack', 'repositories'] as const

let directory: string
beforeAll(() => {
  directory = installPacked(['widget'])
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it.each(NAMES)('loads no more than it may: %s', async (name) => {
  const { gzip } = await measure({ ...OURS[name], directory })
  expect(gzip).toBeLessThanOrEqual(LIMITS[name].limit)
})

it('would notice a library that nobody meant to bundle', async () => {
  const { gzip } = await measure({ ...OURS.withTanStack, directory })
  expect(gzip).toBeGreaterThan(LIMITS.alone.limit)
})

it('counts the styles', async () => {
  const styles = await measure({ code: "import '@connect-github/widget/styles.css'", directory })
  expect(styles.gzip).toBeGreaterThan(500)
  const [code = ''] = OURS.alone.code.split('\n')
  const without = await measure({ ...OURS.alone, code, directory })
  const { gzip } = await measure({ ...OURS.alone, directory })
  expect(Math.abs(gzip - without.gzip - styles.gzip)).toBeLessThan(20)
})
