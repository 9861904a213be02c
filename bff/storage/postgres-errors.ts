// Turns PostgreSQL's and the driver's errors into the storage port's.
import pg from 'pg'
import { StorageError } from './storage.ts'

/** By prefix, because the first two characters are the class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const KINDS: ReadonlyArray<readonly [prefix: string, kind: StorageError['kind']]> = [
  ['53100', 'full'], // disk full
  ['53200', 'full'], // out of memory
  ['53', 'busy'], // too many connections
  ['08', 'busy'], // connection lost
  ['25006', 'busy'], // a standby, until it is promoted
  ['25P03', 'busy'], // idle in transaction for too long
  ['25P04', 'busy'], // transaction timeout
  ['28', 'busy'], // the role or its password were changed
  ['3D000', 'busy'], // the database is being replaced
  ['40', 'busy'], // deadlock, serialization
  ['55P03', 'busy'], // lock timeout
  ['57', 'busy'], // statement timeout, shutdown, crash of the server, starting up
]

/** What the driver says of a connection, without a code of its own. */
const DRIVER_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded|timeout expired|Client (was closed|has encountered)|Cannot use a pool)/

/**
 * The {@link StorageError} for an error of PostgreSQL's or of the connection to it, or the error itself: everything else is a mistake
 * in our code. Never `fatal`: the server guards its own files, and recovers by itself; stopping this process would mend nothing. When
 * the connection is lost during a commit its outcome is unknown, which is `busy` as well: whoever asked asks again, and every method
 * then finds what it did before (`existing`, `repeated`, a lease that is gone).
 */
export function toStorageError(error: unknown): unknown {
  if (error instanceof StorageError || !(error instanceof Error)) return error
  if (isConnectionLost(error)) return new StorageError('busy', { cause: error })
  if (!(error instanceof pg.DatabaseError)) return error
  const code = error.code ?? ''
  const kind = KINDS.find(([prefix]) => code.startsWith(prefix))?.[1]
  return kind === undefined ? error : new StorageError(kind, { cause: error })
}

/** The server chose this transaction to give way to another; it has changed nothing and can run again at once. */
export function isGivingWay(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** Whether there was no server, or it went away: nothing but a commit that was under way can have taken effect. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P0)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  // Node's own errors of sockets and name resolution have a code and a system call.
  return DRIVER_MESSAGES.test(error.message) || ('syscall' in error && 'code' in error)
}
