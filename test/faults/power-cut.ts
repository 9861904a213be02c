// Power cut: everything a store wrote without having it synced is gone, in whole or in part, at any moment of its work.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, readSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Fault } from './fault.ts'
import { checkImage } from './power-cut/check-image.ts'
import { createDisk, SURVIVALS } from './power-cut/disk.ts'
import { promiseSchema, type StorePromise } from './power-cut/promises.ts'
import { readTrace, TRACED_CALLS, type DiskEvent } from './power-cut/read-trace.ts'
import { STRACE } from './strace.ts'
import { createRandom, type Random } from './traffic/random.ts'

const WRITER = fileURLToPath(new URL('power-cut/writer-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))
const STANDARD_OUTPUT = 1
/** Longer than anything that is written at once. */
const LONGEST_TEXT = 1_048_576
/** So many that in the long version the write-ahead log is begun anew several times. */
const RETURNS_PER_CUT = 0.8

export const powerCut: Fault = {
  name: 'power-cut',
  holds: 'loses no acknowledged return and no key in a power cut, and leaves a sound database',
  needs: STRACE,
  unit: 'cuts',
  size: { short: 25, long: 500 },
  async run({ rounds, seed, broken, report, onFinished }) {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'connect-github-power-cut-')))
    onFinished(() => rmSync(directory, { recursive: true, force: true }))
    const source = broken === undefined ? BFF_DIRECTORY : copyBroken(broken, onFinished)
    const root = join(directory, 'disk')
    const returns = Math.ceil(rounds * RETURNS_PER_CUT)
    const events = await traceWriter({
      directory,
      source,
      file: join(root, 'made', 'connect-github.db'),
      returns,
    })
    report(`${returns} returns in ${events.length} calls`)

    const random = createRandom(seed)
    const disk = createDisk(directory)
    const promises: StorePromise[] = []
    const counts = { checked: 0, lost: 0, cutsWithLoss: 0, damaged: 0 }
    const damages = new Set<string>()
    const cuts = chooseCuts(events, rounds, random)
    for (const [position, event] of events.entries()) {
      if (event.did === 'write' && event.descriptor === STANDARD_OUTPUT)
        promises.push(readPromise(event.bytes))
      else disk.apply(event)
      for (let times = cuts.get(position) ?? 0; times > 0; times -= 1) {
        const image = mkdtempSync(join(directory, 'image-'))
        disk.cutInto(image, SURVIVALS[counts.checked % SURVIVALS.length] ?? 'none', random)
        const { lost, damage } = await checkImage(join(image, 'disk', 'made', 'connect-github.db'), promises)
        rmSync(image, { recursive: true })
        counts.checked += 1
        counts.lost += lost
        if (lost > 0) counts.cutsWithLoss += 1
        if (damage.length > 0) counts.damaged += 1
        for (const line of damage) damages.add(line)
        if (counts.checked % 100 === 0) report(`${counts.checked} cuts`)
      }
    }
    return {
      figures: {
        cuts: counts.checked,
        'returns accepted in all': returns,
        'calls that changed files': events.length,
        syncs: events.filter(({ did }) => did === 'sync').length,
        'promises lost, over all cuts': counts.lost,
        'cuts that lost something': counts.cutsWithLoss,
        'databases that were damaged': counts.damaged,
      },
      misses: [
        ...(counts.lost === 0
          ? []
          : [`${counts.cutsWithLoss} of ${counts.checked} cuts lost what was acknowledged`]),
        ...(counts.damaged === 0
          ? []
          : [`${counts.damaged} databases were damaged: ${[...damages].join('; ')}`]),
      ],
    }
  },
  controls: [
    {
      takenOut: 'synchronous=FULL, and the check that it is in force',
      broken: [
        { file: 'storage/sqlite-connection.ts', from: "    db.pragma('synchronous = FULL')\n", to: '' },
        { file: 'storage/sqlite.ts', from: '  checkDurability(db)\n', to: '' },
      ],
      miss: /cuts lost what was acknowledged/,
    },
    {
      takenOut: 'the syncing of directories',
      broken: [{ file: 'sync-directory.ts', from: '      fsyncSync(descriptor)\n', to: '' }],
      miss: /cuts lost what was acknowledged/,
    },
  ],
}

/** Every call of the thread that uses the store, in the order of its calls: SQLite is synchronous, and so are the promises. */
async function traceWriter({
  directory,
  source,
  file,
  returns,
}: {
  readonly directory: string
  readonly source: string
  readonly file: string
  readonly returns: number
}): Promise<readonly DiskEvent[]> {
  const trace = join(directory, 'trace')
  const watched = [
    '-qq',
    '-ff',
    '-xx',
    '-s',
    String(LONGEST_TEXT),
    '-e',
    `trace=execve,${TRACED_CALLS}`,
    '-o',
    trace,
  ]
  const writer = [process.execPath, WRITER, source, file, String(returns)]
  const child = spawn('strace', [...watched, ...writer], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdout.resume()
  const [code]: unknown[] = await once(child, 'close')
  if (code !== 0) throw new Error(`the writer failed:\n${errors}`)
  return readTrace(findMainTrace(directory))
}

/** Each thread has a file of its own, and the first one began with the program. */
function findMainTrace(directory: string): string {
  const traces = readdirSync(directory).filter((name) => name.startsWith('trace.'))
  const main = traces.find((name) => readFirstBytes(join(directory, name)).startsWith('execve('))
  if (main === undefined) throw new Error('strace wrote no trace of the main thread')
  return join(directory, main)
}

function readFirstBytes(file: string): string {
  const bytes = Buffer.alloc(16)
  const descriptor = openSync(file, 'r')
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

/** How often to cut after which call. Half of the cuts are where it matters most: right after a promise, or around a sync. */
function chooseCuts(
  events: readonly DiskEvent[],
  count: number,
  random: Random,
): ReadonlyMap<number, number> {
  const critical = [...events.entries()].flatMap(([position, event]) => {
    if (event.did === 'sync') return [position - 1, position]
    return event.did === 'write' && event.descriptor === STANDARD_OUTPUT ? [position] : []
  })
  const cuts = new Map<number, number>()
  for (let chosen = 0; chosen < count; chosen += 1) {
    const position = chosen % 2 === 0 ? random.pick(critical) : random.below(events.length)
    cuts.set(position, (cuts.get(position) ?? 0) + 1)
  }
  return cuts
}

function readPromise(bytes: Buffer): StorePromise {
  return promiseSchema.parse(JSON.parse(bytes.toString()))
}
