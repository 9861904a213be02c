// Which files a test run leaves behind, by channel, and what must not be in each.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCanaryKind, type Canary, type CanaryKind } from './scan.ts'

export interface Channel {
  readonly name: string
  /** Keys and tokens are forbidden everywhere. GitHub's own pages and URLs have to carry state and id. */
  readonly forbidden: readonly CanaryKind[]
}

/** A file, and the values that were in use when it was written. */
export interface ArtefactFile {
  readonly channel: Channel
  readonly path: string
  readonly canaries: readonly Canary[]
}

const EVERYTHING: readonly CanaryKind[] = ['key', 'token', 'state', 'installation']

export const CHANNELS = {
  logs: { name: 'logs', forbidden: EVERYTHING },
  answers: { name: 'answers', forbidden: EVERYTHING },
  databases: { name: 'databases', forbidden: EVERYTHING },
  metrics: { name: 'metrics', forbidden: EVERYTHING },
  errors: { name: 'errors', forbidden: EVERYTHING },
  crashes: { name: 'crashes', forbidden: ['key', 'token'] },
  pages: { name: 'pages', forbidden: ['key', 'token'] },
  reports: { name: 'reports', forbidden: ['key', 'token'] },
  logFiles: { name: 'log files', forbidden: ['key', 'token', 'state'] },
  bundles: { name: 'bundles', forbidden: ['key', 'token'] },
  packages: { name: 'packages', forbidden: ['key', 'token'] },
} as const satisfies Record<string, Channel>

/** Below the artefacts: the packages as `npm pack` makes them. */
export const PACKAGES = 'packages'
const BUNDLES = ['widget/dist', 'bff/dist', 'demo/dist', 'demo/sandbox/dist']
const NOT_OURS = new Set(['node_modules', '.git'])

/**
 * @param artefacts the directory the test command gave to the suites.
 * @param root the repository.
 */
export function findArtefacts(artefacts: string, root: string): readonly ArtefactFile[] {
  const stacks = existsSync(artefacts)
    ? readdirSync(artefacts)
        .filter((name) => name.startsWith('stack-'))
        .map((name) => join(artefacts, name))
    : []
  const byStack = new Map(
    stacks.map((directory) => [directory, readCanaries(join(directory, 'canaries.jsonl'))]),
  )
  const all = [...byStack.values()].flat()
  const inChannel = (
    channel: Channel,
    paths: readonly string[],
    canaries: readonly Canary[],
  ): ArtefactFile[] =>
    paths.map((path) => ({
      channel,
      path,
      canaries: canaries.filter(({ kind }) => channel.forbidden.includes(kind)),
    }))

  const ofStacks = [...byStack].flatMap(([directory, canaries]) => [
    ...inChannel(CHANNELS.logs, existing(join(directory, 'logs.txt')), canaries),
    ...inChannel(CHANNELS.answers, existing(join(directory, 'answers.txt')), canaries),
    ...inChannel(CHANNELS.pages, existing(join(directory, 'pages.txt')), canaries),
    ...inChannel(CHANNELS.metrics, existing(join(directory, 'metrics.txt')), canaries),
    ...inChannel(CHANNELS.errors, existing(join(directory, 'errors.txt')), canaries),
    ...inChannel(CHANNELS.databases, listFiles(join(directory, 'databases')), canaries),
    ...inChannel(CHANNELS.crashes, listFiles(join(directory, 'crashes')), canaries),
  ])
  const reports = listFiles(artefacts).filter((path) => path.endsWith('.json') && !isBelow(path, stacks))
  const logFiles = [...new Set([...listFiles(artefacts), ...listFiles(root)])].filter((path) =>
    path.endsWith('.log'),
  )
  const bundles = BUNDLES.flatMap((directory) => listFiles(join(root, directory)))
  const packages = listFiles(join(artefacts, PACKAGES))
  return [
    ...ofStacks,
    ...inChannel(CHANNELS.reports, reports, all),
    ...inChannel(CHANNELS.logFiles, logFiles, all),
    ...inChannel(CHANNELS.bundles, bundles, all),
    ...inChannel(CHANNELS.packages, packages, all),
  ]
}

/** One line a value: `{"kind": …, "value": …}`. The same value may be noted twice. */
function readCanaries(file: string): readonly Canary[] {
  if (!existsSync(file)) return []
  const lines = [...new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))]
  return lines.map((line) => parseCanary(line, file))
}

function parseCanary(line: string, file: string): Canary {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && 'value' in parsed) {
    const { kind, value } = parsed
    if (isCanaryKind(kind) && typeof value === 'string') return { kind, value }
  }
  throw new Error(`${file} holds a line that is no canary`)
}

function existing(path: string): string[] {
  return existsSync(path) ? [path] : []
}

function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path.startsWith(`${directory}/`))
}

function listFiles(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(path)
    return entry.isFile() ? [path] : []
  })
}
