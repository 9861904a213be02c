// npm run size: what a browser loads for us and for the peers, measured in the same way, as a table for the README.
import { rmSync } from 'node:fs'
import { installPacked } from '../stack/install-packed.ts'
import { FURTHER, OURS, PEERS, type Entry } from './entries.ts'
import { LIMITS } from './limits.ts'
import { measure, type Size } from './measure.ts'
import { installPeers, nameWithVersion } from './peers.ts'

const show = (bytes: number): string => bytes.toLocaleString('en-US')

function print(title: string, { raw, gzip, brotli }: Size, loads = 'nothing'): void {
  process.stdout.write(`| ${title} | ${show(raw)} | ${show(gzip)} | ${show(brotli)} | ${loads} |\n`)
}

async function printAll(directory: string, entries: readonly Entry[]): Promise<void> {
  for (const { title, loads, ...entry } of entries)
    print(nameWithVersion(title), await measure({ ...entry, directory }), loads)
}

const ours = installPacked(['widget'])
const peers = process.argv.includes('--ours') ? undefined : installPeers()
try {
  process.stdout.write(
    '| bytes, React left out | minified | gzip −9 | brotli 11 | loads besides, at run time |\n',
  )
  process.stdout.write('| --- | ---: | ---: | ---: | --- |\n')
  await printAll(ours, [...Object.values(OURS), ...FURTHER])
  if (peers !== undefined) await printAll(peers, PEERS)
  for (const name of ['alone', 'withTanStack', 'repositories'] as const) {
    const { gzip } = await measure({ ...OURS[name], directory: ours })
    const { limit, goal } = LIMITS[name]
    const where = gzip <= goal ? 'reached' : `${show(gzip - goal)} above it`
    process.stdout.write(
      `\n${name}: ${show(gzip)} bytes; goal ${show(goal)}, ${where}; limit ${show(limit)}\n`,
    )
    if (gzip > limit) process.exitCode = 1
  }
} finally {
  for (const directory of [ours, peers]) if (directory !== undefined) rmSync(directory, { recursive: true })
}
