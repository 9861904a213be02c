// What was measured, and how much of it was below what.

export interface Latencies {
  add(ms: number): void
  /** In milliseconds; 0 when nothing was measured. @param share e.g. 0.99 */
  percentile(share: number): number
  readonly count: () => number
}

export function createLatencies(): Latencies {
  const values: number[] = []
  return {
    add: (ms) => void values.push(ms),
    percentile(share) {
      const sorted = values.toSorted((left, right) => left - right)
      return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    },
    count: () => values.length,
  }
}

/** As the figures of a run show them. */
export function describe(name: string, latencies: Latencies): Record<string, string> {
  const show = (share: number): string => latencies.percentile(share).toFixed(1)
  return {
    [`${name} p50 (ms)`]: show(0.5),
    [`${name} p99 (ms)`]: show(0.99),
    [`${name} slowest (ms)`]: show(1),
  }
}
