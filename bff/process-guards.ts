// The last resort of `connect-github-bff`: what nothing else has caught ends the process, with one line that holds no secret.
import type { Log } from './log.ts'

/**
 * Node itself would print the error's message, which may quote what it choked on; the log shows its name, code and frames. A promise
 * that nobody handles arrives here as well (https://nodejs.org/api/process.html#event-uncaughtexception).
 */
export function exitOnUncaught(log: Pick<Log, 'error'>): void {
  process.on('uncaughtException', (error, origin) => {
    log.error('crashed', { error, reason: origin })
    process.exit(1)
  })
}

/**
 * Whoever reads the log may go away (EPIPE): customers are served all the same, and nothing is written about not being able to write,
 * because that fails as well.
 */
export function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
