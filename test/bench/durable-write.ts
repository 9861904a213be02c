// What a durable write costs on this machine's disk: each flow makes several, whoever writes them.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLatencies } from '../faults/load/latencies.ts'

const WRITES = 100
const PAGE = Buffer.alloc(4096, 1)

/** Median of a page written and flushed, in milliseconds. */
export function measureDurableWrite(): number {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-disk-'))
  const file = openSync(join(directory, 'pages'), 'w')
  const latencies = createLatencies()
  for (let count = 0; count < WRITES; count += 1) {
    const startedAt = performance.now()
    writeSync(file, PAGE)
    fdatasyncSync(file)
    latencies.add(performance.now() - startedAt)
  }
  closeSync(file)
  rmSync(directory, { recursive: true })
  return latencies.percentile(0.5)
}
