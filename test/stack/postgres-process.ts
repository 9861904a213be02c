// Keeps a PostgreSQL server for the process that started this one: stops it, and removes its files, however that one ends.
// Reads lines: `restart` (an abrupt end, as of a crash, and a new start), `stall <ms>` (every process of the server stands still that
// long). Writes a line with the port each time it listens, or goes on.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { findPostgresBinaries, findUser } from './postgres-binaries.ts'

const [durability = 'fast'] = process.argv.slice(2)
const user = findUser()
const directory = mkdtempSync(join(tmpdir(), 'connect-github-postgres-'))
if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid)
const data = join(directory, 'data')
const log = join(directory, 'server.log')

let server: ChildProcess | undefined
try {
  const binaries = findPostgresBinaries(directory, user)
  const run = {
    ...user,
    cwd: directory,
    env: { LD_LIBRARY_PATH: binaries.libraryPath, PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  }
  const made = spawnSync(
    binaries.initdb,
    [
      '-D',
      data,
      '-U',
      'tester',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...run, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${String(made.error ?? '')}`)
  const port = await findFreePort()
  // What speeds up tests that are not about durability.
  const unsafe = durability === 'durable' ? [] : ['fsync=off', 'full_page_writes=off']
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=32MB',
    'wal_level=minimal',
    'max_wal_senders=0',
    ...unsafe,
  ]
  const start = async (): Promise<void> => {
    const output = openSync(log, 'a')
    server = spawn(binaries.postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...run,
      stdio: ['ignore', output, output],
    })
    await waitUntilListening(server, port)
    process.stdout.write(`${port}\n`)
  }
  await start()
  for await (const line of createInterface(process.stdin)) {
    const [command, ms] = line.split(' ')
    if (command === 'restart') {
      await stop()
      await start()
    } else if (command === 'stall') {
      await stall(Number(ms))
      process.stdout.write(`${port}\n`)
    } else throw new Error(`unknown command: ${line}`)
  }
} finally {
  // Standard input ends when whoever started this process closes it, or is gone.
  await stop()
  rmSync(directory, { recursive: true, force: true })
}

/** Abruptly: what is worth keeping is in the log of the database, and the tests' data is not. */
async function stop(): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill('SIGQUIT')
  await exited
}

/** Frozen, as by a disk that does not answer: connections stay open, and nothing comes back on them. */
async function stall(ms: number): Promise<void> {
  const pid = server?.pid
  if (pid === undefined) throw new Error('there is no server')
  // The parent first, so that no further children appear.
  process.kill(pid, 'SIGSTOP')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  for (const child of children) signal(child, 'SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, ms))
  for (const child of children) signal(child, 'SIGCONT')
  process.kill(pid, 'SIGCONT')
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** A server that recovers from a crash answers long before it takes connections. */
async function waitUntilListening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    if (await takesConnections(port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`the server did not start:\n${readFileSync(log, 'utf8')}`)
}

async function takesConnections(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'tester', database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
