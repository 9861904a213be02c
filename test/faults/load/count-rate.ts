// How many calls came in any stretch of time.

/** The most of these instants that lie within any `windowMs`. */
export function findPeak(instants: readonly number[], windowMs: number): number {
  const sorted = instants.toSorted((left, right) => left - right)
  let [first, peak] = [0, 0]
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - windowMs) first += 1
    peak = Math.max(peak, last - first + 1)
  }
  return peak
}
