// Whether a process grows: the slope of its memory over time.

export interface MemorySample {
  readonly atMs: number
  readonly bytes: number
}

/** Bytes per millisecond, by least squares; 0 for fewer than two samples. */
export function slopeOf(samples: readonly MemorySample[]): number {
  const count = samples.length
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count
  const meanBytes = samples.reduce((sum, { bytes }) => sum + bytes, 0) / count
  let [covariance, variance] = [0, 0]
  for (const { atMs, bytes } of samples) {
    covariance += (atMs - meanAt) * (bytes - meanBytes)
    variance += (atMs - meanAt) ** 2
  }
  return variance === 0 || count < 2 ? 0 : covariance / variance
}
