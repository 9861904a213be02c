// The faults that are put into a BFF's calls to the kernel, and how each of them is written for strace.

/** What goes wrong. `refused`: no space is left. `late`: a sync takes 300 ms. */
export const KINDS = ['failed', 'refused', 'late', 'killed'] as const
export type Kind = (typeof KINDS)[number]

export interface Injection {
  readonly kind: Kind
  /** From 1. The call at which it begins, counted in the thread that uses the store, from the moment when the store is opened. */
  readonly call: number
}

const LATE_MICROSECONDS = 300_000
const LATE_CALLS = 6
/** A request that is refused has made one call: so many are, one after the other, before there is room again. */
const REFUSED_CALLS = 20
/** A commit syncs once and writes a dozen times, so this reaches as far into the traffic. */
const WRITES_PER_SYNC = 6
/** The last call of the long version. */
const LAST_CALL = 40

/** The first `count` of them, each kind in turn; every kind's calls are spread from early to the fortieth. */
export function planInjections(count: number): readonly Injection[] {
  const perKind = Math.ceil(count / KINDS.length)
  return Array.from({ length: perKind }, (_, step) =>
    KINDS.map((kind) => ({ kind, call: Math.round((LAST_CALL * (step + 1)) / perKind) })),
  )
    .flat()
    .slice(0, count)
}

/** The value of strace's `-e inject=`. */
export function describeInjection({ kind, call }: Injection): string {
  const firstWrite = call * WRITES_PER_SYNC
  switch (kind) {
    case 'failed':
      return `fsync,fdatasync:error=EIO:when=${call}`
    case 'refused':
      return `pwrite64:error=ENOSPC:when=${firstWrite}..${firstWrite + REFUSED_CALLS - 1}`
    case 'late':
      return `fsync,fdatasync:delay_enter=${LATE_MICROSECONDS}:when=${call}..${call + LATE_CALLS - 1}`
    case 'killed':
      return `fsync,fdatasync:signal=SIGKILL:when=${call}`
  }
}
