// The leak scan over everything a test run left behind. Run it last: `ARTEFACTS_DIR=… node test/leaks/scan-artefacts.ts`.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CHANNELS, findArtefacts, type ArtefactFile, type Channel } from './artefact-files.ts'
import { checkScanFinds } from './positive-control.ts'
import { createScan, type Canary, type Scan } from './scan.ts'

const root = join(fileURLToPath(import.meta.url), '..', '..', '..')

interface Row {
  files: number
  bytes: number
  hits: number
}

function main(artefacts: string | undefined): number {
  if (!artefacts) return fail('ARTEFACTS_DIR is not set: run the suites and this scan with the same one')
  const files = findArtefacts(artefacts, root)
  const rows = new Map<Channel, Row>(
    Object.values<Channel>(CHANNELS).map((channel) => [channel, { files: 0, bytes: 0, hits: 0 }]),
  )
  const scanFor = createScanCache()
  for (const file of files) {
    const bytes = readFileSync(file.path)
    const hits = scanFor(file.canaries)(bytes)
    const row = rows.get(file.channel)
    if (row === undefined) continue
    row.files += 1
    row.bytes += bytes.length
    row.hits += hits.length
    for (const hit of hits.slice(0, 5)) {
      print(`leak in ${relative(root, file.path)}: ${hit.kind} (${hit.shape}) at byte ${hit.offset}`)
    }
  }
  print(formatTable(rows))

  const canaries = new Set(
    files.flatMap((file) => file.canaries.map(({ kind, value }) => `${kind} ${value}`)),
  )
  const control = checkScanFinds(files)
  print(
    `${canaries.size} values looked for; ${control.planted} planted leaks, ${control.planted - control.missed.length} found`,
  )
  for (const what of control.missed) print(`not found: ${what}`)
  return judge(files, canaries.size, rows, control.missed.length)
}

/** Files of one stack share their values, and building a scan costs more than running it. */
function createScanCache(): (canaries: readonly Canary[]) => Scan {
  const scans = new Map<string, Scan>()
  return (canaries) => {
    const name = canaries.map(({ kind, value }) => `${kind} ${value}`).join('\n')
    const scan = scans.get(name) ?? createScan(canaries)
    scans.set(name, scan)
    return scan
  }
}

/** A scan that looked at nothing, or for nothing, proves nothing. */
function judge(
  files: readonly ArtefactFile[],
  canaries: number,
  rows: ReadonlyMap<Channel, Row>,
  missed: number,
): number {
  if (missed > 0) return fail('the scan is blind to leaks that were planted')
  for (const channel of [CHANNELS.logs, CHANNELS.answers, CHANNELS.databases]) {
    if ((rows.get(channel)?.bytes ?? 0) === 0) return fail(`there is nothing to scan: no ${channel.name}`)
  }
  if (canaries === 0) return fail('there is nothing to look for')
  const leaking = [...rows.values()].reduce((sum, { hits }) => sum + hits, 0)
  if (leaking > 0) return fail(`${leaking} leaks`)
  print(`no leaks in ${files.length} files`)
  return 0
}

function formatTable(rows: ReadonlyMap<Channel, Row>): string {
  const lines = [...rows].map(([{ name }, { files, bytes, hits }]) => [
    name,
    String(files),
    String(bytes),
    String(hits),
  ])
  return [['channel', 'files', 'bytes', 'hits'], ...lines]
    .map(([name = '', ...numbers]) => name.padEnd(12) + numbers.map((text) => text.padStart(12)).join(''))
    .join('\n')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(reason: string): number {
  process.stderr.write(`leak scan: ${reason}\n`)
  return 1
}

process.exitCode = main(process.env['ARTEFACTS_DIR'])
