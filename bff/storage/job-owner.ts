// Names the owner of a lease on binding jobs, and tells whether such an owner is gone for good.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

// Owners that live in this very process. Without them, two BFFs in one process would each take the other for a dead
// predecessor with the same process id.
const ownersHere = new Set<string>()

/** A new owner name, `host/pid/random`. Alive for as long as this process is. */
export function createJobOwner(): string {
  const owner = `${hostname()}/${process.pid}/${randomBytes(9).toString('base64url')}`
  ownersHere.add(owner)
  return owner
}

/**
 * Returns a function that says whether an owner is certainly gone, so that what it held can be taken at once: after a
 * crash and restart an accepted return is then settled within seconds, and not only when the lease runs out.
 *
 * Gone means: of this host, and its process does not exist, or it had our own process id without being one of us (in a
 * container each start has process id 1). Everything else, an unreadable name or another host included, is not gone,
 * and its lease decides. Processes that share a database file must therefore not share a host name across process id
 * namespaces.
 *
 * @param self - This process's own owner, as {@link createJobOwner} made it.
 */
export function isOwnerGone(self: string): (owner: string) => boolean {
  ownersHere.add(self)
  return (owner) => {
    const parsed = parseOwner(owner)
    if (parsed === undefined || parsed.host !== hostname()) return false
    if (parsed.pid === process.pid) return !ownersHere.has(owner)
    return !isProcessAlive(parsed.pid)
  }
}

function parseOwner(owner: string): { host: string; pid: number } | undefined {
  const match = /^([^/]+)\/([1-9]\d{0,9})\/[A-Za-z0-9_-]+$/.exec(owner)
  if (match?.[1] === undefined) return undefined
  return { host: match[1], pid: Number(match[2]) }
}

function isProcessAlive(pid: number): boolean {
  try {
    // Signal 0 sends nothing and only checks: https://nodejs.org/api/process.html#processkillpid-signal
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Only ESRCH says that there is no such process; EPERM says that there is one.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
