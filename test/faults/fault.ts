// What a fault run is: something is done to the BFF many times, figures come out, and a target is held or missed.
import type { Breakage } from '../stack/copied-sources.ts'

export interface FaultOptions {
  /** How often, in the fault's own unit. */
  readonly rounds: number
  /** Everything random in the run follows from it, as far as processes and clocks allow. */
  readonly seed: number
  /** Plays a copy of the BFF with this broken in it. Default: the source as it is. */
  readonly broken?: readonly Breakage[]
  /** Gets a line of progress now and then. */
  readonly report: (line: string) => void
  /** Takes what has to be cleaned up when the run has ended, however it ends; the last one is cleaned up first. */
  readonly onFinished: (cleanUp: () => void | Promise<void>) => void
}

export interface FaultReport {
  /** What was counted and measured, in the order in which it is printed; units are in the names. */
  readonly figures: Readonly<Record<string, number | string>>
  /** A sentence for each target that was missed; empty when all were held. */
  readonly misses: readonly string[]
}

export interface FaultControl {
  /** What is taken out of the BFF, to complete "notices when … is taken out". */
  readonly takenOut: string
  readonly broken: readonly Breakage[]
  /** What one of the misses has to say. */
  readonly miss: RegExp
  /** Default: the fault's short size. */
  readonly rounds?: number
  /** True when it needs more time, or a quieter machine, than `npm test` has: played by the fault's own command alone. Default false. */
  readonly isLong?: boolean
}

/** A tool that some machines lack, or do not let anybody use. */
export interface NeededTool {
  /** Why the run has to be left out on this machine, and the cure; undefined when it can be done. */
  findObstacle(): string | undefined
  /** Brings the tool where that is possible. Takes its time. */
  install(): void
}

export interface Fault {
  /** The word for the command line. */
  readonly name: string
  /** A sentence in the present tense: what holds under the fault. */
  readonly holds: string
  /** Without it the run is left out, and says so. Default: every machine will do. */
  readonly needs?: NeededTool
  /** What is counted: `kills`, `rounds`, `requests`, `seconds`. */
  readonly unit: string
  /** How much of it `npm test` does, and how much the fault's own command. */
  readonly size: { readonly short: number; readonly long: number }
  readonly run: (options: FaultOptions) => Promise<FaultReport>
  /** At least one: the same run has to miss its target then. */
  readonly controls: readonly FaultControl[]
}

/** Runs a fault and cleans up after it. */
export async function play(
  fault: Pick<Fault, 'run'>,
  options: Omit<FaultOptions, 'onFinished'>,
): Promise<FaultReport> {
  const cleanUps: (() => void | Promise<void>)[] = []
  try {
    return await fault.run({ ...options, onFinished: (cleanUp) => void cleanUps.push(cleanUp) })
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  }
}
