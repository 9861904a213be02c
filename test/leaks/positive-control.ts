// Proves that the scan can find something: plants one leak of each shape in a copy of each channel's files, and looks for it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHANNELS, type ArtefactFile, type Channel } from './artefact-files.ts'
import { encodeLeaks } from './encodings.ts'
import { createScan, type Canary } from './scan.ts'

export interface ControlResult {
  readonly planted: number
  /** What was planted and not found, in words. */
  readonly missed: readonly string[]
}

/** Values nobody uses, so that whatever is found was planted. */
const CONTROLS: readonly Canary[] = [
  {
    kind: 'key',
    value: `lp_test_CONTROL0000000001_${'Qw3rTy_-9zXcVbN7mLkJhGfDsA1pOiUyTrEwQ4567890a'.slice(0, 43)}`,
  },
  { kind: 'token', value: 'ghu_c0nTr0lT0k3n0123456789abcdefghijklmnop' },
  { kind: 'state', value: 'c0nTr0l-5tAt3_0123456789abcdefgh' },
  { kind: 'installation', value: '987654321' },
]
/** Enough of a file to plant in. */
const COPY_BYTES = 64 * 1024

/** @param findHits how the scan reads a file; given so that a test can show that a blind one is noticed. */
export function checkScanFinds(
  files: readonly ArtefactFile[],
  findHits: typeof findInFile = findInFile,
): ControlResult {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-leaks-'))
  try {
    const outcomes = Object.values<Channel>(CHANNELS).flatMap((channel) =>
      plantAll(channel, files, directory, findHits),
    )
    return {
      planted: outcomes.length,
      missed: outcomes.filter(({ isFound }) => !isFound).map(({ what }) => what),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** How often `canary` is found in a file, in whatever encoding: some look alike. */
export function findInFile(path: string, canary: Canary): number {
  return createScan([canary])(readFileSync(path)).length
}

function plantAll(
  channel: Channel,
  files: readonly ArtefactFile[],
  directory: string,
  findHits: typeof findInFile,
): { readonly what: string; readonly isFound: boolean }[] {
  const sample = files.find((file) => file.channel === channel)
  const original =
    sample === undefined ? Buffer.from('nothing was left behind here\n') : readFileSync(sample.path)
  const copy = original.subarray(0, COPY_BYTES)
  return CONTROLS.filter(({ kind }) => channel.forbidden.includes(kind)).flatMap((canary) =>
    encodeLeaks(canary.value, canary.kind === 'key').map(({ shape, bytes }) => {
      const path = join(directory, 'planted')
      writeFileSync(path, plant(copy, bytes))
      return {
        what: `${channel.name}: ${canary.kind}, ${shape}`,
        isFound: findHits(path, canary) > 0,
      }
    }),
  )
}

/** In the middle, as a word of its own. */
function plant(copy: Buffer, leak: Buffer): Buffer {
  const middle = Math.floor(copy.length / 2)
  const space = Buffer.from(' ')
  return Buffer.concat([copy.subarray(0, middle), space, leak, space, copy.subarray(middle)])
}
