// What a benchmark is: figures of one run, beside the bars that they have to reach, and a slower build that it has to notice.
import type { Breakage } from '../stack/copied-sources.ts'

export interface BenchOptions {
  /** How often, in the benchmark's own unit. */
  readonly rounds: number
  /** Measures a copy of the BFF with this changed in it. Default: the source as it is. */
  readonly changed?: readonly Breakage[]
  /** Gets a line of progress now and then. */
  readonly report: (line: string) => void
  /** Takes what has to be cleaned up at the end, however the run ends; the last one is cleaned up first. */
  readonly onFinished: (cleanUp: () => void | Promise<void>) => void
}

export interface Bar {
  /** What is measured, with its unit. */
  readonly name: string
  readonly reached: number
  readonly bar: number
  readonly is: 'at most' | 'at least'
}

export interface BenchReport {
  readonly bars: readonly Bar[]
  /** What helps to read them; units are in the names. */
  readonly figures: Readonly<Record<string, number | string>>
}

export interface Bench {
  /** The word for the command line. */
  readonly name: string
  /** A sentence in the present tense: what is measured. */
  readonly measures: string
  readonly unit: string
  readonly rounds: number
  readonly run: (options: BenchOptions) => Promise<BenchReport>
  readonly control: {
    /** What is added to the BFF, to complete "notices …". */
    readonly added: string
    readonly changed: readonly Breakage[]
    readonly rounds: number
    /** True when the first bar's figure of the changed build shows what was added. */
    readonly isNoticed: (plain: number, changed: number) => boolean
  }
}

export const isReached = ({ reached, bar, is }: Bar): boolean =>
  is === 'at most' ? reached <= bar : reached >= bar

/** Runs a benchmark and cleans up after it. */
export async function play(bench: Bench, options: Omit<BenchOptions, 'onFinished'>): Promise<BenchReport> {
  const cleanUps: (() => void | Promise<void>)[] = []
  try {
    return await bench.run({ ...options, onFinished: (cleanUp) => void cleanUps.push(cleanUp) })
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  }
}
